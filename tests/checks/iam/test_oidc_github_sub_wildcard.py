import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.iam.oidc_github_sub_wildcard import oidc_github_sub_wildcard
from tests.checks.iam.tokens import BITBUCKET, GITHUB, pinned, sub, taking, trusting
from tests.estate import allow, deny, managed


ENTERPRISE = "token.actions.githubusercontent.com/acme"


@pytest.mark.parametrize(
    ("issuer", "value", "severity"),
    [
        (GITHUB, "repo:acme/*", Severity.HIGH),
        (GITHUB, "repo:acme/app*", Severity.HIGH),
        (GITHUB, "repository_owner:acme", Severity.HIGH),
        (GITHUB, "repo:acme/*:environment:prod", Severity.HIGH),
        (ENTERPRISE, "repo:*", Severity.HIGH),
        ("github.example.com/_services/token", "repo:acme/*", Severity.HIGH),
        (GITHUB, "repo:acme/app:*", Severity.MEDIUM),
        (GITHUB, "repo:acme/app:ref:refs/heads/*", Severity.MEDIUM),
        (GITHUB, "repo:acme/app:ref:refs/tags/*", Severity.MEDIUM),
        (GITHUB, "repo:acme/app:pull_request", Severity.MEDIUM),
        (GITHUB, "repo:acme@1/app@2:*", Severity.MEDIUM),
    ],
)
def test_flags_a_repository_or_a_branch_that_is_open(issuer, value, severity):
    """
    Other repositories of the owner weigh more than other branches of one.
    """
    (finding,) = run_check(oidc_github_sub_wildcard, pinned(issuer, value))

    assert (Status.FAIL, severity, value) == (finding.status, finding.severity, finding.found)
    assert "such as sub " in finding.message


@pytest.mark.parametrize(
    "condition",
    [
        sub(GITHUB, "repo:acme/app:environment:prod", operator="StringEquals"),
        sub(
            GITHUB,
            "repo:acme/app:ref:refs/heads/main",
            "repo:acme@1/app@2:ref:refs/heads/main",
            operator="StringEquals",
        ),
        sub(GITHUB, "repo:acme@*/app@*:ref:refs/heads/main"),
        sub(GITHUB, "repo:acme/*")
        | {"StringEquals": {f"{GITHUB}:repository_id": "1", f"{GITHUB}:environment": "prod"}},
        sub(GITHUB, "job_workflow_ref:acme/ci/.github/workflows/deploy.yml@refs/heads/main", operator="StringEquals"),
        {"StringEquals": {f"{GITHUB}:repository": "acme/app", f"{GITHUB}:ref": "refs/heads/main"}},
    ],
)
def test_accepts_a_repository_with_its_branch(condition):
    """
    In the subject or in claims of their own, with immutable ids or without.
    """
    assert [Status.PASS] == statuses(run_check(oidc_github_sub_wildcard, trusting(taking(GITHUB, condition))))


def test_says_where_a_wildcard_is_a_mere_character():
    """
    StringEquals makes the role one that nobody can assume.
    """
    (finding,) = run_check(oidc_github_sub_wildcard, pinned(GITHUB, "repo:acme/*", operator="StringEquals"))

    assert Severity.INFO is finding.severity
    assert "to StringEquals a wildcard is a mere character" in finding.message
    assert finding.path[-1].holds is False


@pytest.mark.parametrize("trusted", [trusting(taking(GITHUB)), pinned(GITHUB, "repo:acme*"), pinned(BITBUCKET, "*")])
def test_leaves_the_rest_to_others(trusted):
    """
    No subject, an open owner, and other issuers.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_github_sub_wildcard, trusted))


def test_takes_accepted_subjects_for_known():
    """
    The account's owner may let in all of an organization.
    """
    trust = Trust(subjects=(f"{GITHUB}=repo:acme/*",))

    assert [Status.PASS] == statuses(run_check(oidc_github_sub_wildcard, pinned(GITHUB, "repo:acme/*"), trust=trust))


def test_does_not_know_what_was_refused():
    """
    Without the trust policy there is no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(oidc_github_sub_wildcard, fake(Role)))


ANY_BRANCH = "repo:acme/app:*"


def judge(*may, **more):
    return run_check(oidc_github_sub_wildcard, pinned(GITHUB, ANY_BRANCH, may=may, **more))


@pytest.mark.parametrize(
    ("may", "said"),
    [
        ([allow("s3:*")], "s3:"),
        ([allow("*")], "do nearly everything"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "do nearly everything"),
        ([allow("glue:Create*")], "glue:Create*"),
        ([allow("ec2:D*")], "ec2:D*"),
        ([allow("sqs:SendMessage", resource="arn:aws:sqs:eu-west-1:*:orders")], "sqs:SendMessage"),
        ([allow("sts:AssumeRole", resource="arn:aws:iam::444455556666:role/deploy")], "sts:AssumeRole"),
        ([allow("kms:CreateGrant")], "kms:CreateGrant"),
        ([allow("secretsmanager:Get*")], "secretsmanager:GetSecretValue"),
        ([allow("ssm:GetParameter", resource="arn:aws:ssm:*:*:parameter/ci/*")], "ssm:GetParameter"),
        ([allow("s3:*"), deny("s3:Put*", "s3:Delete*")], "s3:ReplicateObject"),
        ([allow("s3:PutObject", Condition={"StringEquals": {"s3:x-amz-acl": "private"}})], "s3:PutObject"),
    ],
)
def test_any_branch_of_a_role_that_writes_is_medium(may, said):
    """
    Writing, or having what writes: a secret, another role. The path ends at it.
    """
    (finding,) = judge(*may)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert f"the role may {said}" in finding.message
    assert "rights" == finding.path[-1].type


@pytest.mark.parametrize(
    "may",
    [
        [],
        [allow("s3:Get*", "s3:List*", "ec2:Describe*", "ecr:BatchGetImage", "kms:Decrypt", "sts:TagSession")],
        [allow("s3:PutObject"), deny("s3:*")],
        [deny("*")],
    ],
)
def test_any_branch_of_a_role_that_reads_passes(may):
    """
    It is told, though.
    """
    (finding,) = judge(*may)

    assert Status.PASS is finding.status
    assert "takes tokens of any branch, environment or pull request of a repository; the role can only read" in (
        finding.message
    )


def test_a_boundary_may_leave_reading_only():
    """
    What it does not allow is no right; what it spells out is one.
    """
    arn = "arn:aws:iam::111122223333:policy/edge"
    trusted = pinned(GITHUB, ANY_BRANCH, may=[allow("glue:*")], boundary=arn)
    reading, writing = managed(arn, allow("glue:Get*")), managed(arn, allow("glue:StartJobRun"))

    assert [Status.PASS] == statuses(run_check(oidc_github_sub_wildcard, trusted, reading))
    assert [Status.FAIL] == statuses(run_check(oidc_github_sub_wildcard, trusted, writing))


def test_rights_that_cannot_be_read_are_unknown():
    """
    Unless they do not matter: another repository is open whatever the role may do.
    """
    hidden = ("arn:aws:iam::111122223333:policy/hidden",)

    assert [Status.UNKNOWN] == statuses(judge(attached=hidden))
    assert [Status.FAIL] == statuses(
        run_check(oidc_github_sub_wildcard, pinned(GITHUB, "repo:acme/*", may=(), attached=hidden))
    )
