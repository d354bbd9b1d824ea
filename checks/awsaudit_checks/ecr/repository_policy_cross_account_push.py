from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Opening
from awsaudit.resources.ecr import Repository
from awsaudit_checks.ecr.share import OF_REGISTRY, SET, exposures
from awsaudit_checks.exposed import ways
from awsaudit_checks.repair import narrowed, with_actions


_PUSHING: Final = (
    "ecr:PutImage",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:BatchDeleteImage",
    "ecr:DeleteRepository",
    "ecr:SetRepositoryPolicy",
    "ecr:DeleteRepositoryPolicy",
    "ecr:PutLifecyclePolicy",
    "ecr:PutImageTagMutability",
)
_PULLING: Final = (
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
    "ecr:DescribeImages",
    "ecr:ListImages",
)


@check(
    "ecr-repository-policy-cross-account-push",
    title="Other accounts may pull but not push",
    severity=Severity.HIGH,
    uses=(*ZONE, *OF_REGISTRY),
    remediation=Remediation(
        text="Allow other accounts to pull only, or name the role that pushes under [trust] ci-roles.",
        cli=SET,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html",
    ),
)
def repository_policy_cross_account_push(repository: Repository, account: Inventory) -> Iterator[Problem]:
    """
    Whoever may push from another account, a known one too, decides what your clusters run, without your builds and reviews.
    Accounts that pull pass, and so do roles under ``[trust] ci-roles`` and the accounts that these name. What is open to
    everybody is reported by ecr-repository-policy-public.
    """
    every = list(exposures(repository, account, actions=_PUSHING))
    if not every:
        raise NotApplicable("it has no policy")
    for asked, found, mend in every:
        openings = [o for o in found.cross_account if not _is_ci(o, account.target.trust.ci_roles)]
        left = {o.statement.number: narrowed(o.statement, _PUSHING, _PULLING) for o in openings}
        mended = with_actions(asked.document or {}, left)
        yield from ways(asked, openings, mend, mended, expected="pulling only")


def _is_ci(opening: Opening, roles: tuple[str, ...]) -> bool:
    caller = opening.witness.principal
    return any(fnmatchcase(caller.arn, role) or role.split(":")[4] == caller.account for role in roles)
