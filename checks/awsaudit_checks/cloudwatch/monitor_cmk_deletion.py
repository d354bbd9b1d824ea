from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-cmk-deletion",
    "kms",
    "DisableKey",
    "ScheduleKeyDeletion",
)


@check(
    "cloudwatch-monitor-cmk-deletion",
    title="Alarms watch KMS key disabling or deletion",
    severity=Severity.MEDIUM,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_cmk_deletion(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    Once a key is deleted, nobody reads what it encrypted again; until then it takes a week at least, in which somebody has to
    notice. Both calls have to reach somebody in every region that is in use. A trail that leaves out the events of KMS does
    not record them.
    """
    yield from unheard(_WATCH, account)
