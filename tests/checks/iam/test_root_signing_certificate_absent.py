import pytest

from awsaudit import Status
from awsaudit.resources.iam import SUMMARY, AccountCredentials
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.root_signing_certificate_absent import root_signing_certificate_absent
from tests.checks.iam.report import report, root, row


@pytest.mark.parametrize(
    ("credentials", "status"),
    [
        (fake(AccountCredentials, {SUMMARY: {"AccountSigningCertificatesPresent": 1}}), Status.FAIL),
        (fake(AccountCredentials, {SUMMARY: {"AccountSigningCertificatesPresent": 0}}), Status.PASS),
        (report(root(cert_1_active="true")), Status.FAIL),
        (report(root(cert_2_active="true")), Status.FAIL),
        (report(root()), Status.PASS),
        (report(row("ada", cert_1_active="true")), Status.PASS),
        (report(root(cert_1_active="true"), summary={"AccountSigningCertificatesPresent": 0}), Status.PASS),
        (fake(AccountCredentials, {}), Status.UNKNOWN),
    ],
)
def test_asks_the_summary_then_the_report(credentials, status):
    """
    Either source is enough, the fresher one goes first, and without both nothing is known.
    """
    assert [status] == statuses(run_check(root_signing_certificate_absent, credentials))
