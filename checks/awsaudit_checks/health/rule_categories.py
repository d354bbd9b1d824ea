import json

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.events import EventBus, Rule
from awsaudit_checks.health.event import CATEGORIES, SCOPES, takes_category
from awsaudit_checks.health.pattern import REWRITING, rewritten
from awsaudit_checks.health.rule import RULES, health_rules, is_enabled, lets, refuse_other_bus


@check(
    "health-rule-categories",
    title="The Health rule covers issue, accountNotification and scheduledChange",
    severity=Severity.MEDIUM,
    uses=(*RULES, *REWRITING),
    remediation=Remediation(
        text="Take the condition on detail.eventTypeCategory out of the pattern, or add the values that it lacks.",
        cli=None,
        url="https://docs.aws.amazon.com/health/latest/ug/cloudwatch-events-health.html",
    ),
)
def rule_categories(bus: EventBus, account: Inventory) -> Iterator[Problem | Note]:
    """
    Rules that ask for issues alone miss the retirement of an instance and the end of a version, which come as scheduled
    changes and notifications. Each category passes that some enabled rule of the region lets through, public or of the
    account alone, whatever services it asks for. AWS sends no event of the category ``investigation``.
    """
    refuse_other_bus(bus)
    if not health_rules(account, bus.region):
        raise NotApplicable("the region has no enabled rule for events of AWS Health")
    missing = [
        (category, scope) for category in CATEGORIES for scope in SCOPES if not _taken(bus, account, category, scope)
    ]
    absent = [each for each in CATEGORIES if all((each, scope) in missing for scope in SCOPES)]
    if not absent:
        if missing:
            yield Note("left out: " + ", ".join(f"{category} ({scope})" for category, scope in missing))
        return
    cli, fill = _widening(bus, account)
    yield Problem(
        f"no enabled rule takes events of the category {' or '.join(absent)}, be they PUBLIC or ACCOUNT_SPECIFIC",
        expected=", ".join(CATEGORIES),
        found=", ".join(each for each in CATEGORIES if each not in absent) or "none",
        fill=fill,
        cli=cli,
    )


def _taken(bus: EventBus, account: Inventory, category: str, scope: str) -> bool:
    return bool(health_rules(account, bus.region, lambda rule: is_enabled(rule) and _takes(rule, category, scope)))


def _takes(rule: Rule, category: str, scope: str) -> bool:
    return lets(rule, lambda pattern: takes_category(pattern, category, scope, rule.account, rule.region))


def _widening(bus: EventBus, account: Inventory) -> tuple[str | None, Mapping[str, str]]:
    """Return the command that takes the conditions on category and scope out of a rule; None if that would not help."""
    for rule in health_rules(account, bus.region):
        pattern = _without(json.loads(rule.event_pattern or "{}"), ("eventTypeCategory", "eventScopeCode"))
        if not rule.managed_by and all(
            takes_category(pattern, category, scope, rule.account, rule.region)
            for category in CATEGORIES
            for scope in SCOPES
        ):
            return rewritten(rule, pattern)

    return None, {}


def _without(pattern: Mapping[str, Any], fields: Sequence[str]) -> Mapping[str, Any]:
    detail = pattern.get("detail")
    if not isinstance(detail, Mapping):
        return pattern
    kept = {name: wanted for name, wanted in detail.items() if name not in fields}
    rest = {name: wanted for name, wanted in pattern.items() if name != "detail"}

    return {**rest, "detail": kept} if kept else rest
