"""What AWS Health sends to EventBridge, and which of it a pattern lets through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit.event_pattern import matches


Fields = Mapping[str, Any]

HEALTH: Final = "AWS Health Event"
ABUSE: Final = "AWS Health Abuse Event"
TYPES: Final = (HEALTH, ABUSE)
# `investigation` stands in the API too, and is documented as not supported.
# https://docs.aws.amazon.com/health/latest/APIReference/API_Event.html
CATEGORIES: Final = ("issue", "accountNotification", "scheduledChange")
SCOPES: Final = ("ACCOUNT_SPECIFIC", "PUBLIC")
SOURCE: Final = "aws.health"
GLOBAL: Final = "global"
"""The region of events of services without regions."""

# https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
_TOP: Final = frozenset({"detail", "resources", "time", "id", "version"})
_DETAIL: Final = frozenset(
    {"eventArn", "service", "eventTypeCode", "eventTypeCategory", "eventScopeCode", "communicationId", "startTime",
     "endTime", "lastUpdatedTime", "statusCode", "eventRegion", "eventDescription", "eventMetadata", "affectedEntities",
     "affectedAccount", "page", "totalPages", "backupEvent", "actionability", "personas"}
)  # fmt: skip
_WORDS: Final[Mapping[str, list[str]]] = {
    "eventTypeCategory": [*CATEGORIES],
    "eventScopeCode": [*SCOPES, "NONE"],
    "statusCode": ["open", "closed", "upcoming"],
    "actionability": ["ACTION_REQUIRED", "ACTION_MAY_BE_REQUIRED", "INFORMATIONAL"],
    "personas": ["OPERATIONS", "SECURITY", "BILLING"],
}
_ABUSE_CODE: Final = "AWS_ABUSE_"


def sample(account: str, region: str, type_: str = HEALTH, **detail: Any) -> Fields:
    """
    Return what is certain of an event.

    Args:
        account: The account that it is for.

        region: Where it is delivered.

        type_: Its detail-type.

        detail: What is certain of its detail; the rest of the documented fields is left open.
    """
    event = {"source": SOURCE, "detail-type": type_, "account": account, "region": region}
    return {**event, "detail": detail} if detail else event


def takes(pattern: Fields, event: Fields) -> bool:
    """
    Tell whether some event that *event* is a sample of matches *pattern*.

    Conditions on documented fields that the sample leaves open narrow a pattern, and do not keep all such events out.

    Raises:
        PatternError: AWS would not take the pattern.
    """
    wide = _widened(pattern, event, _TOP)
    return not wide or matches(wide, event)


def takes_category(pattern: Fields, category: str, scope: str, account: str, region: str) -> bool:
    """Tell whether *pattern* takes events of a category and scope, whatever service they are of; raises as `takes`."""
    return takes(pattern, sample(account, region, eventTypeCategory=category, eventScopeCode=scope))


def takes_global(pattern: Fields, account: str, region: str) -> bool:
    """Tell whether *pattern* takes events of services without regions; raises as `takes`."""
    return takes(pattern, sample(account, region, eventRegion=GLOBAL))


def takes_abuse(pattern: Fields, account: str, region: str) -> bool:
    """Tell whether *pattern* takes reports of abuse; raises as `takes`."""
    named = {text for text in _texts(pattern) if text.startswith(_ABUSE_CODE)}
    certain = {"service": "ABUSE", "eventTypeCategory": "issue", "eventScopeCode": "ACCOUNT_SPECIFIC"}
    codes = (f"{_ABUSE_CODE}DOS_REPORT", *sorted(named))

    return any(takes(pattern, sample(account, region, ABUSE, eventTypeCode=code, **certain)) for code in codes)


def takes_any(pattern: Fields, account: str, region: str) -> bool:
    """Tell whether *pattern* takes any event of AWS Health at all, by the documented words and fields; raises as `takes`."""
    # An array matches by any of its elements: this one event stands for one with each of the words.
    return any(takes(pattern, sample(account, region, type_, **_WORDS)) for type_ in TYPES)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)


def _widened(pattern: Fields, event: Fields, known: frozenset[str]) -> dict[str, Any]:
    """Return *pattern* without its conditions on *known* fields that *event* leaves open."""
    wide: dict[str, Any] = {}
    for name, wanted in pattern.items():
        if name == "$or" and isinstance(wanted, list):
            choices = [_widened(choice, event, known) for choice in wanted if isinstance(choice, Mapping)]
            if choices and all(choices):
                wide[name] = choices if len(choices) > 1 else choices * 2
        elif name == "detail" and known is _TOP and name in event and isinstance(wanted, Mapping):
            below = _widened(wanted, event[name], _DETAIL)
            wide |= {name: below} if below else {}
        elif name in event or name not in known:
            wide[name] = wanted

    return wide
