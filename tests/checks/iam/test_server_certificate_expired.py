import pytest

from awsaudit import Status
from awsaudit.resources.iam import SERVER_CERTIFICATES, ServerCertificate
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.server_certificate_expired import server_certificate_expired


def certificate(expires):
    arn = "arn:aws:iam::111122223333:server-certificate/www"
    return fake(
        ServerCertificate, {SERVER_CERTIFICATES: {"Arn": arn, "ServerCertificateName": "www", "Expiration": expires}}
    )


def test_an_expired_certificate_fails():
    """
    The command deletes it, which AWS refuses while it is used.
    """
    (finding,) = run_check(server_certificate_expired, certificate("2026-11-24T11:59:59Z"))

    assert (Status.FAIL, "it expired on 2026-11-24") == (finding.status, finding.message)
    assert "aws iam delete-server-certificate --server-certificate-name www" == finding.fix


@pytest.mark.parametrize("expires", ["2026-11-24T12:00:00Z", "2027-01-01T00:00:00Z"])
def test_a_valid_certificate_passes(expires):
    """
    Until the moment itself.
    """
    assert [Status.PASS] == statuses(run_check(server_certificate_expired, certificate(expires)))


def test_refused_evidence_is_unknown():
    """
    When it expires was not told.
    """
    assert [Status.UNKNOWN] == statuses(run_check(server_certificate_expired, fake(ServerCertificate, {})))
