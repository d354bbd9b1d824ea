import json

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.cloudtrail import Trail
from awsaudit.resources.cloudwatch import MetricAlarm
from awsaudit.resources.logs import MetricFilter
from awsaudit.resources.secretsmanager import SecretStore
from awsaudit_checks.cloudwatch.alarm import topic_of_alarms
from awsaudit_checks.secretsmanager.alert import ALERTS, broken_at


# What CloudTrail writes where a call was refused.
_REFUSALS: Final = ("AccessDenied", "AccessDeniedException")
_CHANGES: Final = ("DeleteSecret", "PutResourcePolicy", "CancelRotateSecret")
_REFUSED: Final = "refused GetSecretValue"
_NAMESPACE: Final = "SecretsManagerChanges"


@check(
    "secretsmanager-metric-filter",
    title="Secret deletion and policy changes are alarmed",
    severity=Severity.MEDIUM,
    uses=ALERTS,
    remediation=Remediation(
        text="Count the calls with a metric filter on the log group of a trail, alarm on the metric, and subscribe whoever "
        "shall look at it; or send them on with a rule of EventBridge, which gets refused reads in the state "
        "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS only.",
        cli="aws logs put-metric-filter --region {where} --log-group-name {group} --filter-name {filter} "
        "--filter-pattern {pattern} --metric-transformations {transformation} && "
        "aws cloudwatch put-metric-alarm --region {where} --alarm-name {filter} --namespace {namespace} "
        "--metric-name {filter} --statistic Sum --period 300 --evaluation-periods 1 --threshold 1 "
        "--comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data notBreaching --alarm-actions {topic}",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring.html",
    ),
)
def metric_filter(store: SecretStore, account: Inventory) -> Iterator[Problem]:
    """
    Whoever is after secrets tries to read them, opens their policies or takes them away, and leaves a trace each time
    that nobody reads. Deleting a secret, changing its policy, stopping its rotation and a refused read have to reach
    somebody: by a trail, a metric filter, an alarm and a confirmed subscription, or by a rule of EventBridge with a target.
    """
    if not store.secret_arns:
        raise NotApplicable("there are no secrets in the region")
    broken: dict[str, tuple[Hop, ...]] = {}
    unknown: EvidenceMissing | Undecided | None = None
    for call in (*_CHANGES, _REFUSED):
        try:
            path = broken_at(_records(call, store), store.region, account)
        except (EvidenceMissing, Undecided) as hidden:
            unknown = unknown or hidden
        else:
            if path:
                broken[call] = path
    if broken:
        yield _problem(broken, store, account)
    elif unknown:
        raise unknown


def _records(call: str, store: SecretStore) -> tuple[Mapping[str, Any], ...]:
    """Return what CloudTrail may write of *call*."""
    refused = call == _REFUSED
    record = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:session",
            "arn": f"arn:{store.partition}:sts::{store.account}:assumed-role/example/session",
            "accountId": store.account,
        },
        "eventTime": "2026-01-01T00:00:00Z",
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": "GetSecretValue" if refused else call,
        "awsRegion": store.region,
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2",
        "requestParameters": {"secretId": "example"},
        "responseElements": None,
        "requestID": "00000000-0000-0000-0000-000000000000",
        "eventID": "00000000-0000-0000-0000-000000000000",
        "readOnly": refused,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": store.account,
        "eventCategory": "Management",
    }

    return tuple({**record, "errorCode": code} for code in _REFUSALS) if refused else (record,)


def _problem(broken: Mapping[str, tuple[Hop, ...]], store: SecretStore, account: Inventory) -> Problem:
    path = max(broken.values(), key=len)

    return Problem(
        f"nobody is told of {', '.join(broken)}: {path[-1].by}",
        expected="each call reaches somebody",
        found=f"{len(broken)} of {len(_CHANGES) + 1} do not",
        fill=_counted([*broken], store, account),
        path=path,
    )


def _counted(calls: list[str], store: SecretStore, account: Inventory) -> dict[str, str]:
    """Return what describes a metric filter and its alarm, where a trail, and other alarms, show where to and for whom."""
    for trail in account.seen(Trail, store.region):
        parts = (trail.log_group_arn or "").split(":")
        if trail.know("logging") is not True or len(parts) < 7 or parts[4] != account.account:  # noqa: PLR2004
            continue
        where, group = parts[3], parts[6]
        topic = topic_of_alarms(where, account) if where in account.regions else None
        if topic:
            name = _free(where, group, account)
            return {
                "where": where,
                "group": group,
                "filter": name,
                "pattern": _pattern(calls),
                "namespace": _NAMESPACE,
                "transformation": f"metricName={name},metricNamespace={_NAMESPACE},metricValue=1",
                "topic": topic,
            }

    return {}


def _free(region: str, group: str, account: Inventory) -> str:
    taken = {each.name for each in account.seen(MetricFilter, region) if each.log_group == group}
    taken |= {alarm.name for alarm in account.seen(MetricAlarm, region)}
    names = ("secretsmanager-changes", *(f"secretsmanager-changes-{n}" for n in range(2, len(taken) + 3)))

    return next(name for name in names if name not in taken)


def _pattern(calls: list[str]) -> str:
    named = [
        '($.eventName = "GetSecretValue" && $.errorCode = "AccessDenied*")'
        if call == _REFUSED
        else f"($.eventName = {json.dumps(call)})"
        for call in calls
    ]

    return f'{{ ($.eventSource = "secretsmanager.amazonaws.com") && ({" || ".join(named)}) }}'
