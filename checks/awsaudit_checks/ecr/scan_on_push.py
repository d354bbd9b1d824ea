from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ecr import RegistryScanning, Repository
from awsaudit_checks.ecr.registry import EVERY_REPOSITORY, SCAN_EVERYTHING, known_scan_type, scan_type


@check(
    "ecr-scan-on-push",
    title="ECR images are scanned on push or continuously",
    severity=Severity.MEDIUM,
    uses=(RegistryScanning.scan_type,),
    equivalents=(
        "prowler:ecr_registry_scan_images_on_push_enabled",
        "prowler:ecr_repositories_scan_images_on_push_enabled",
    ),
    remediation=Remediation(
        text="Let the registry scan all repositories of the region; the kind of scan stays as it is. The command replaces "
        "the rules that there are. Basic scanning is free; enhanced scanning is paid by the image.",
        cli=SCAN_EVERYTHING,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    ),
)
def scan_on_push(repository: Repository, account: Inventory) -> Iterator[Problem | Note]:
    """
    Images that nobody scans carry known vulnerabilities into the cluster. What counts is what the registry's rules make
    of the repository: scanned on push, or continuously. The repository's own setting counts in basic scanning only;
    enhanced scanning ignores it.
    """
    frequency = repository.scan_frequency
    if frequency in {"SCAN_ON_PUSH", "CONTINUOUS_SCAN"}:
        if repository.scan_filters:
            yield Note(f"{frequency} by the registry's filter {', '.join(repository.scan_filters)}")
        return
    own = repository.repository_scan_on_push or repository.scan_on_push
    if own and scan_type(repository.region, account) == "BASIC":
        return
    kind = known_scan_type(repository.region, account)
    yield Problem(
        "its own scan-on-push setting has no effect: the registry's scanning is enhanced, and no rule of it matches"
        if own
        else "images are scanned only when somebody asks for it",
        expected="SCAN_ON_PUSH or CONTINUOUS_SCAN",
        found=frequency or "none",
        fill={"scan_type": kind, "rules": EVERY_REPOSITORY[kind]} if kind else {},
    )
