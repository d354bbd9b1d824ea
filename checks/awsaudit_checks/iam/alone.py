"""What a policy allows by itself, to whoever comes to have it."""

from __future__ import annotations

from typing import Final

from awsaudit import Inventory
from awsaudit.access import (
    DIRECT,
    Policy,
    PolicyKind,
    PolicySet,
    Principal,
    PrincipalKind,
    Request,
    Statement,
    evaluate,
    parse_policy,
)


# What every principal of the account has, or may choose: a condition on it keeps none of them off.
CHOSEN: Final = frozenset(
    {"aws:currenttime", "aws:epochtime", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths",
     "aws:principaltype", "aws:referer", "aws:requestedregion", "aws:tagkeys", "aws:useragent", "sts:externalid",
     "sts:rolesessionname", "sts:sourceidentity"}
)  # fmt: skip
# An address that RFC 5737 sets apart for examples: no policy means it, unless it means all.
ADDRESS: Final = "198.51.100.77"
NOBODY_NAMES: Final = "x9x9x9"
"""Stands for a name that no policy has: what matches it is a wildcard."""

ANYTHING: Final = "x9x9x9:X9x9x9"
"""An action of a service that there is not: only a policy that allows all allows it."""


def delegating(account: Inventory) -> Policy:
    """Return the policy of a resource that leaves it to the account who may what, as trust and key policies have to."""
    statement = {"Effect": "Allow", "Principal": {"AWS": account.account}, "Action": "*", "Resource": "*"}
    return account.once(
        "iam.delegating",
        lambda: parse_policy({"Version": "2012-10-17", "Statement": statement}, PolicyKind.RESOURCE, "its own policy"),
    )


def allows(policy: Policy, action: str, resource: str, account: Inventory) -> tuple[Statement, ...]:
    """
    Return the statements by which *policy* allows *action*, to any principal and without any circumstances of its own.

    Its Deny statements count, and so do conditions: on the principal, on where it comes from, on tags or a second factor.

    Args:
        policy: The policy of a user, role or group.

        action: The action, without wildcards.

        resource: The ARN.

        account: The account.
    """
    about = policy.about(action)
    arn = f"arn:{account.target.partition}:iam::{account.account}:role/{NOBODY_NAMES}"
    bound = {c.key for s in about for c in s.conditions if not c.key.startswith("aws:requesttag/")} - CHOSEN
    known = {"aws:SourceIp": ADDRESS, "aws:ResourceAccount": resource.split(":")[4]}
    context = DIRECT.with_(absent=bound - DIRECT.known.keys()).with_(known)
    request = Request(Principal(PrincipalKind.ROLE, arn, account.account), action, resource, account.account, context)
    decision = evaluate(request, PolicySet(identity=(policy,), resource=delegating(account)))
    labels = {r.statement for r in decision.allowed_by if r.kind is policy.kind} if decision.possible else set()

    return tuple(s for s in about if s.allow and s.label in labels)


def names(statements: tuple[Statement, ...]) -> str:
    """Return *statements* as a phrase."""
    return ", ".join(s.label for s in statements)
