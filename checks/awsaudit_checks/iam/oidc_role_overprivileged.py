from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, check
from awsaudit.access import is_administrator, may, settled, unread_controls
from awsaudit.access.subject import Width
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.candidate import CANDIDATES
from awsaudit_checks.iam.ci import subject_of, way_of, widest_ci
from awsaudit_checks.iam.escalation import escalations


_EVERYTHING: Final = {
    "iam:PutRolePolicy": "change every role",
    "secretsmanager:GetSecretValue": "read every secret",
    "ssm:GetParameter": "read every parameter",
    "kms:Decrypt": "decrypt with every key that leaves it to IAM",
}


@check(
    "iam-oidc-role-overprivileged",
    title="CI roles are not administrators",
    severity=Severity.HIGH,
    uses=CANDIDATES,
    remediation=Remediation(
        text="Give each build the rights of what it deploys: one role to plan, which reads, and one to apply, with ARNs. A "
        "permissions boundary holds what the build makes within the same limits.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    ),
)
def oidc_role_overprivileged(role: Role, account: Inventory) -> Iterator[Problem]:
    """
    A build runs what its repository, its dependencies and its actions bring along: whoever gets a line into one of them acts
    with the role. One that is an administrator, can make itself one, or reads every secret hands over the account. Critical
    where the trust policy also takes builds of owners that it does not name.
    """
    taken = widest_ci(role, account)
    found = next(_rights(role, account), None)
    if found is None:
        return
    words, hop = found
    open_ = taken.width >= Width.OWNER
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    yield Problem(
        f"{subject_of(taken)} may {words}{'; it is open to builds of others, too' if open_ else ''}{hidden}",
        expected="the rights of what it deploys",
        found=words,
        severity=Severity.CRITICAL if open_ else None,
        path=(*way_of(taken, role), hop),
    )


def _rights(role: Role, account: Inventory) -> Iterator[tuple[str, Hop]]:
    """Yield what *role* may do that no build needs, the worst first."""
    own = f"arn:{role.partition}:iam::{role.account}"
    if is_administrator(role, account):
        yield "do everything", Hop(f"{own}:*", "everything", "it is an administrator")
        return
    for action, words in _EVERYTHING.items():
        decision = may(role, action, account)
        if settled(decision):
            yield words, Hop("*", action.partition(":")[0], f"{action}: {decision.allowed_by[0]}")
    for way in escalations(role, account):
        best = way.targets[0]
        yield (
            f"make itself mightier: {way.recipe.does.format(best.words)}",
            Hop(best.arn, best.type, f"{', '.join(way.actions)}: {best.by}"),
        )
