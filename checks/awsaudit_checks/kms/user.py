"""Who may use a key."""

from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory
from awsaudit.access import Decision, answer, holders, is_administrator, key_question, settled
from awsaudit.resources.iam import Role, User
from awsaudit.resources.kms import Key


def users_of(action: str, key: Key, account: Inventory) -> Iterator[tuple[Role | User, Decision]]:
    """
    Yield the roles and users that may do *action* with *key*, administrators apart, with what lets them.

    Key policy, grants, identity policies, boundaries and denials are asked together.

    Raises:
        EvidenceMissing: A policy that it hangs on was refused.
        Undecided: A policy that it hangs on cannot be read.
    """
    asked = key_question(action, key)
    for holder in holders(account):
        decision = answer(asked, holder, account)
        if settled(decision, conditional=True) and not is_administrator(holder, account):
            yield holder, decision
