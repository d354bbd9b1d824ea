from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.declare import first_known
from awsaudit.resources.iam import AccountCredentials


@check(
    "iam-root-signing-certificate-absent",
    title="The root user has no X.509 signing certificates",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Sign in as the root user and delete the certificate under Security credentials.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
    ),
)
def root_signing_certificate_absent(credentials: AccountCredentials) -> Iterator[Problem]:
    """
    Requests in SOAP are signed with such a certificate, and it is the root user who asks: its private key is as good as
    an access key of the root user, and nothing has needed one for years. The account summary is asked first; the
    credential report, up to four hours old, where that is refused.
    """
    found = first_known(lambda: credentials.root_certificates, lambda: _reported(credentials))
    if found:
        yield Problem("the root user has a signing certificate", expected="none", found=f"{found} or more")


def _reported(credentials: AccountCredentials) -> int:
    row = credentials.rows.get(credentials.arn)
    return sum(row.certificates) if row else 0
