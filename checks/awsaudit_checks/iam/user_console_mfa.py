from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import User
from awsaudit_checks.iam.credential import REPORT, credentials_of


@check(
    "iam-user-console-mfa",
    title="Every console user has MFA",
    severity=Severity.HIGH,
    uses=REPORT,
    equivalents=("prowler:iam_user_mfa_enabled_console_access",),
    remediation=Remediation(
        text="Let the user register a passkey or security key under Security credentials; better, move people to IAM Identity "
        "Center and delete the password (aws iam delete-login-profile).",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable.html",
    ),
)
def user_console_mfa(user: User, account: Inventory) -> Iterator[Problem]:
    """
    A password alone is what phishing, a leak elsewhere or a shared note gives away, and the console is open to the
    internet. Any second factor passes. Users without a password do not sign in to the console, and are not judged.
    """
    found = credentials_of(user, account)
    if not found.password:
        raise NotApplicable("it has no password")
    if not found.mfa:
        used = f", used last on {found.password_used:%Y-%m-%d}" if found.password_used else ", never used"
        yield Problem(f"it signs in with a password alone{used}", expected="a second factor", found="a password")
