import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecr import FINDINGS, IMAGES, SECOND_FINDINGS, THIRD_FINDINGS, Repository
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.ecr.image_critical_vulnerabilities import image_critical_vulnerabilities


WEEK_AGO = "2026-11-17T12:00:00Z"


@pytest.fixture(name="judge")
def _judge(repository, pushed):
    def judge(scan, **options):
        image = {**pushed(WEEK_AGO)[0], "imageTags": ["v1.4.2"]}
        details = {IMAGES: [image], FINDINGS: scan, SECOND_FINDINGS: None, THIRD_FINDINGS: None}
        return run_check(image_critical_vulnerabilities, repository(details), **options)

    return judge


@pytest.mark.parametrize(
    ("counts", "severity", "found"),
    [
        ({"CRITICAL": 3, "HIGH": 12, "LOW": 7}, Severity.HIGH, "3 critical and 12 high"),
        ({"CRITICAL": 0, "HIGH": 1}, Severity.MEDIUM, "1 high"),
    ],
)
def test_flags_vulnerabilities(judge, scanned, counts, severity, found):
    """
    Critical findings are high, high ones medium; there is no command that rebuilds an image.
    """
    for status in ("COMPLETE", "ACTIVE"):
        (finding,) = judge(scanned(status, **counts))

        assert (Status.FAIL, severity, None) == (finding.status, finding.severity, finding.fix)
        assert f"image v1.4.2 has known vulnerabilities: {found}" == finding.message


@pytest.mark.parametrize("counts", [{}, {"MEDIUM": 5, "INFORMATIONAL": 9}, {"CRITICAL": 0}])
def test_accepts_findings_below_the_threshold(judge, scanned, counts):
    """
    No findings, and findings below high, pass.
    """
    assert [Status.PASS] == statuses(judge(scanned(**counts)))


def test_the_threshold_is_an_option(judge, scanned):
    """
    At critical high findings pass, at medium medium ones fail, as low.
    """
    assert [Status.PASS] == statuses(judge(scanned(HIGH=4), threshold="critical"))
    (finding,) = judge(scanned(MEDIUM=4), threshold="medium")
    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


@pytest.mark.parametrize(
    "status",
    [
        "FAILED",
        "IN_PROGRESS",
        "PENDING",
        "FINDINGS_UNAVAILABLE",
        "LIMIT_EXCEEDED",
        "SCAN_ELIGIBILITY_EXPIRED",
        "UNSUPPORTED_IMAGE",
    ],
)
def test_does_not_guess_without_a_complete_scan(judge, scanned, status):
    """
    A scan that is not complete leaves it unknown; what the last one found is told.
    """
    (finding,) = judge(scanned(status, CRITICAL=2))

    assert Status.UNKNOWN is finding.status
    assert f"the scan of image v1.4.2 is {status}; the last scan found 2 critical" == finding.message


def test_does_not_concern_images_that_were_never_scanned(judge, scanned):
    """
    An image without a scan is the matter of another check, an archived one of none.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(scanned(None)))
    assert [Status.NOT_APPLICABLE] == statuses(judge(scanned("IMAGE_ARCHIVED")))


def test_does_not_concern_repositories_without_images(repository):
    """
    Empty repositories, and those of charts and signatures alone, are not judged.
    """
    nothing = dict.fromkeys((FINDINGS, SECOND_FINDINGS, THIRD_FINDINGS))

    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(image_critical_vulnerabilities, repository({IMAGES: [], **nothing}))
    )


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        ({"12:00:02": "UNSUPPORTED_IMAGE", "12:00:01": "COMPLETE"}, Status.FAIL),
        ({"12:00:03": "UNSUPPORTED_IMAGE", "12:00:02": "UNSUPPORTED_IMAGE", "12:00:01": "COMPLETE"}, Status.FAIL),
        (dict.fromkeys(("12:00:03", "12:00:02", "12:00:01"), "UNSUPPORTED_IMAGE"), Status.UNKNOWN),
        ({"12:30:00": "UNSUPPORTED_IMAGE", "12:00:01": "COMPLETE"}, Status.UNKNOWN),
        ({"12:30:00": "UNSUPPORTED_IMAGE", "12:29:59": "UNSUPPORTED_IMAGE", "12:00:01": "COMPLETE"}, Status.UNKNOWN),
        ({"12:00:00": "UNSUPPORTED_IMAGE"}, Status.UNKNOWN),
    ],
)
def test_looks_behind_attestations(repository, pushed, scanned, images, expected):
    """
    What docker buildx pushes with an image cannot be scanned: the image of the same push is judged, no older one.
    """
    scans = [scanned(status, CRITICAL=1) for status in images.values()] + [None] * (3 - len(images))
    details = dict(zip((FINDINGS, SECOND_FINDINGS, THIRD_FINDINGS), scans, strict=True))
    details[IMAGES] = pushed(*(f"2026-11-17T{moment}Z" for moment in images))

    assert [expected] == statuses(run_check(image_critical_vulnerabilities, repository(details)))


def test_needs_no_second_scan_where_the_first_answers(repository, pushed, scanned):
    """
    Refused scans of other images do not matter while the newest one's is there; its own does.
    """
    gap = refused(Repository, FINDINGS)
    images = {IMAGES: pushed(WEEK_AGO, WEEK_AGO)}

    assert [Status.PASS] == statuses(
        run_check(image_critical_vulnerabilities, repository({**images, FINDINGS: scanned(), SECOND_FINDINGS: gap}))
    )
    assert [Status.UNKNOWN] == statuses(
        run_check(image_critical_vulnerabilities, repository({**images, FINDINGS: gap, SECOND_FINDINGS: gap}))
    )
