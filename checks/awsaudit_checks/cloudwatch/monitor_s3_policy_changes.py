from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, unheard, watch_of


_WATCH: Final = watch_of(
    "monitor-s3-policy-changes",
    "s3",
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketCors",
    "PutBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketPolicy",
    "DeleteBucketCors",
    "DeleteBucketLifecycle",
    "DeleteBucketReplication",
)


@check(
    "cloudwatch-monitor-s3-policy-changes",
    title="Alarms watch S3 bucket policy changes",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_log_metric_filter_for_s3_bucket_policy_changes",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_s3_policy_changes(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    One call opens a bucket to everybody, copies it to another account, or lets what is in it expire. These calls are rare, and
    each has to reach somebody in every region that is in use: by a trail of all regions, a metric filter, an alarm and a
    confirmed subscription, or by a rule of EventBridge.
    """
    yield from unheard(_WATCH, account)
