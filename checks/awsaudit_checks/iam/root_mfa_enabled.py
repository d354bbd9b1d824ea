from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import AccountCredentials


@check(
    "iam-root-mfa-enabled",
    title="The root user has MFA (or root credentials are centrally removed)",
    severity=Severity.CRITICAL,
    equivalents=("prowler:iam_root_mfa_enabled",),
    remediation=Remediation(
        text="Sign in as the root user and register a passkey or hardware key under Security credentials; in an "
        "organization, remove the root credentials of member accounts by central root access.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html",
    ),
)
def root_mfa_enabled(credentials: AccountCredentials) -> Iterator[Problem]:
    """
    The root user can do everything in the account, and its password can be reset by whoever reads the account's mail.
    A second factor stands in the way of both. An account without root credentials needs none.
    """
    if credentials.root_mfa:
        return
    if credentials.root_password is False and not credentials.root_access_keys:
        raise NotApplicable("the root user has no credentials")
    yield Problem("the root user has no second factor", expected="MFA", found="password alone")
