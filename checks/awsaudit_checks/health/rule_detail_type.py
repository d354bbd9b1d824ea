import difflib
import json

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.errors import PatternError
from awsaudit.resources.events import Rule
from awsaudit_checks.events.rule import refuse_disabled, refuse_managed
from awsaudit_checks.health.event import CATEGORIES, SCOPES, SOURCE, TYPES, takes_any
from awsaudit_checks.health.pattern import rewritten
from awsaudit_checks.health.rule import lets


_NEAR: Final = 0.85
_TOP: Final[Mapping[str, tuple[str, ...]]] = {"source": (SOURCE,), "detail-type": TYPES}
_DETAIL: Final[Mapping[str, tuple[str, ...]]] = {"eventTypeCategory": CATEGORIES, "eventScopeCode": SCOPES}


@check(
    "health-rule-detail-type",
    title="The Health rule's pattern can match",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Write the pattern as AWS Health spells its events: source aws.health, detail-type AWS Health Event or AWS Health "
        "Abuse Event, the region of the event in detail.eventRegion; then try it with test-event-pattern.",
        cli=None,
        url="https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html",
    ),
)
def rule_detail_type(rule: Rule) -> Iterator[Problem]:
    """
    A pattern that no event can match is taken without a word, and the rule waits for ever: ``aws.health*`` is compared
    letter by letter, ``Issue`` is not ``issue``, and the detail has an ``eventRegion`` but no ``region``. A rule whose
    source means AWS Health passes if some event matches, of any service and type; prefix and wildcard operators do match.
    """
    refuse_managed(rule)
    if rule.bus_name != "default" or not _means_health(rule):
        raise NotApplicable("not a rule for events of AWS Health")
    refuse_disabled(rule)
    if lets(rule, lambda pattern: takes_any(pattern, rule.account, rule.region)):
        return
    cli, fill = _mending(rule)
    yield Problem(
        "no event of AWS Health can match the pattern",
        expected="a pattern that events of AWS Health can match",
        found=rule.event_pattern,
        fill=fill,
        cli=cli,
    )


def _means_health(rule: Rule) -> bool:
    pattern = json.loads(rule.event_pattern or "{}")
    return any(_is_near(source, SOURCE) for source in _sources(pattern))


def _sources(pattern: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that the source is compared with."""
    for condition in pattern.get("source") or ():
        yield from _texts(condition)
    for choice in pattern.get("$or") or ():
        if isinstance(choice, Mapping):
            yield from _sources(choice)


def _texts(condition: Any) -> Iterator[str]:
    if isinstance(condition, str):
        yield condition
    elif isinstance(condition, Mapping):
        # What a source must not be says nothing of what is meant.
        for operator, below in condition.items():
            if operator != "anything-but":
                yield from _texts(below)


def _is_near(text: str, wanted: str) -> bool:
    """Tell whether *text* is *wanted*, or a slip of the pen."""
    return difflib.SequenceMatcher(None, text.lower().rstrip("*"), wanted.lower()).ratio() >= _NEAR


def _mending(rule: Rule) -> tuple[str | None, Mapping[str, str]]:
    """Return the command that puts slips of the pen right; None where that would not help."""
    pattern = dict(json.loads(rule.event_pattern or "{}"))
    pattern |= {name: _spelt(pattern[name], words) for name, words in _TOP.items() if name in pattern}
    detail = pattern.get("detail")
    if isinstance(detail, Mapping):
        mended = {("eventRegion" if name == "region" else name): wanted for name, wanted in detail.items()}
        spelt = {name: _spelt(mended[name], words) for name, words in _DETAIL.items() if name in mended}
        pattern["detail"] = {**mended, **spelt}
    try:
        helps = takes_any(pattern, rule.account, rule.region)
    except PatternError:
        helps = False

    return rewritten(rule, pattern) if helps else (None, {})


def _spelt(conditions: Any, words: Iterable[str]) -> Any:
    if not isinstance(conditions, list):
        return conditions
    found = [
        next((word for word in words if isinstance(each, str) and each not in words and _is_near(each, word)), each)
        for each in conditions
    ]

    return [each for number, each in enumerate(found) if each not in found[:number]]
