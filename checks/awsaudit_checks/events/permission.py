"""May EventBridge, for a rule, do something to where the rule sends its events; and how it is let."""

from __future__ import annotations

import json

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import evolve

from awsaudit import Inventory, Undecided
from awsaudit.access.estate import CONTROL, IDENTITY
from awsaudit.access.evaluate import Decision
from awsaudit.access.question import Question, answer, answer_service, question
from awsaudit.access.rights import settled
from awsaudit.access.truth import Doubt
from awsaudit.resources.events import Rule
from awsaudit.resources.iam import Role
from awsaudit_checks.repair import statements_of


EVENTS: Final = "events.amazonaws.com"
ROLES: Final = (*IDENTITY, *CONTROL)
"""What a question about a target's role looks at; for a check's uses=."""


def lets_service(asked: Question, rule: Rule) -> Decision:
    """Return whether EventBridge may do what is *asked*, in its own name, for *rule*."""
    return answer_service(asked, EVENTS, rule.arn, rule.account)


def lets_role(asked: Question, role: Role, account: Inventory) -> Decision:
    """Return whether *role* may do what is *asked*."""
    return answer(asked, role, account)


def assumable(role: Role, rule: Rule, account: Inventory) -> Decision:
    """Return whether EventBridge may assume *role* for *rule*."""
    return answer_service(question("sts:AssumeRole", role, account), EVENTS, rule.arn, rule.account)


def holds(decision: Decision) -> bool:
    """
    Return whether *decision* allows.

    Raises:
        EvidenceMissing: It hangs on a policy that was refused.
        Undecided: It hangs on something else that is not known.
    """
    if not settled(decision, conditional=True):
        return False
    if not decision.allowed:
        raise Undecided(f"that hangs on {_listed(decision.depends_on)}")

    return True


def _listed(doubts: Iterable[Doubt]) -> str:
    return ", ".join(dict.fromkeys(str(doubt) for doubt in doubts))


def without_key(asked: Question) -> Question:
    """Return the part of a question that is about the resource itself."""
    return evolve(asked, also=())


def of_key(asked: Question) -> Question | None:
    """Return the part of a question that is about the resource's key; None without one."""
    if not asked.also:
        return None
    first, *rest = asked.also

    return evolve(first, also=(*first.also, *rest))


def letting(
    document: Mapping[str, Any] | None, sid: str, actions: Iterable[str], resource: str, rules: Iterable[str]
) -> str:
    """
    Return a policy with one more statement, which lets EventBridge in for some rules, as JSON text.

    Args:
        document: The policy; None where there is none yet.

        sid: What the statement is called, as long as no other is.

        actions: What EventBridge may do.

        resource: To what.

        rules: The ARNs of the rules.
    """
    base = document or {"Version": "2012-10-17"}
    statements = statements_of(base)
    taken = {str(statement.get("Sid", "")) for statement in statements}
    names = (sid, *(f"{sid}{number}" for number in range(2, len(taken) + 3)))
    allowed, named = [*actions], sorted(set(rules))
    statement = {
        "Sid": next(name for name in names if name not in taken),
        "Effect": "Allow",
        "Principal": {"Service": EVENTS},
        "Action": allowed[0] if len(allowed) == 1 else allowed,
        "Resource": resource,
        "Condition": {"ArnEquals": {"aws:SourceArn": named[0] if len(named) == 1 else named}},
    }

    return json.dumps({**base, "Statement": [*statements, statement]}, separators=(",", ":"))


def role_policy(actions: Iterable[str], resource: str) -> str:
    """Return a policy for a role that lets it do *actions* to *resource*, as JSON text."""
    statement = {"Effect": "Allow", "Action": [*actions], "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


PUT_ROLE_POLICY: Final = (
    "aws iam put-role-policy --region {region} --role-name {role} --policy-name {policy_name} "
    "--policy-document {role_policy}"
)
PUT_TRUST: Final = "aws iam update-assume-role-policy --region {region} --role-name {role} --policy-document {trust}"


def trusting(role: Role) -> str:
    """Return the trust policy of *role* with one more statement, which lets EventBridge assume it, as JSON text."""
    base = role.trust or {"Version": "2012-10-17"}
    statement = {"Effect": "Allow", "Principal": {"Service": EVENTS}, "Action": "sts:AssumeRole"}

    return json.dumps({**base, "Statement": [*statements_of(base), statement]}, separators=(",", ":"))
