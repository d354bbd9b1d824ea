import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import LIST as PIPELINES
from awsaudit.resources.codepipeline import PIPELINE, Pipeline
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ENCRYPTION,
    POLICY,
    PUBLIC_ACCESS,
    TAGGING,
    AccountPublicAccess,
    Bucket,
)
from awsaudit.resources.s3 import LIST as BUCKETS
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.ssm import PARAMETERS, Parameter
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codebuild.pr_to_secrets import pr_to_secrets
from tests.checks.codebuild.hooks import PROPOSED, PUSHED, asks, event, hook, project
from tests.estate import FOREIGN, OWN, allow, alone, deny, document, key, repository, role, secret, trusting


BUILDS = trusting("codebuild.amazonaws.com")
LOGS = allow("logs:CreateLogStream", "logs:PutLogEvents")
OPEN = hook([PROPOSED])
SECRET, IMAGES = secret("payments/api-key"), repository("team/api")


def bucket(name, **tags):
    answers = {
        BUCKETS: {"Name": name, "BucketRegion": "eu-west-1"},
        POLICY: None,
        PUBLIC_ACCESS: None,
        ENCRYPTION: {"SSEAlgorithm": "AES256"},
        TAGGING: [{"Key": k, "Value": v} for k, v in tags.items()],
    }
    return fake(Bucket, answers)


def parameter(name, kind="SecureString", key_id="alias/aws/ssm"):
    return fake(
        Parameter, {PARAMETERS: {"Name": name, "Type": kind, "KeyId": key_id if kind == "SecureString" else None}}
    )


SOME = (SECRET, IMAGES, parameter("/ci/token"))


def judge(*statements, built=None, others=SOME, **more):
    wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
    holder = role("build", *statements, trust=BUILDS)
    return run_check(pr_to_secrets, built or project(OPEN), holder, wide, *others, *alone(), **more)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (allow("secretsmanager:GetSecretValue"), "reads the secret payments/api-key"),
        (allow("ssm:GetParameter*"), "reads the parameter /ci/token"),
        (allow("ecr:*"), "pushes to the repository team/api"),
        (
            allow("sts:AssumeRole", resource=f"arn:aws:iam::{FOREIGN}:role/deploy"),
            "assumes the role of another account",
        ),
        (allow("sts:AssumeRole", resource="arn:aws:iam::*:role/deploy-*"), "assumes the role of another account"),
        (allow("iam:PassRole", resource=f"arn:aws:iam::{OWN}:role/task"), "passes the role"),
    ],
)
def test_flags_what_strangers_reach(statement, said):
    """
    The path goes from whoever opens a pull request to it, hop by hop.
    """
    [finding] = judge(LOGS, statement)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert finding.message.startswith(f"whoever opens a pull request {said}")
    assert ["outside", "repository", "AWS::CodeBuild::Project", "AWS::IAM::Role"] == [h.type for h in finding.path[:4]]
    assert "https://github.com/example/app" == finding.path[1].resource
    assert "their build specification comes along" in finding.path[2].by
    assert all(hop.holds for hop in finding.path)


def pipeline(location):
    declared = {"name": "ship", "artifactStore": {"type": "S3", "location": location}, "stages": []}
    return fake(Pipeline, {PIPELINES: {"name": "ship"}, PIPELINE: {"pipeline": declared}})


@pytest.mark.parametrize(
    "others",
    [
        [bucket("example-tfstate")],
        [bucket("terraform", purpose="terraform-state")],
        [bucket("site", environment="production")],
        [bucket("artifacts"), pipeline("artifacts")],
        [bucket("artifacts"), project(name="other", artifacts={"type": "S3", "location": "artifacts"})],
    ],
)
def test_flags_buckets_of_state_artifacts_and_production(others):
    """
    Whoever writes there changes what is deployed next.
    """
    [finding] = judge(allow("s3:PutObject"), others=others)[:1]

    assert f"writes to the bucket {others[0].name}" in finding.message


def test_other_buckets_pass():
    """
    The project's own artifacts among them.
    """
    built = project(OPEN, artifacts={"type": "S3", "location": "reports"})

    assert [Status.PASS] == statuses(judge(allow("s3:*"), built=built, others=[bucket("reports"), bucket("cache")]))


def test_a_role_in_between_is_a_hop():
    """
    A role of the account that builds may assume is as good as their own.
    """
    trust = document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:role/build"}, "Action": "sts:AssumeRole"}
    )
    deploy = role("deploy", allow("secretsmanager:GetSecretValue"), trust=trust)
    [finding] = judge(LOGS, others=(SECRET, deploy))

    assert [f"arn:aws:iam::{OWN}:role/build", deploy.arn, SECRET.arn] == [hop.resource for hop in finding.path[3:]]
    assert "assumes it" in finding.path[4].by


