from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.ecr import Repository
from awsaudit_checks.ecr.share import OF_REGISTRY, SET, exposures
from awsaudit_checks.exposed import public_problems


@check(
    "ecr-repository-policy-public",
    title="Private repositories grant nothing to the public",
    severity=Severity.CRITICAL,
    uses=(*ZONE, *OF_REGISTRY),
    remediation=Remediation(
        text="Name who may pull in the repository's policy, or bind the statement to your organization.",
        cli=SET,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    ),
    equivalents=("prowler:ecr_repositories_not_publicly_accessible",),
)
def repository_policy_public(repository: Repository, account: Inventory) -> Iterator[Problem]:
    """
    Anybody with an AWS account can then pull your images, or replace what your clusters run. The registry's policy counts as
    well, unless its scope is V1. A statement for everybody passes where its conditions, or a Deny, leave only your account,
    your organization or a private network.
    """
    for asked, found, mend in exposures(repository, account):
        yield from public_problems(asked, found, account, mend)
