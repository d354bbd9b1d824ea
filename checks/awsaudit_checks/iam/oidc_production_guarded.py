from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, check
from awsaudit.access import BUCKETS, REPOSITORIES, RIGHTS, SECRETS, answer, question, settled
from awsaudit.access.subject import Width
from awsaudit.declare import Resource
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.ecr import Repository
from awsaudit.resources.iam import Role
from awsaudit.resources.s3 import Bucket
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.iam.ci import subject_of, way_of, widest_ci


_WANTED: Final[tuple[tuple[type[Resource], str, str, str], ...]] = (
    (Secret, "secretsmanager:GetSecretValue", "", "reads"),
    (Bucket, "s3:PutObject", "/*", "writes to"),
    (Repository, "ecr:PutImage", "", "pushes to"),
)


@check(
    "iam-oidc-production-guarded",
    title="CI reaches production from named branches and environments only",
    severity=Severity.HIGH,
    uses=(*RIGHTS, *SECRETS, *BUCKETS, *REPOSITORIES, Bucket.tags, Secret.deleted),
    remediation=Remediation(
        text="Let the role take the tokens of one environment, whose reviewers approve its runs, or of one protected branch, "
        "and give pull requests a role of their own that reaches nothing of production.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
)
def oidc_production_guarded(role: Role, account: Inventory) -> Iterator[Problem]:
    """
    A role that takes any branch or pull request of a repository lets whoever may push a branch act in production, and no
    review stands in between. Asked is what of production the role reaches: secrets, buckets and image repositories, by their
    tags or names. A subject that fixes branch, environment or phase passes; whether that asks for a review is the provider's.
    """
    taken = widest_ci(role, account)
    if taken.width <= Width.FIXED:
        return
    reached = next(_production(role, account), None)
    if reached:
        words, hop = reached
        yield Problem(
            f"{subject_of(taken)} {words} of production, from any branch",
            expected="one branch, environment or phase",
            found=", ".join(taken.values("sub")) or "no subject",
            severity=Severity.CRITICAL if taken.width >= Width.OWNER else None,
            path=(*way_of(taken, role), hop),
        )


def _production(role: Role, account: Inventory) -> Iterator[tuple[str, Hop]]:
    """Yield what of production *role* reaches; raise at the end where not everything could be seen."""
    hidden: EvidenceMissing | None = None
    for kind, action, below, verb in _WANTED:
        for resource in account.seen(kind):
            if isinstance(resource, Secret | Bucket | Repository) and _is_production(resource, account):
                decision = answer(question(action, resource, account, below=below), role, account)
                if settled(decision):
                    name = resource.name
                    yield f"{verb} {name}", Hop(resource.arn, kind.type, f"{action}: {decision.allowed_by[0]}")
        try:
            account.every(kind)
        except EvidenceMissing as missing:
            hidden = hidden or missing
    if hidden:
        raise hidden


def _is_production(resource: Secret | Bucket | Repository, account: Inventory) -> bool:
    if isinstance(resource, Secret) and resource.deleted:
        return False
    tags = {} if isinstance(resource, Repository) else resource.tags

    return account.target.trust.is_production(resource.name, tags)
