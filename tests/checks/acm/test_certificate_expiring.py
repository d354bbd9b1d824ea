import datetime

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.acm import CERTIFICATES, RENEWAL, Certificate
from awsaudit.testing import AS_OF, fake, run_check, statuses
from awsaudit_checks.acm.certificate_expiring import certificate_expiring


ARN = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"


def certificate(days=10, renewal="PENDING_AUTO_RENEWAL", **more):
    listed = {
        "CertificateArn": ARN,
        "DomainName": "rpc.example.com",
        "Status": "ISSUED",
        "Type": "AMAZON_ISSUED",
        "InUse": True,
        "RenewalEligibility": "ELIGIBLE",
        "NotAfter": (AS_OF + datetime.timedelta(days=days)).isoformat(),
    }
    return fake(
        Certificate, {CERTIFICATES: {**listed, **more}, RENEWAL: {"RenewalStatus": renewal} if renewal else None}
    )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (certificate(Type="IMPORTED", renewal=None), "ACM does not renew what is imported"),
        (certificate(RenewalEligibility="INELIGIBLE"), "ACM does not renew it"),
        (certificate(renewal="PENDING_VALIDATION"), "before its domain is validated"),
        (certificate(renewal="FAILED"), "ACM failed to renew it"),
        (certificate(Status="EXPIRED"), "it has expired"),
        (certificate(-1), "it ended on 2026-11-23"),
    ],
)
def test_flags_what_nobody_renews(found, words):
    """
    Imported, not eligible, stuck, or at its end.
    """
    (finding,) = run_check(certificate_expiring, found)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert words in finding.message


@pytest.mark.parametrize("renewal", ["PENDING_AUTO_RENEWAL", None])
def test_is_low_where_acm_is_about_to(renewal):
    """
    It renews by itself.
    """
    (finding,) = run_check(certificate_expiring, certificate(renewal=renewal))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert "it ends on 2026-12-04, and ACM has not renewed it yet" == finding.message


def test_passes_what_is_valid_for_long():
    """
    How long, the configuration says.
    """
    assert [Status.PASS] == statuses(run_check(certificate_expiring, certificate(31)))
    assert [Status.PASS] == statuses(run_check(certificate_expiring, certificate(10), min_days=7))


def test_judges_what_is_used_and_was_issued():
    """
    Others turn nobody away.
    """
    for other in (certificate(InUse=False), certificate(Status="PENDING_VALIDATION", NotAfter=None)):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(certificate_expiring, other))


def test_is_unknown_where_the_renewal_cannot_be_seen():
    """
    How bad it is hangs on it, unless it is imported.
    """
    hidden = fake(
        Certificate,
        {
            CERTIFICATES: {
                "CertificateArn": ARN,
                "Status": "ISSUED",
                "Type": "AMAZON_ISSUED",
                "InUse": True,
                "NotAfter": AS_OF.isoformat(),
            }
        },
    )

    assert [Status.UNKNOWN] == statuses(run_check(certificate_expiring, hidden))
