from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Statement
from awsaudit.resources.events import EventBus
from awsaudit_checks.events.share import MEND, PUT, shared
from awsaudit_checks.exposed import exposure_of, ways
from awsaudit_checks.repair import narrowed, with_actions


_MANAGING: Final = (
    "events:PutRule",
    "events:PutTargets",
    "events:DeleteRule",
    "events:RemoveTargets",
    "events:DisableRule",
    "events:EnableRule",
    "events:TagResource",
)
_USING: Final = (
    "events:PutEvents",
    "events:DescribeEventBus",
    "events:DescribeRule",
    "events:ListRules",
    "events:ListTargetsByRule",
)


@check(
    "events-bus-policy-manage-actions",
    title="Other accounts may put events but not rules",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Allow events:PutEvents only, or bind rules to those who made them by events:creatorAccount.",
        cli=PUT,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html",
    ),
)
def bus_policy_manage_actions(bus: EventBus, account: Inventory) -> Iterator[Problem]:
    """
    Whoever may put rules on a bus copies every event on it to where they like, and switches your own rules off. Outsiders,
    known ones too, pass who only put events and look, or whose rules are bound by ``events:creatorAccount`` to be their own.
    """
    asked = shared(bus)
    found = exposure_of(asked, account, actions=_MANAGING)
    if found is None:
        raise NotApplicable("it has no policy")
    openings = [o for o in (*found.public, *found.cross_account) if not _keeps_apart(o.statement)]
    left = {o.statement.number: narrowed(o.statement, _MANAGING, _USING) for o in openings}
    mended = with_actions(bus.policy or {}, left)
    yield from ways(asked, openings, MEND, mended, expected="events:PutEvents only")


def _keeps_apart(statement: Statement) -> bool:
    """Tell whether *statement* lets each account at the rules only that it made itself."""
    return any(
        c.key == "events:creatoraccount"
        and c.operator.name == "stringequals"
        and not (c.operator.negated or c.operator.quantifier)
        and {"${aws:principalaccount}"} == {value.lower() for value in c.values}
        for c in statement.conditions
    )
