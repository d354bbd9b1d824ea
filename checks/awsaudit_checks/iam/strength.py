"""What a principal may do, told by what nobody should be able to do: actions on any resource there may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from awsaudit import Inventory, Undecided
from awsaudit.access import (
    DIRECT,
    Context,
    Decision,
    Policy,
    PolicyKind,
    PolicySet,
    Request,
    Unread,
    Verdict,
    evaluate,
    policies_of,
    principal_of,
    raise_unread,
)
from awsaudit.access.way import by_what
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.iam import Role, User
from awsaudit_checks.iam.alone import ANYTHING, NOBODY_NAMES, delegating


_X: Final = NOBODY_NAMES
ADMINISTRATOR_ACCESS: Final = "iam::aws:policy/AdministratorAccess"
# An action and the resource that it is asked for, without partition; {} is the account. Without a region, any may be meant.
PROBES: Final = (
    (ANYTHING, f"{_X}::{{}}:{_X}"),
    ("iam:CreatePolicyVersion", f"iam::{{}}:policy/{_X}"),
    ("iam:AttachUserPolicy", f"iam::{{}}:user/{_X}"),
    ("iam:AttachRolePolicy", f"iam::{{}}:role/{_X}"),
    ("iam:PutUserPolicy", f"iam::{{}}:user/{_X}"),
    ("iam:PutRolePolicy", f"iam::{{}}:role/{_X}"),
    ("iam:CreateAccessKey", f"iam::{{}}:user/{_X}"),
    ("iam:UpdateAssumeRolePolicy", f"iam::{{}}:role/{_X}"),
    ("iam:PassRole", f"iam::{{}}:role/{_X}"),
    ("sts:AssumeRole", f"iam::{{}}:role/{_X}"),
    ("secretsmanager:GetSecretValue", f"secretsmanager::{{}}:secret:{_X}"),
    ("ssm:GetParameter", f"ssm::{{}}:parameter/{_X}"),
    ("kms:Decrypt", f"kms::{{}}:key/{_X}"),
    ("kms:Sign", f"kms::{{}}:key/{_X}"),
    ("s3:GetObject", f"s3:::{_X}/{_X}"),
    ("s3:PutObject", f"s3:::{_X}/{_X}"),
    ("dynamodb:PutItem", f"dynamodb::{{}}:table/{_X}"),
    ("ecr:PutImage", f"ecr::{{}}:repository/{_X}"),
    ("lambda:UpdateFunctionCode", f"lambda::{{}}:function:{_X}"),
    ("cloudtrail:StopLogging", f"cloudtrail::{{}}:trail/{_X}"),
)
# Whether such a condition holds, no one who asks decides.
_NOT_CHOSEN: Final = ("resourcetag/", "aws:principaltag/", "existingobjecttag/")


@frozen
class Strength:
    """
    What somebody may do of what nobody should be able to do.

    Args:
        by: The actions, each with the statements that allow it.

        unknown: Why there may be more; None where there is not.
    """

    by: Mapping[str, str]
    unknown: EvidenceMissing | Undecided | None = None

    def beyond(self, other: Strength) -> Mapping[str, str]:
        """
        Return what *other* may not do.

        Raises:
            EvidenceMissing: Nothing was found, and a policy was refused.
            Undecided: Nothing was found, and that hangs on a policy that cannot be read, or on tags.
        """
        found = {action: by for action, by in self.by.items() if action not in other.by}
        if self.unknown and not found:
            raise self.unknown

        return found


def holds(decision: Decision) -> bool:
    """
    Tell whether *decision* allows, be it under circumstances that whoever asks can bring about: a second factor, a network.

    Raises:
        EvidenceMissing: It hangs on a policy that was refused.
        Undecided: It hangs on a policy that cannot be read, or on tags that are not known.
    """
    if decision.verdict is not Verdict.CONDITIONAL:
        return decision.allowed
    for unread in decision.unread:
        raise_unread(unread)
    for doubt in decision.depends_on:
        if " " in doubt.on or any(part in doubt.on for part in _NOT_CHOSEN):
            raise Undecided(f"it hangs on {doubt}")

    return True


def ask(  # noqa: PLR0913 - a request
    holder: Role | User,
    action: str,
    resource: str,
    account: Inventory,
    known: Mapping[str, str | None] | None = None,
    *,
    tagged: bool = False,
) -> Decision:
    """
    Return whether *holder* may do *action* to *resource*, of the account.

    Args:
        holder: Who asks.

        action: The action, without wildcards.

        resource: The ARN.

        account: The account.

        known: Context keys of the request; None for one that it has not.

        tagged: Whether all tags of the resource are among *known*.
    """
    given = dict(known or {})
    policies = policies_of(holder, account)
    decision = evaluate(_request(holder, action, resource, account, given), policies)
    while tagged and (others := [key for key in decision.keys if "resourcetag/" in key]):
        given |= dict.fromkeys(others)
        decision = evaluate(_request(holder, action, resource, account, given), policies)

    return decision


def _request(
    holder: Role | User, action: str, resource: str, account: Inventory, known: Mapping[str, str | None]
) -> Request:
    given = {key: value for key, value in known.items() if value is not None}
    context = _context(holder, account).with_(given, [key for key, value in known.items() if value is None])

    return Request(principal_of(holder, account), action, resource, account.account, context)


def _context(holder: Role | User, account: Inventory) -> Context:
    # A session has the tags of its role, unless it brings others of the same key.
    return account.once(
        ("iam.context", holder.arn),
        lambda: DIRECT.with_({f"aws:PrincipalTag/{key}": value for key, value in _tags(holder).items()}),
    )


def _tags(thing: Role | User) -> Mapping[str, str]:
    try:
        return thing.tags
    except EvidenceMissing:
        return {}


def tags_of(thing: Role | User) -> Mapping[str, str]:
    """
    Return the tags of *thing* as context keys of requests about it.

    Raises:
        EvidenceMissing: They were refused.
    """
    return {f"{prefix}:ResourceTag/{key}": value for key, value in thing.tags.items() for prefix in ("iam", "aws")}


def strength_of(holder: Role | User, account: Inventory) -> Strength:
    """Return what *holder* may do."""
    return account.once(
        ("iam.strength", holder.arn), lambda: strength_with(holder, policies_of(holder, account), account)
    )


def strength_with(holder: Role | User, policies: PolicySet, account: Inventory) -> Strength:
    """Return what *holder* could do if it had *policies*."""
    found: dict[str, str] = {}
    unknown: EvidenceMissing | Undecided | None = None
    for action, decision in _probed(holder, policies, account):
        try:
            if holds(decision):
                own = tuple(reason for reason in decision.allowed_by if reason.kind is PolicyKind.IDENTITY)
                found[action] = by_what(evolve(decision, allowed_by=own))
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason

    return Strength(found, unknown)


def _probed(holder: Role | User, policies: PolicySet, account: Inventory) -> Iterator[tuple[str, Decision]]:
    partition = account.target.partition
    known: Mapping[str, str | None] = {"iam:PolicyARN": f"arn:{partition}:{ADMINISTRATOR_ACCESS}"}
    delegated = evolve(policies, resource=delegating(account))
    for action, form in PROBES:
        if any(isinstance(layer, Unread) or _grants(layer, action) for layer in policies.identity):
            resource = f"arn:{partition}:{form.format(account.account)}"
            yield action, evaluate(_request(holder, action, resource, account, known), delegated)


def _grants(policy: Policy, action: str) -> bool:
    return any(statement.allow for statement in policy.about(action))