def test_an_administrator_in_between_is_told():
    """
    What it reaches needs no list.
    """
    trust = document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:role/build"}, "Action": "sts:AssumeRole"}
    )
    [finding] = judge(LOGS, others=(SECRET, role("mighty", allow("*"), trust=trust)))

    assert "whoever opens a pull request becomes the administrator mighty" == finding.message


def test_an_administrator_is_critical():
    """
    A pull request is then all that it takes to have the account.
    """
    [finding] = judge(allow("*"))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert "everything" == finding.path[-1].type


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ({"name": "TOKEN", "value": "ci/token:key", "type": "SECRETS_MANAGER"}, "is given the secret ci/token:key"),
        ({"name": "TOKEN", "value": "/ci/token", "type": "PARAMETER_STORE"}, "is given the parameter /ci/token"),
        ({"name": "TOKEN", "value": "gone", "type": "PARAMETER_STORE"}, "is given the parameter gone"),
    ],
)
def test_flags_secrets_in_variables(variable, said):
    """
    The code of the pull request reads its environment, whatever the role may do.
    """
    [finding] = judge(LOGS, built=project(OPEN, variables=[variable]))

    assert said in finding.message
    assert ["AWS::CodeBuild::Project"] == [hop.type for hop in finding.path[2:-1]]


@pytest.mark.parametrize(
    ("statements", "others"),
    [
        ([LOGS], (SECRET, IMAGES, parameter("/ci/token"))),
        ([allow("ssm:GetParameters", "ssm:GetParameter")], (parameter("/ci/region", kind="String"),)),
        ([allow("ssm:GetParameter")], (parameter("/ci/token", key_id="k-1"), key("k-1"))),
        ([allow("secretsmanager:*"), deny("secretsmanager:GetSecretValue")], (SECRET,)),
        ([allow("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")], (IMAGES,)),
        ([allow("sts:AssumeRole", resource=f"arn:aws:iam::{OWN}:role/gone")], ()),
    ],
)
def test_a_role_that_reaches_nothing_passes(statements, others):
    """
    Logs, plain parameters, parameters under a key that it may not use, and what is denied.
    """
    assert [Status.PASS] == statuses(judge(*statements, others=others))


def test_a_plain_parameter_in_a_variable_passes():
    """
    It is no secret.
    """
    variable = {"name": "REGION", "value": "/ci/region", "type": "PARAMETER_STORE"}
    built = project(OPEN, variables=[variable])

    assert [Status.PASS] == statuses(judge(LOGS, built=built, others=(parameter("/ci/region", kind="String"),)))


def test_flags_runners_of_many_repositories():
    """
    Who makes a repository in the organization needs no pull request.
    """
    built = project(hook([event("WORKFLOW_JOB_QUEUED")], scope=("GITHUB_ORGANIZATION", "example")))
    [finding] = judge(allow("ecr:*"), built=built)

    assert (
        "whoever may make a repository in the organization example pushes to the repository team/api" == finding.message
    )
    assert "the organization example" == finding.path[1].resource


@pytest.mark.parametrize(
    "webhook",
    [
        None,
        hook([PUSHED]),
        hook([PROPOSED], approval="ALL_PULL_REQUESTS"),
        hook([PROPOSED, asks("ACTOR_ACCOUNT_ID", "^1$")]),
        hook([PUSHED, asks("REPOSITORY_NAME", "^app$")], scope=("GITHUB_ORGANIZATION", "example")),
    ],
)
def test_does_not_apply_where_no_stranger_builds(webhook):
    """
    What is pushed, approved or listed is the business of those who may.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(allow("*"), built=project(webhook)))


@pytest.mark.parametrize("hidden", [Secret, Parameter, Pipeline])
def test_what_could_not_be_listed_is_unknown(hidden):
    """
    It might be reached.
    """
    assert [Status.UNKNOWN] == statuses(judge(allow("s3:PutObject"), others=(), unlisted=[hidden]))


def test_what_is_hidden_hides_nothing_that_was_found():
    """
    One secret is enough.
    """
    assert [Status.FAIL] == statuses(judge(allow("ecr:*"), others=(IMAGES,), unlisted=[Secret]))


def test_a_policy_that_cannot_be_read_is_unknown():
    """
    It might allow anything.
    """
    wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
    holder = role("build", trust=BUILDS, attached=[f"arn:aws:iam::{OWN}:policy/hidden"])

    assert [Status.UNKNOWN] == statuses(run_check(pr_to_secrets, project(OPEN), holder, wide, SECRET, *alone()))
