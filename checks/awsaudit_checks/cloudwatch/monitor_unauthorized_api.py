from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, Call, Watch, Where, unheard


_DENIED: Final = {"errorCode": "AccessDenied"}
# EC2 has a code of its own.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_UNAUTHORIZED: Final = {"errorCode": "Client.UnauthorizedOperation"}
_WATCH: Final = Watch(
    "monitor-unauthorized-api",
    (
        Call("refused writes", "sqs", "CreateQueue", _DENIED),
        Call("refused reads", "sqs", "ListQueues", {**_DENIED, "readOnly": True}),
        Call("refused writes of EC2", "ec2", "RunInstances", _UNAUTHORIZED),
        Call("refused reads of EC2", "ec2", "DescribeInstances", {**_UNAUTHORIZED, "readOnly": True}),
    ),
    Where.REGIONS,
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
)


@check(
    "cloudwatch-monitor-unauthorized-api",
    title="Alarms watch unauthorized API calls",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_log_metric_filter_unauthorized_api_calls",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_unauthorized_api(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    Whoever found a key tries what it can do, and is refused many times before they find it. Refused calls, reading and writing
    ones, have to reach somebody in every region that is in use. Filters may leave out what is known to be noise, such as
    HeadBucket. A rule of EventBridge is given calls that read in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS only.
    """
    yield from unheard(_WATCH, account)
