"""
What a role or user may do by its own policies, whatever the resources say.
"""

from __future__ import annotations

from typing import Final

from awsaudit.access.estate import CONTROL, IDENTITY, policies_of, principal_of, raise_unread
from awsaudit.access.evaluate import Decision, Verdict, evaluate
from awsaudit.access.pattern import glob
from awsaudit.access.policy import Policy, PolicyKind, parse_policy
from awsaudit.access.request import DIRECT, Context, Request
from awsaudit.inventory import Inventory
from awsaudit.resources.iam import Role, User
from awsaudit.resources.organizations import Organization


RIGHTS: Final = (*IDENTITY, *CONTROL, Organization.id)
"""What the functions here look at."""


def may(
    holder: Role | User, action: str, account: Inventory, resource: str = "*", context: Context = DIRECT
) -> Decision:
    """
    Return whether the policies of *holder*, its boundary and the organization's let it do *action*.

    Args:
        holder: Who asks.

        action: The action, without wildcards.

        account: Where the policies are.

        resource: An ARN; with wildcards all that they match are meant, ``*`` every resource that there is.

        context: What is known of the circumstances.
    """
    request = Request(principal_of(holder, account), action, resource, account.account, context)
    return evaluate(request, policies_of(holder, account, resource=_delegating(request)))


def _delegating(request: Request) -> Policy | None:
    """Return the policy of a key or role that leaves it to the account's IAM: without one nothing is allowed there."""
    if request.service not in {"kms", "sts"}:
        return None
    own = {"Effect": "Allow", "Principal": {"AWS": request.owner}, "Action": "*", "Resource": "*"}

    return parse_policy({"Statement": own}, PolicyKind.RESOURCE, "a policy that leaves it to IAM")


def settled(decision: Decision, *, conditional: bool = False) -> bool:
    """
    Return whether *decision* allows.

    Args:
        decision: A decision.

        conditional: What counts where it hangs on context keys.

    Raises:
        EvidenceMissing: It hangs on a policy that was refused.
        Undecided: It hangs on a policy that cannot be read.
    """
    if decision.verdict is not Verdict.CONDITIONAL:
        return decision.allowed
    for unread in decision.unread:
        raise_unread(unread)

    return conditional


# An action of a service that there is not: only who may do everything may do it.
_ANYTHING: Final = "x9x9x9:X9x9x9"
_OVER_OTHERS: Final = "iam:CreatePolicyVersion"


def is_administrator(holder: Role | User, account: Inventory) -> bool:
    """
    Tell whether *holder* may do everything, under conditions or not, or is called an administrator in the configuration.

    Raises:
        EvidenceMissing: A policy that it hangs on was refused.
        Undecided: A policy that it hangs on cannot be read.
    """
    if any(glob(wanted).matches(holder.arn) for wanted in account.target.trust.administrators):
        return True

    return account.once(
        ("access.administrator", holder.arn),
        lambda: all(settled(may(holder, a, account), conditional=True) for a in (_ANYTHING, _OVER_OTHERS)),
    )
