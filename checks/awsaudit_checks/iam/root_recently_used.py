import datetime

from collections.abc import Iterator

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.iam import AccountCredentials
from awsaudit_checks.iam.credential import root_of


@check(
    "iam-root-recently-used",
    title="The root user is not used for daily tasks",
    severity=Severity.MEDIUM,
    equivalents=("prowler:iam_avoid_root_usage",),
    remediation=Remediation(
        text="Do the work with a role, by IAM Identity Center or another federation, and keep the root user for the few tasks "
        "that need it. A rule on events whose userIdentity.type is Root tells when somebody signs in.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
    ),
)
def root_recently_used(credentials: AccountCredentials, *, days: int = 90) -> Iterator[Problem | Note]:
    """
    No policy limits the root user, and what several people do with it cannot be told apart. Whoever uses it daily has its
    password at hand, for others too. It passes if neither password nor keys were used of late; of an account that is
    itself that young a remark is made, for it has to be set up.
    """
    root = root_of(credentials)
    uses = [("its password", root.password_used), *(("an access key of it", key.used) for key in root.keys)]
    recent = [(when, what) for what, when in uses if when and credentials.age(when) <= datetime.timedelta(days=days)]
    if not recent:
        return
    when, what = max(recent)
    message = f"{what} was used on {when:%Y-%m-%d}"
    if credentials.age(root.created) <= datetime.timedelta(days=days):
        yield Note(f"{message}, in an account of {root.created:%Y-%m-%d}")
    else:
        yield Problem(message, expected=f"no use in {days} days", found=f"used on {when:%Y-%m-%d}")
