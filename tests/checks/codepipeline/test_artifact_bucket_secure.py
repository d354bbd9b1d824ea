import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codebuild import DETAILS, Project
from awsaudit.resources.codebuild import LIST as PROJECTS
from awsaudit.resources.iam import Role
from awsaudit.resources.organizations import OrganizationAccount
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ENCRYPTION,
    LIST,
    POLICY,
    PUBLIC_ACCESS,
    AccountPublicAccess,
    Bucket,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.artifact_bucket_secure import artifact_bucket_secure
from tests.checks.codepipeline.lines import action, build, pipeline, source, stage
from tests.estate import FOREIGN, OWN, allow, alone, deny, document, key, member_of, role, trusting, user


RUNS, BUILDS = trusting("codepipeline.amazonaws.com"), trusting("codebuild.amazonaws.com")
WRITES = allow("s3:PutObject")
BLOCKED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
LINE = pipeline(stage("Source", source()), stage("Build", build()))


def bucket(*statements, name="artifacts", key_id=None, blocked=None):
    encryption = {"SSEAlgorithm": "aws:kms" if key_id else "AES256", **({"KMSMasterKeyID": key_id} if key_id else {})}
    return fake(
        Bucket,
        {
            LIST: {"Name": name, "CreationDate": "2026-01-01T00:00:00+00:00"},
            POLICY: {"Policy": json.dumps(document(*statements))} if statements else None,
            PUBLIC_ACCESS: blocked,
            ENCRYPTION: encryption,
        },
    )


def project():
    told = {"name": "release", "serviceRole": f"arn:aws:iam::{OWN}:role/build", "source": {"type": "CODEPIPELINE"}}
    return fake(Project, {PROJECTS: "release", DETAILS: {**told, "environment": {"image": "x", "type": "y"}}})


def judge(*others, judged=LINE, wide=None, around=(), **more):
    open_ = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: wide})
    return run_check(artifact_bucket_secure, judged, project(), open_, *others, *(around or alone()), **more)


