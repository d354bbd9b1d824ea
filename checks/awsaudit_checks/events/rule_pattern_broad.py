import json

from collections.abc import Iterator, Mapping
from typing import Any

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.errors import PatternError
from awsaudit.event_pattern import matches
from awsaudit.resources.events import Rule
from awsaudit_checks.events.rule import refuse_disabled, refuse_managed


@check(
    "events-rule-pattern-broad",
    title="Rules do not match every event",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Name the sources and detail-types that the targets are for; try the new pattern with test-event-pattern.",
        cli=None,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html",
    ),
)
def rule_pattern_broad(rule: Rule) -> Iterator[Problem]:
    """
    A rule that takes everything calls its targets for each event of the account, pays for each, and is what an endless
    loop is made of, once a target sends events itself. Patterns are tried with an event that nobody has in mind: whatever
    lets that through lets everything through. Schedules and rules of AWS's services are not judged.
    """
    refuse_managed(rule)
    refuse_disabled(rule)
    if rule.event_pattern is None:
        raise NotApplicable("a schedule")
    try:
        pattern: Mapping[str, Any] = json.loads(rule.event_pattern)
        takes = matches(pattern, _nobodys(rule))
    except (PatternError, ValueError) as error:
        raise Undecided(f"its pattern is not understood: {error}") from None
    if takes:
        yield Problem(
            "its pattern lets every event of the account through",
            expected="a source or a detail-type",
            found=rule.event_pattern,
        )


def _nobodys(rule: Rule) -> Mapping[str, Any]:
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": "awsaudit Event That Nobody Sends",
        "source": "awsaudit.nobody",
        "account": rule.account,
        "time": "2026-01-01T00:00:00Z",
        "region": rule.region,
        "resources": [],
        "detail": {},
    }
