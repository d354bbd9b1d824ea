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
    "responseElements": {"ConsoleLogin": "Success"},
    "additionalEventData": {"MobileVersion": "No", "MFAUsed": "No"},
}
_WATCH: Final = Watch(
    "monitor-signin-no-mfa",
    (Call("console sign-ins without MFA", "signin", "ConsoleLogin", _CONSOLE),),
    Where.BOTH,
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && '
    '($.responseElements.ConsoleLogin = "Success") }',
)


@check(
    "cloudwatch-monitor-signin-no-mfa",
    title="Alarms watch console sign-in without MFA",
    severity=Severity.MEDIUM,
    uses=MONITORING,
    equivalents=("prowler:cloudwatch_log_metric_filter_sign_in_without_mfa",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_signin_no_mfa(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    A password alone opened the console: either a user was never given a second factor, or somebody has their password. Such a
    sign-in of an IAM user has to reach somebody, in the home region and in every region that is in use, where its endpoint
    may be. Federated sign-ins say nothing of MFA, so that filters may leave them out.
    """
    yield from unheard(_WATCH, account)
