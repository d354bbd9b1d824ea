from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import (
    DIRECT,
    Policy,
    PolicySet,
    Principal,
    PrincipalKind,
    Request,
    Statement,
    evaluate,
)
from awsaudit.resources.iam import Group, ManagedPolicy, Role, User
from awsaudit_checks.iam.alone import ANYTHING, NOBODY_NAMES, allows, names
from awsaudit_checks.iam.held import HOLDERS, Held, own_policies, to_whom


# The service changed its name, and AWS takes policies in both: either is an action of its own.
# https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
_SERVICES: Final = ("codeconnections", "codestar-connections")
_NO_REPOSITORY: Final = f"{NOBODY_NAMES}/{NOBODY_NAMES}"


@check(
    "codeconnections-use-scoped",
    title="UseConnection rights name a connection and repository",
    severity=Severity.MEDIUM,
    uses=HOLDERS,
    remediation=Remediation(
        text="Name the connection's ARN in Resource, or bind the statement to your repositories with a condition such as "
        "StringEquals on codeconnections:FullRepositoryId, and codestar-connections:FullRepositoryId for the old name.",
        cli=None,
        url="https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html",
    ),
)
def use_scoped(holder: ManagedPolicy | Role | User | Group, account: Inventory) -> Iterator[Problem]:
    """
    A connection reaches every repository that its app was given. Who may use any connection reads all of them, and has
    builds run on whichever it likes. A policy that names connections passes, by their ARNs or tags, and one that is bound
    to repositories. Policies that allow every action are other checks' matter.
    """
    policies = own_policies(holder, account)
    judged = [held for held in policies if not _is_of_administrator(held, account)]
    if not judged:
        raise NotApplicable("it allows every action, which is another check's")
    for held in judged:
        found = _wide(held.policy, account)
        if found:
            yield Problem(
                f"{names(found)} of {held.policy.name} allows using every connection for any repository"
                f"{to_whom(held, account)}",
                expected="a connection, or repositories",
                found=", ".join(dict.fromkeys(r for s in found for r in s.resources)) or "every connection",
                sub_key="" if isinstance(holder, ManagedPolicy) else held.name,
                path=(
                    Hop(holder.arn, type(holder).type),
                    Hop("every connection", "AWS::CodeConnections::Connection", f"{held.policy.name}, {names(found)}"),
                ),
            )


def _is_of_administrator(held: Held, account: Inventory) -> bool:
    whole = f"arn:{account.target.partition}:{NOBODY_NAMES}::{account.account}:{NOBODY_NAMES}"
    return any(not s.not_actions for s in allows(held.policy, ANYTHING, whole, account))


def _wide(policy: Policy, account: Inventory) -> tuple[Statement, ...]:
    """Return the statements of *policy* that allow using a connection that nobody names for a repository nobody names."""
    found: dict[Statement, None] = {}
    for service in _SERVICES:
        action = f"{service}:UseConnection"
        about = policy.about(action)
        if any(s.allow for s in about):
            for arn in _connections(about, account):
                found.update(dict.fromkeys(_allowing(policy, action, arn, account)))

    return tuple(found)


def _connections(statements: tuple[Statement, ...], account: Inventory) -> Iterator[str]:
    """Yield ARNs of connections that there are not, in the regions that *statements* name, and in one of the scan."""
    named = {[*r.split(":"), "", "", ""][3] for s in statements for r in s.resources}
    regions = {region for region in named if region and not set(region) & set("*?$")} | set(account.regions[:1])
    for region in sorted(regions):
        for service in _SERVICES:
            yield f"arn:{account.target.partition}:{service}:{region}:{account.account}:connection/{NOBODY_NAMES}"


def _allowing(policy: Policy, action: str, arn: str, account: Inventory) -> tuple[Statement, ...]:
    # A connection is named by its tags, too. What else is asked, such as a second factor, names none.
    tags = {c.key for s in policy.about(action) for c in s.conditions if "resourcetag/" in c.key}
    known = {f"{service}:FullRepositoryId": _NO_REPOSITORY for service in _SERVICES}
    context = DIRECT.with_(known, tags)
    role = f"arn:{account.target.partition}:iam::{account.account}:role/{NOBODY_NAMES}"
    principal = Principal(PrincipalKind.ROLE, role, account.account)
    decision = evaluate(Request(principal, action, arn, account.account, context), PolicySet(identity=(policy,)))
    labels = {reason.statement for reason in decision.allowed_by} if decision.possible else set()

    return tuple(s for s in policy.about(action) if s.allow and s.label in labels)
