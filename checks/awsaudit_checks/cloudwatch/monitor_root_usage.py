from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account, AccountCredentials
from awsaudit_checks.cloudwatch.chain import COUNT
from awsaudit_checks.cloudwatch.monitor import MONITORING, TEXT, URL, Call, Watch, Where, unheard


_ROOT: Final = {"userIdentity": {"type": "Root", "principalId": "111122223333", "accountId": "111122223333"}}
_SIGN_IN: Final = {
    **_ROOT,
    "eventType": "AwsConsoleSignIn",
    "requestParameters": None,
    "responseElements": {"ConsoleLogin": "Success"},
    "additionalEventData": {"MobileVersion": "No", "MFAUsed": "Yes"},
}
_WATCH: Final = Watch(
    "monitor-root-usage",
    (
        Call("calls of the root user", "ec2", "RunInstances", _ROOT),
        Call("sign-ins of the root user", "signin", "ConsoleLogin", _SIGN_IN),
    ),
    Where.BOTH,
    '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }',
)


@check(
    "cloudwatch-monitor-root-usage",
    title="Alarms watch root use",
    severity=Severity.MEDIUM,
    uses=(*MONITORING, AccountCredentials.root_password, AccountCredentials.root_access_keys),
    equivalents=("prowler:cloudwatch_log_metric_filter_root_usage",),
    remediation=Remediation(text=TEXT, cli=COUNT, url=URL),
)
def monitor_root_usage(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    Hardly anything needs the root user, so that its use means somebody in a hurry, or somebody who should not be there. Its
    calls and its sign-ins have to reach somebody, in the home region and in every region that is in use. An account
    whose root user has neither password nor keys is not judged.
    """
    for root in account.every(AccountCredentials):
        if root.root_password is False and not root.root_access_keys:
            raise NotApplicable("the root user has no credentials")
    yield from unheard(_WATCH, account)
