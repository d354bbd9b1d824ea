from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-config-changes",
    "config",
    "StopConfigurationRecorder",
    "DeleteDeliveryChannel",
    "PutDeliveryChannel",
    "PutConfigurationRecorder",
)


@check(
    "cloudwatch-monitor-config-changes",
    title="Alarms watch AWS Config changes",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_log_metric_filter_and_alarm_for_aws_config_configuration_changes_enabled",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_config_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    Without its recorder AWS Config does not see what is changed, and rules over it stay silent. Stopping or changing it has to
    reach somebody in every region that is in use: by a trail of all regions, a metric filter, an alarm and a confirmed
    subscription, or by a rule of EventBridge.
    """
    yield from unheard(_WATCH, account)
