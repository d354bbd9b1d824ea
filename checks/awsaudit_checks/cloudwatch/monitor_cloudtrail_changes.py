from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-cloudtrail-changes",
    "cloudtrail",
    "CreateTrail",
    "UpdateTrail",
    "DeleteTrail",
    "StartLogging",
    "StopLogging",
)


@check(
    "cloudwatch-monitor-cloudtrail-changes",
    title="Alarms watch CloudTrail changes",
    severity=Severity.MEDIUM,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_log_metric_filter_and_alarm_for_cloudtrail_configuration_changes_enabled",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_cloudtrail_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    Intruders stop the trail, or turn it to another bucket, before they do what it would show; the calls that do so are the
    last it records. Each of them has to reach somebody in every region that is in use: by a trail of all regions, a metric
    filter, an alarm and a confirmed subscription, or by a rule of EventBridge.
    """
    yield from unheard(_WATCH, account)