def admits(principal, *actions):
    return {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": "arn:aws:s3:::artifacts/*"}


@pytest.mark.parametrize(
    "writer", [user("ada", WRITES), role("app", allow("s3:Put*")), role("build-old", WRITES, trust=BUILDS)]
)
def test_flags_others_that_may_write(writer):
    """
    People, workloads, and builds of something else.
    """
    [finding] = judge(bucket(), writer)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"{writer.name} may write to its artifact bucket artifacts" in finding.message
    assert [writer.arn, "arn:aws:s3:::artifacts/*", LINE.arn] == [hop.resource for hop in finding.path]


def test_the_command_denies_writing_to_others():
    """
    Roles of pipelines and their builds go on, and what the policy says already stays.
    """
    admitted = admits({"AWS": f"arn:aws:iam::{OWN}:role/reader"}, "s3:GetObject")
    line, built = role("pipeline", WRITES, trust=RUNS), role("build", WRITES, trust=BUILDS)
    [finding] = judge(bucket(admitted), user("ada", WRITES), line, built)
    words = shlex.split(finding.fix)
    statements = json.loads(words[words.index("--policy") + 1])["Statement"]

    assert finding.fix.startswith("aws s3api put-bucket-policy --region eu-west-1 --bucket artifacts --policy ")
    assert [line.arn, built.arn] == sorted(statements[1]["Condition"]["ArnNotLike"]["aws:PrincipalArn"], reverse=True)
    assert admitted == statements[0]
    assert [Status.PASS] == statuses(judge(bucket(*statements), user("ada", WRITES), line, built))


@pytest.mark.parametrize(
    "other", [action("f", "Invoke", "Lambda"), action("x", "Test", "Ours", "Custom"), source("GitHub", "ThirdParty")]
)
def test_prints_no_command_where_others_have_to_write(other):
    """
    Functions and actions of other providers write by credentials that they are handed.
    """
    [finding] = judge(bucket(), user("ada", WRITES), judged=pipeline(stage("Source", source()), stage("More", other)))

    assert finding.fix is None


@pytest.mark.parametrize(
    "holder",
    [
        role("pipeline", WRITES, trust=RUNS),
        role("build", WRITES, trust=BUILDS),
        role("admin", allow("*")),
        role("reader", allow("s3:GetObject")),
        role("elsewhere", allow("s3:PutObject", resource="arn:aws:s3:::other/*")),
        role("taken", WRITES, deny("s3:*", resource="arn:aws:s3:::artifacts/*")),
        role("AWSServiceRoleForX", WRITES, path="/aws-service-role/x.amazonaws.com/"),
    ],
)
def test_roles_of_the_pipeline_and_who_may_not_write_pass(holder):
    """
    Administrators too: they write wherever they like.
    """
    assert [Status.PASS] == statuses(judge(bucket(), holder))


def test_roles_of_other_pipelines_with_the_bucket_pass():
    """
    And those of actions, wherever they are.
    """
    deploy = action("stack", "Deploy", "CloudFormation", roleArn=f"arn:aws:iam::{OWN}:role/deploy")
    other = pipeline(stage("Source", source()), stage("Deploy", deploy), name="jobs")

    assert [Status.PASS] == statuses(judge(bucket(), role("deploy", WRITES), other))


def test_the_buckets_key_keeps_off_who_may_not_use_it():
    """
    What is written is encrypted with it.
    """
    arn = f"arn:aws:kms:eu-west-1:{OWN}:key/k-1"
    both = user("ada", allow("s3:PutObject", "kms:GenerateDataKey"))

    assert [Status.PASS] == statuses(judge(bucket(key_id=arn), key("k-1"), user("ada", WRITES)))
    assert [Status.FAIL] == statuses(judge(bucket(key_id=arn), key("k-1"), both))


def test_flags_a_public_bucket_and_blocks_it():
    """
    Unless S3 restricts it, by the setting of the bucket or of the account.
    """
    public = admits("*", "s3:GetObject")
    [finding] = judge(bucket(public))

    assert "lets anybody" in finding.message
    assert finding.fix.startswith("aws s3api put-public-access-block --region eu-west-1 --bucket artifacts ")
    assert [Status.PASS] == statuses(judge(bucket(public, blocked=BLOCKED)))
    assert [Status.PASS] == statuses(judge(bucket(public), wide=BLOCKED))


def test_flags_accounts_that_nobody_knows():
    """
    Those of the organization pass; where its accounts could not be listed nobody knows.
    """
    shared = bucket(admits({"AWS": f"arn:aws:iam::{FOREIGN}:root"}, "s3:PutObject"))
    [finding] = judge(shared)

    assert FOREIGN in finding.message
    assert finding.fix is None
    assert [Status.PASS] == statuses(judge(shared, around=member_of("o-exampleorgid", FOREIGN)))
    around = member_of("o-exampleorgid", OWN)[:2]
    assert [Status.UNKNOWN] == statuses(judge(shared, around=around, unlisted=[OrganizationAccount]))


def test_asks_every_store():
    """
    One for each region of its actions.
    """
    stores = {r: {"type": "S3", "location": f"artifacts-{r}"} for r in ("eu-west-1", "us-east-1")}
    found = judge(
        *(bucket(name=f"artifacts-{r}") for r in stores), user("ada", WRITES), judged=pipeline(artifactStores=stores)
    )

    assert ["artifacts-eu-west-1 writers", "artifacts-us-east-1 writers"] == [f.sub_key for f in found]


def test_a_bucket_that_is_not_there_is_unknown():
    """
    It may be another account's.
    """
    [finding] = judge()

    assert Status.UNKNOWN is finding.status
    assert "another account's, or does not exist" in finding.message


@pytest.mark.parametrize("kind", [Bucket, Role, Project])
def test_unseen_is_unknown(kind):
    """
    The bucket, or who may write to it.
    """
    open_ = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
    others = [each for each in (bucket(), open_, *alone()) if type(each) is not kind]

    assert [Status.UNKNOWN] == statuses(run_check(artifact_bucket_secure, LINE, *others, unlisted=[kind]))
