from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.ecr import Repository
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.codepipeline.stage import Place, sources
from awsaudit_checks.sns.audience import problems_of


_VERSION: Final = (
    "aws s3api put-bucket-versioning --region {bucket_region} --bucket {bucket} "
    "--versioning-configuration Status=Enabled"
)


@check(
    "codepipeline-source-stage",
    title="Source artefacts are versioned",
    severity=Severity.MEDIUM,
    uses=(Bucket.name, Bucket.versioning, Repository.name, Repository.tag_mutability, Repository.tag_exclusions),
    remediation=Remediation(
        text="Switch versioning of the source bucket on again. Make tags of the source repository immutable, and let the "
        "action name a tag that is made for each build.",
        cli=_VERSION,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html",
    ),
)
def source_stage(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    A source that keeps no versions cannot tell what was deployed last week, and there is nothing to go back to: whoever
    writes to it replaces it without a trace. Buckets with versioning pass, and images whose tag cannot be moved, or is
    neither left out nor latest. Git keeps its versions and is not asked.
    """
    kept = [place for place in sources(pipeline) if place.action.provider in {"S3", "ECR"}]
    if not kept:
        raise NotApplicable("no source of the pipeline is a bucket or a repository of images")
    yield from problems_of(
        kept,
        lambda place: _object(place, account) if place.action.provider == "S3" else _image(place, pipeline, account),
    )


def _object(place: Place, account: Inventory) -> Problem | None:
    name = place.action.configured("S3Bucket") or ""
    bucket = account.first(Bucket, lambda bucket: bucket.name == name)
    if bucket is None:
        raise Undecided(f"the bucket {name} belongs to another account, or is no more")
    if bucket.versioning == "Enabled":
        return None
    state = bucket.versioning or "never switched on"

    return Problem(
        f"{place.action.name} takes from the bucket {name}, whose versioning is not on",
        expected="Enabled",
        found=state,
        sub_key=place.action.name,
        fill={"bucket": name, "bucket_region": bucket.region},
    )


def _image(place: Place, pipeline: Pipeline, account: Inventory) -> Problem | None:
    name = place.action.configured("RepositoryName") or ""
    tag = place.action.configured("ImageTag") or "latest"
    if tag != "latest":
        return None
    region = place.action.region or pipeline.region
    repository = account.first(Repository, lambda repository: repository.name == name, region)
    if repository is None:
        raise Undecided(f"the repository {name} belongs to another account, or is no more")
    if not _can_move(repository, tag):
        return None

    return Problem(
        f"{place.action.name} takes the tag latest of {name}, which can be moved to another image",
        expected="a tag that cannot be moved",
        found=repository.tag_mutability,
        sub_key=place.action.name,
    )


def _can_move(repository: Repository, tag: str) -> bool:
    mutability = repository.tag_mutability
    excluded = any(fnmatchcase(tag, pattern) for pattern in repository.tag_exclusions)

    return mutability.startswith("MUTABLE") != (mutability.endswith("_WITH_EXCLUSION") and excluded)
