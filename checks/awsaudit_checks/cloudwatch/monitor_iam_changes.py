from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import ALERTS, COUNT
from awsaudit_checks.cloudwatch.monitor import TEXT, URL, Where, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-iam-changes",
    "iam",
    "PutUserPolicy",
    "PutRolePolicy",
    "PutGroupPolicy",
    "DeleteUserPolicy",
    "DeleteRolePolicy",
    "DeleteGroupPolicy",
    "CreatePolicy",
    "DeletePolicy",
    "CreatePolicyVersion",
    "DeletePolicyVersion",
    "AttachUserPolicy",
    "AttachRolePolicy",
    "AttachGroupPolicy",
    "DetachUserPolicy",
    "DetachRolePolicy",
    "DetachGroupPolicy",
    where=Where.HOME,
)


@check(
    "cloudwatch-monitor-iam-changes",
    title="Alarms watch IAM policy changes",
    severity=Severity.LOW,
    uses=ALERTS,
    equivalents=("prowler:cloudwatch_log_metric_filter_policy_changes",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_iam_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    Whoever takes over an account gives rights to a user or role of theirs. Few people change policies, and each change is
    worth a look. Each call that does has to reach somebody: by a trail of all regions, a metric filter, an alarm that one
    call sets off, and a confirmed subscription; or by a rule of EventBridge where IAM's calls are recorded.
    """
    yield from unheard(_WATCH, account)
