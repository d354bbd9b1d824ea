from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, Call, Watch, Where, unheard


# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
_CONSOLE: Final = {
    "eventType": "AwsConsoleSignIn",
    "userIdentity": {"type": "IAMUser", "principalId": "AIDAEXAMPLE", "userName": "example"},
    "requestParameters": None,
    "errorMessage": "Failed authentication",
    "responseElements": {"ConsoleLogin": "Failure"},
    "additionalEventData": {"MobileVersion": "No", "MFAUsed": "No"},
}
_WATCH: Final = Watch(
    "monitor-signin-failures",
    (Call("failed console sign-ins", "signin", "ConsoleLogin", _CONSOLE),),
    Where.BOTH,
    '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
)


@check(
    "cloudwatch-monitor-signin-failures",
    title="Alarms watch console authentication failures",
    severity=Severity.LOW,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_log_metric_filter_authentication_failures",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_signin_failures(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    Somebody who guesses passwords fails first, often. Failed sign-ins to the console have to reach somebody, in the home region
    and in every region that is in use, where the endpoint of a sign-in may be: by a metric filter and an alarm, or by a rule
    of EventBridge.
    """
    yield from unheard(_WATCH, account)
