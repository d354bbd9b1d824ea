import datetime

from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ecr import RegistryScanning, Repository
from awsaudit_checks.ecr.image import newest_image, spoken
from awsaudit_checks.ecr.registry import EVERY_REPOSITORY, SCAN_EVERYTHING, known_scan_type


_DAY = datetime.timedelta(days=1)


@check(
    "ecr-image-unscanned",
    title="The newest image has a completed scan",
    severity=Severity.MEDIUM,
    uses=(RegistryScanning.scan_type,),
    remediation=Remediation(
        text="In basic scanning, start a scan of the image. In enhanced scanning, let a rule of the registry match the "
        "repository, then push or pull the image.",
        cli="aws ecr start-image-scan --region {region} --repository-name {name} --image-id imageDigest={digest}",
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html",
    ),
)
def image_unscanned(repository: Repository, account: Inventory) -> Iterator[Problem | Note]:
    """
    A scan that failed, expired or never ran looks like an image without findings. A day after the push a scan has to be
    complete, or watching. Images that scanners cannot read (scratch, distroless) pass with a remark: scan those as they
    are built.
    """
    images = repository.images
    if images and repository.age(images[0].pushed_at) < _DAY:
        raise NotApplicable(f"{spoken(images[0])} was pushed less than a day ago")
    image, scan = newest_image(repository)
    if scan.status == "IMAGE_ARCHIVED":
        raise NotApplicable(f"{spoken(image)} is archived")
    if scan.status in {"COMPLETE", "ACTIVE"}:
        return
    if scan.status == "UNSUPPORTED_IMAGE":
        yield Note(f"{spoken(image)} cannot be scanned here; scan it as it is built")
        return
    kind = known_scan_type(repository.region, account)
    fill = {"scan_type": kind, "rules": EVERY_REPOSITORY[kind]} if kind else {}
    why = f": {scan.reason}" if scan.reason else ""
    yield Problem(
        f"the scan of {spoken(image)} is {scan.status}{why}" if scan.status else f"{spoken(image)} was never scanned",
        expected="COMPLETE or ACTIVE",
        found=scan.status or "no scan",
        fill={**fill, "digest": image.digest},
        cli=SCAN_EVERYTHING if kind == "ENHANCED" else None,
    )
