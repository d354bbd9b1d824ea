from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.declare import first_known
from awsaudit.resources.iam import AccountCredentials


@check(
    "iam-root-access-key-absent",
    title="The root user has no access keys",
    severity=Severity.CRITICAL,
    equivalents=("prowler:iam_no_root_access_key",),
    remediation=Remediation(
        text="Sign in as the root user and delete the key under Security credentials; in an organization, central root "
        "access (sts:AssumeRoot) can delete it without the root password.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_delete-key.html",
    ),
)
def root_access_key_absent(credentials: AccountCredentials) -> Iterator[Problem]:
    """
    An access key of the root user can do everything in the account and no policy limits it. Whoever finds it owns the
    account. The account summary is asked first; the credential report, up to four hours old, where that is refused.
    """
    keys = first_known(lambda: credentials.root_access_keys, lambda: _reported(credentials))
    if keys:
        yield Problem("the root user has an access key", expected="no access key", found=f"{keys} or more")


def _reported(credentials: AccountCredentials) -> int:
    row = credentials.root_row
    return sum(row.access_keys) if row else 0
