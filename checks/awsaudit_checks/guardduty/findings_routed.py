import json

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit import Hop, Inventory, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.event_pattern import matches
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.guardduty import Detector
from awsaudit_checks.guardduty.detector import refuse_off
from awsaudit_checks.health.rule import is_enabled, lets


_NOTIFIER: Final = "notifications.amazonaws.com"


@check(
    "guardduty-findings-routed",
    title="GuardDuty findings are routed",
    severity=Severity.MEDIUM,
    uses=(
        Rule.arn, Rule.name, Rule.bus_name, Rule.state, Rule.event_pattern, Rule.managed_by, Target.id, Target.destination,
    ),
    remediation=Remediation(
        text="Make a rule for GuardDuty's findings (the command), and give it a target that tells somebody.",
        cli="aws events put-rule --region {region} --name guardduty-findings --event-pattern {pattern}",
        url="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html",
    ),
)  # fmt: skip
def findings_routed(detector: Detector, account: Inventory) -> Iterator[Problem | Note]:
    """
    A finding that nobody hears of is found in the console after the damage. An enabled rule on the default bus whose
    pattern lets a severe finding through, with a target, passes; whether the target is reached is told by
    events-target-permission and events-target-exists. Where another account manages GuardDuty, findings may be routed
    there, which cannot be seen. An export to S3 alone keeps findings and tells nobody.
    """
    refuse_off(detector)
    rules = [rule for rule in account.every(Rule, detector.region) if _takes(rule)]
    routed = account.those_of(rules, lambda rule: bool(rule.managed_by or account.children(rule, Target)))
    if routed:
        return
    if detector.administrator:
        raise Undecided(f"the account {detector.administrator} manages GuardDuty, and may route its findings")
    path = (
        Hop(detector.arn, Detector.type, "has findings"),
        *((Hop(rules[0].arn, Rule.type, "takes them, and has no target", holds=False),) if rules else ()),
    )
    if not rules:
        path = (*path, Hop("default", "AWS::Events::EventBus", "no enabled rule on it takes them", holds=False))
    yield Problem(
        f"the rule {rules[0].name} takes findings and has no target"
        if rules
        else "no enabled rule takes its findings"
        + ("; they are kept in S3, where nobody is told" if "S3" in detector.destinations else ""),
        expected="an enabled rule with a target",
        found="no target" if rules else "no rule",
        path=path,
        fill={}
        if rules
        else {"pattern": json.dumps({"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]})},
    )


def _takes(rule: Rule) -> bool:
    if not is_enabled(rule) or rule.managed_by not in {None, _NOTIFIER}:
        return False

    return lets(rule, lambda pattern: matches(pattern, _finding(rule)))


def _finding(rule: Rule) -> Mapping[str, Any]:
    return {
        "version": "0",
        "id": "c8c4daa7-a20c-2f03-0070-b7393dd542ad",
        "source": "aws.guardduty",
        "detail-type": "GuardDuty Finding",
        "account": rule.account,
        "time": "2026-01-01T00:00:00Z",
        "region": rule.region,
        "resources": [],
        "detail": {
            "schemaVersion": "2.0",
            "accountId": rule.account,
            "region": rule.region,
            "type": "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
            "severity": 8,
            "service": {"serviceName": "guardduty", "archived": False, "count": 1},
        },
    }
