from collections.abc import Iterator, Mapping

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ecr import Repository
from awsaudit_checks.ecr.image import newest_image, spoken


_SEVERITIES = {
    "CRITICAL": Severity.HIGH,
    "HIGH": Severity.MEDIUM,
    "MEDIUM": Severity.LOW,
    "LOW": Severity.LOW,
}


@check(
    "ecr-image-critical-vulnerabilities",
    title="The latest image has no findings above the threshold",
    severity=Severity.HIGH,
    equivalents=("prowler:ecr_repositories_scan_vulnerabilities_in_latest_image",),
    remediation=Remediation(
        text="Rebuild the image on a patched base image with patched packages, push it under a new tag, and roll it out. "
        "`aws ecr describe-image-scan-findings` lists what was found and in which version it is fixed.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    ),
)
def image_critical_vulnerabilities(repository: Repository, *, threshold: str = "high") -> Iterator[Problem]:
    """
    The newest image is the one that is deployed next. Known critical vulnerabilities in it are what attackers scan for.
    Judged are the counts of its last scan, from *threshold* upwards (critical, high, medium or low). What was never
    scanned is the matter of ecr-image-unscanned.
    """
    image, scan = newest_image(repository)
    if scan.status is None:
        raise NotApplicable(f"{spoken(image)} was never scanned; see ecr-image-unscanned")
    if scan.status == "IMAGE_ARCHIVED":
        raise NotApplicable(f"{spoken(image)} is archived")
    levels = list(_SEVERITIES)[: list(_SEVERITIES).index(threshold.upper()) + 1]
    found = {level: scan.counts[level] for level in levels if scan.counts.get(level)}
    if scan.status not in {"COMPLETE", "ACTIVE"}:
        last = f"; the last scan found {_listed(found)}" if found else ""
        raise Undecided(f"the scan of {spoken(image)} is {scan.status}{last}")
    if found:
        yield Problem(
            f"{spoken(image)} has known vulnerabilities: {_listed(found)}",
            expected=f"none from {threshold.lower()} upwards",
            found=_listed(found),
            severity=_SEVERITIES[next(iter(found))],
        )


def _listed(counts: Mapping[str, int]) -> str:
    return " and ".join(f"{count} {level.lower()}" for level, count in counts.items())
