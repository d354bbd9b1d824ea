import pytest

from awsaudit import Status
from awsaudit.resources.ecr import (
    FINDINGS,
    IMAGES,
    REGISTRY_SCANNING,
    SECOND_FINDINGS,
    THIRD_FINDINGS,
    RegistryScanning,
)
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.ecr.image_unscanned import image_unscanned


WEEK_AGO = "2026-11-17T12:00:00Z"
DIGEST = "sha256:0" + "a" * 63


@pytest.fixture(name="judge")
def _judge(repository, pushed, registry):
    def judge(scan, *others, when=WEEK_AGO):
        details = {IMAGES: pushed(when), FINDINGS: scan, SECOND_FINDINGS: None, THIRD_FINDINGS: None}
        return run_check(image_unscanned, repository(details), *(others or [registry()]))

    return judge


def test_flags_an_image_that_was_never_scanned(judge, scanned):
    """
    A day after the push a scan has to be there; in basic scanning the command starts one.
    """
    (finding,) = judge(scanned(None))

    assert Status.FAIL is finding.status
    assert "image sha256:0aaaaaaaaaaa… was never scanned" == finding.message
    assert (
        f"aws ecr start-image-scan --region eu-west-1 --repository-name validators --image-id imageDigest={DIGEST}"
        == finding.fix
    )


@pytest.mark.parametrize(
    "status",
    ["FAILED", "LIMIT_EXCEEDED", "FINDINGS_UNAVAILABLE", "SCAN_ELIGIBILITY_EXPIRED", "PENDING", "IN_PROGRESS"],
)
def test_flags_scans_that_did_not_end_well(judge, scanned, status):
    """
    A scan that failed, expired or still runs after a day fails, with AWS's reason.
    """
    (finding,) = judge(scanned(status, "layer too large"))

    assert Status.FAIL is finding.status
    assert f"the scan of image sha256:0aaaaaaaaaaa… is {status}: layer too large" == finding.message


def test_enhanced_scanning_needs_a_rule(judge, scanned, registry):
    """
    Enhanced scans cannot be started: a rule of the registry has to match.
    """
    (finding,) = judge(scanned(None), registry("ENHANCED"))

    assert finding.fix.startswith("aws ecr put-registry-scanning-configuration --region eu-west-1 --scan-type ENHANCED")


def test_fails_however_the_registry_scans(judge, scanned):
    """
    The verdict does not hang on the registry's configuration.
    """
    hidden = fake(RegistryScanning, {REGISTRY_SCANNING: refused(RegistryScanning, REGISTRY_SCANNING)})

    assert [Status.FAIL] == statuses(judge(scanned(None), hidden))


@pytest.mark.parametrize("status", ["COMPLETE", "ACTIVE"])
def test_accepts_scans(judge, scanned, status):
    """
    A complete scan passes, and one that keeps watching.
    """
    assert [Status.PASS] == statuses(judge(scanned(status)))


def test_remarks_on_images_that_cannot_be_scanned(judge, scanned):
    """
    An unsupported image passes with the advice to scan it elsewhere.
    """
    (finding,) = judge(scanned("UNSUPPORTED_IMAGE"))

    assert Status.PASS is finding.status
    assert ("image sha256:0aaaaaaaaaaa… cannot be scanned here; scan it as it is built",) == finding.notes


def test_does_not_concern_fresh_archived_and_missing_images(judge, scanned, repository):
    """
    Within a day of the push, in the archive, and without an image there is nothing to say.
    """
    nothing = dict.fromkeys((FINDINGS, SECOND_FINDINGS, THIRD_FINDINGS))

    assert [Status.NOT_APPLICABLE] == statuses(judge(scanned(None), when="2026-11-24T00:00:00Z"))
    assert [Status.NOT_APPLICABLE] == statuses(judge(scanned("IMAGE_ARCHIVED")))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(image_unscanned, repository({IMAGES: [], **nothing})))
