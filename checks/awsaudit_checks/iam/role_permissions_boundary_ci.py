from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, Decision, is_administrator, unread_controls
from awsaudit.access.way import by_what
from awsaudit.resources.iam import ManagedPolicy, Role, User
from awsaudit_checks.exposed import may_do
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.somewhere import made_up, patterns_of, speaks_of
from awsaudit_checks.iam.strength import ADMINISTRATOR_ACCESS, ask, holds
from awsaudit_checks.iam.trust import refuse_service_linked


PUT_USER: Final = "aws iam put-user-permissions-boundary --user-name {name} --permissions-boundary {boundary}"
# What makes rights out of nothing, with what its resource is called.
ACTIONS: Final = (
    ("iam:CreateRole", "role"),
    ("iam:PutRolePolicy", "role"),
    ("iam:AttachRolePolicy", "role"),
    ("iam:CreatePolicyVersion", "policy"),
)


@check(
    "iam-role-permissions-boundary-ci",
    title="Roles able to create roles carry or impose a permissions boundary",
    severity=Severity.MEDIUM,
    uses=(*RIGHTS, ManagedPolicy.boundary_uses),
    remediation=Remediation(
        text="Give the principal a permissions boundary, or demand one of the roles that it makes by a condition on "
        "iam:PermissionsBoundary. There is a command where the account has one boundary that others have.",
        cli="aws iam put-role-permissions-boundary --role-name {name} --permissions-boundary {boundary}",
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    ),
)
def role_permissions_boundary_ci(holder: Role | User, account: Inventory) -> Iterator[Problem]:
    """
    A pipeline that makes roles and gives them any policy is an administrator by a detour: it makes a role that may do
    everything, and uses it. A boundary of its own passes, a condition that demands one of the roles it makes or changes,
    and rights over named roles and policies only. Administrators and service-linked roles are not judged.
    """
    if isinstance(holder, Role):
        refuse_service_linked(holder)
    if is_administrator(holder, account):
        raise NotApplicable("an administrator, whom no boundary holds")
    able = dict(certain(ACTIONS, lambda action: _unbound(holder, *action, account)))
    if not able and not any(speaks_of(holder, action, account) for action, _ in ACTIONS):
        raise NotApplicable("it may not make roles, nor change the policies of any")
    if able and holder.boundary_arn is None:
        statements = "; ".join(dict.fromkeys(map(by_what, able.values())))
        unread = "; the organization's service control policies could not be read" if unread_controls(account) else ""
        yield Problem(
            f"it has no permissions boundary and demands none for {may_do(able)}: {statements}{unread}",
            expected="a permissions boundary, or a condition on iam:PermissionsBoundary",
            found="neither",
            fill=_boundary(account),
            cli=PUT_USER if isinstance(holder, User) else None,
            path=(
                Hop(holder.arn, type(holder).type),
                Hop(may_do(able), "action", statements),
                Hop("a permissions boundary", "boundary", "neither its own, nor that of what it makes", holds=False),
            ),
        )


def _unbound(holder: Role | User, action: str, kind: str, account: Inventory) -> tuple[str, Decision] | None:
    """Return *action* and what lets *holder* do it to one of many that a wildcard means, without a boundary; None if nothing."""
    known = {
        "iam:PolicyARN": f"arn:{account.target.partition}:{ADMINISTRATOR_ACCESS}",
        "iam:PermissionsBoundary": None,
    }

    def allowed(pattern: str) -> tuple[str, Decision] | None:
        arn = made_up(pattern, action, account, kind=kind) if set(pattern) & {"*", "?"} else None
        decision = ask(holder, action, arn, account, known) if arn else None
        return (action, decision) if decision and holds(decision) else None

    return next(iter(certain(patterns_of(holder, action, account), allowed, most=1)), None)


def _boundary(account: Inventory) -> Mapping[str, str]:
    """Return the one boundary that the account has, to fill the command with; nothing where there are more or none."""
    found = [policy.arn for policy in account.seen(ManagedPolicy) if policy.boundary_uses]

    return {"boundary": found[0]} if len(found) == 1 else {}
