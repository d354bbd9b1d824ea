import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.ecr import LIST, Repository
from awsaudit.resources.s3 import LIST as BUCKETS
from awsaudit.resources.s3 import VERSIONING, Bucket
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.source_stage import source_stage
from tests.checks.codepipeline.lines import source, stage
from tests.checks.codepipeline.runs import SOURCE, deploy, run


def bucket(status=None, name="charts"):
    listed = {"Name": name, "BucketRegion": "eu-west-1"}
    return fake(Bucket, {BUCKETS: listed, VERSIONING: {"Status": status} if status else {}})


def repository(mutability="MUTABLE", *excluded):
    filters = [{"filterType": "WILDCARD", "filter": pattern} for pattern in excluded]
    told = {"repositoryArn": "arn:aws:ecr:eu-west-1:111122223333:repository/app", "repositoryName": "app"}
    told |= {"imageTagMutability": mutability, "imageTagMutabilityExclusionFilters": filters}
    return fake(Repository, {LIST: told})


def objects(**more):
    return run(stage("Source", source("S3", S3Bucket="charts", S3ObjectKey="app.zip", **more)), deploy())


def images(**more):
    return run(stage("Source", source("ECR", RepositoryName="app", **more)), deploy())


@pytest.mark.parametrize(("status", "found"), [("Suspended", "Suspended"), (None, "never switched on")])
def test_flags_a_bucket_without_versions(status, found):
    """
    CodePipeline asks for versioning as the pipeline is made, and not again.
    """
    (finding,) = run_check(source_stage, objects(), bucket(status))

    assert (Status.FAIL, Severity.MEDIUM, found) == (finding.status, finding.severity, finding.found)
    assert finding.fix == (
        "aws s3api put-bucket-versioning --region eu-west-1 --bucket charts --versioning-configuration Status=Enabled"
    )


@pytest.mark.parametrize("tag", [{}, {"ImageTag": "latest"}])
@pytest.mark.parametrize(
    "others", [repository(), repository("MUTABLE_WITH_EXCLUSION", "v*"), repository("IMMUTABLE_WITH_EXCLUSION", "lat*")]
)
def test_flags_a_tag_that_can_be_moved(tag, others):
    """
    Without a tag latest is meant. To make it immutable would break whoever pushes it: there is no command.
    """
    (finding,) = run_check(source_stage, images(**tag), others)

    assert "app takes the tag latest of app, which can be moved to another image" == finding.message
    assert finding.fix is None


@pytest.mark.parametrize(
    ("line", "other"),
    [
        (objects(), bucket("Enabled")),
        (images(), repository("IMMUTABLE")),
        (images(), repository("IMMUTABLE_WITH_EXCLUSION", "dev*")),
        (images(), repository("MUTABLE_WITH_EXCLUSION", "latest")),
        (images(ImageTag="v1"), repository()),
    ],
)
def test_accepts_versions(line, other):
    """
    Patterns that are excluded have the other mutability.
    """
    assert [Status.PASS] == statuses(run_check(source_stage, line, other))


def test_does_not_apply_to_git():
    """
    Git keeps its versions.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(source_stage, run(SOURCE, deploy())))


@pytest.mark.parametrize("line", [objects(), images()])
def test_does_not_know_what_is_elsewhere_or_was_refused(line):
    """
    A bucket or repository of another account is not among the account's own.
    """
    assert [Status.UNKNOWN] == statuses(run_check(source_stage, line))
    assert [Status.UNKNOWN] == statuses(run_check(source_stage, line, unlisted=[Bucket, Repository]))
    assert [Status.UNKNOWN] == statuses(run_check(source_stage, fake(Pipeline)))
