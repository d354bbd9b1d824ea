from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.acm import Certificate


_STUCK: Final = {
    "PENDING_VALIDATION": "ACM cannot renew it before its domain is validated",
    "FAILED": "ACM failed to renew it",
}


@check(
    "acm-certificate-expiring",
    title="Certificates in use do not expire soon",
    severity=Severity.HIGH,
    equivalents=("prowler:acm_certificates_expiration_check",),
    remediation=Remediation(
        text="Import the new certificate under the same ARN (aws acm import-certificate --certificate-arn), or put the CNAME "
        "records back into DNS by which ACM validates the domain; it then renews by itself.",
        cli=None,
        url="https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-renewal.html",
    ),
)
def certificate_expiring(certificate: Certificate, *, min_days: int = 30) -> Iterator[Problem]:
    """
    On the day that a certificate ends every client turns away. One that is in use has to be valid for ``min_days`` more.
    Low where ACM renews it by itself and has not yet. Certificates that nothing of AWS uses are not judged.
    """
    if not certificate.in_use:
        raise NotApplicable("nothing of AWS uses it")
    if certificate.state == "EXPIRED":
        yield Problem("it has expired and is in use", expected="valid", found="expired")
        return
    if certificate.state != "ISSUED" or certificate.expires is None:
        raise NotApplicable(f"its state is {certificate.state}")
    days = -certificate.age(certificate.expires).total_seconds() / 86_400
    if days >= min_days:
        return
    why = _not_renewed(certificate)
    left = f"it ends on {certificate.expires:%Y-%m-%d}" if days > 0 else f"it ended on {certificate.expires:%Y-%m-%d}"
    yield Problem(
        f"{left}, and {why or 'ACM has not renewed it yet'}",
        expected=f"valid for {min_days} days",
        found=f"{max(int(days), 0)} days",
        severity=None if why or days <= 0 else Severity.LOW,
    )


def _not_renewed(certificate: Certificate) -> str:
    """Return why ACM does not renew it; empty if it does."""
    if certificate.kind == "IMPORTED":
        return "ACM does not renew what is imported"
    if certificate.renewable == "INELIGIBLE":
        return "ACM does not renew it"

    return _STUCK.get(certificate.renewal or "", "")
