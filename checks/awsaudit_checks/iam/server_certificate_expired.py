from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.iam import ServerCertificate


@check(
    "iam-server-certificate-expired",
    title="No expired server certificates are stored in IAM",
    severity=Severity.MEDIUM,
    equivalents=("prowler:iam_no_expired_server_certificates_stored",),
    remediation=Remediation(
        text="Delete it; AWS refuses that as long as a load balancer uses it, which then needs one of AWS Certificate Manager "
        "first, where certificates renew themselves.",
        cli="aws iam delete-server-certificate --server-certificate-name {name}",
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs_manage.html",
    ),
)
def server_certificate_expired(certificate: ServerCertificate) -> Iterator[Problem]:
    """
    Put on a load balancer by mistake, or left there, an expired certificate turns clients away, or teaches people to click
    through warnings. IAM renews none, and tells nobody.
    """
    if certificate.expires < certificate.as_of:
        yield Problem(
            f"it expired on {certificate.expires:%Y-%m-%d}", expected="a valid certificate, or none", found="expired"
        )
