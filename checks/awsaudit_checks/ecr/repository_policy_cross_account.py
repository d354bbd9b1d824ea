from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.ecr import Repository
from awsaudit_checks.ecr.share import OF_REGISTRY, SET, exposures
from awsaudit_checks.exposed import stranger_problems


@check(
    "ecr-repository-policy-cross-account",
    title="Repositories are shared only with known accounts",
    severity=Severity.HIGH,
    uses=(*ZONE, *OF_REGISTRY),
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli=SET,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html",
    ),
)
def repository_policy_cross_account(repository: Repository, account: Inventory) -> Iterator[Problem | Note]:
    """
    An account that nobody knows pulls your images, with whatever is built into them, or pushes its own. The registry's policy
    counts as well, unless its scope is V1. Your own account, those of your organization and those under ``[trust]`` pass.
    """
    every = list(exposures(repository, account))
    beside = any(opening.known is False for _, found, _ in every for opening in found.cross_account)
    for asked, found, mend in every:
        yield from stranger_problems(asked, found, account, mend, beside=beside)
