import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import ROLES, Role
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ENCRYPTION,
    LIST,
    POLICY,
    PUBLIC_ACCESS,
    AccountPublicAccess,
    Bucket,
)
from awsaudit.resources.secretsmanager import Secret
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.eks.node_role_reach_limited import node_role_reach_limited
from tests.estate import OWN, allow, alone, deny, document, key, managed, repository, role, secret


NODE = (
    allow("ec2:Describe*", "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
    allow("eks-auth:AssumeRoleForPodIdentity"),
)
BUCKET = fake(
    Bucket,
    {
        LIST: {"Name": "ledger", "BucketRegion": "eu-west-1"},
        POLICY: None,
        PUBLIC_ACCESS: None,
        ENCRYPTION: {"SSEAlgorithm": "AES256"},
    },
)
SECRET, KEY, IMAGES = secret("payments/api-key"), key("k-1"), repository("team/api")


@pytest.fixture
def judge(make_group):
    """
    Return a function that runs the check on a node group with a role, in an account with one of everything.
    """

    def judge(holder, *others, **more):
        wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
        return run_check(
            node_role_reach_limited, make_group(), holder, SECRET, KEY, IMAGES, BUCKET, wide, *alone(), *others, **more
        )

    return judge


@pytest.mark.parametrize(
    ("block", "status"),
    [
        (None, Status.PASS),
        ({"RestrictPublicBuckets": True}, Status.FAIL),
        (refused(Bucket, PUBLIC_ACCESS), Status.UNKNOWN),
    ],
)
def test_what_everybody_reaches_is_no_matter_of_the_role(judge, block, status):
    """
    A public bucket is read by whoever likes; that is told of the bucket. A block that cannot be seen leaves it open.
    """
    reads = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"}
    site = fake(
        Bucket,
        {
            LIST: {"Name": "site", "BucketRegion": "eu-west-1"},
            POLICY: {"Policy": document(reads)},
            PUBLIC_ACCESS: block,
            ENCRYPTION: {"SSEAlgorithm": "AES256"},
        },
    )
    (finding,) = judge(role("node", *NODE, allow("s3:GetObject", resource="arn:aws:s3:::site/*")), site)

    assert status is finding.status


@pytest.mark.parametrize(
    ("statement", "said", "severity"),
    [
        (allow("secretsmanager:GetSecretValue"), "reads the secret payments/api-key", Severity.HIGH),
        (allow("kms:Decrypt"), "decrypts with the key k-1", Severity.HIGH),
        (allow("ecr:*"), "pushes to the repository team/api", Severity.HIGH),
        (allow("s3:*"), "writes to the bucket ledger", Severity.MEDIUM),
        (allow("s3:GetObject", resource="arn:aws:s3:::ledger/*"), "reads the bucket ledger", Severity.MEDIUM),
    ],
)
def test_flags_what_the_role_reaches(judge, statement, said, severity):
    """
    Each resource of the account that the role reaches is named, with the path to it.
    """
    [finding] = judge(role("node", *NODE, statement))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert said in finding.message
    assert ["AWS::EKS::Nodegroup", "AWS::IAM::Role"] == [hop.type for hop in finding.path[:2]]
    assert all(hop.holds for hop in finding.path)


def test_pulling_passes(judge):
    """
    What every node needs reaches nothing of the account's own.
    """
    assert [Status.PASS] == statuses(judge(role("node", *NODE)))


def test_the_fix_denies_it(judge):
    """
    The printed policy, put on the role, makes it pass.
    """
    [finding] = judge(role("node", *NODE, allow("secretsmanager:*")))
    denied = deny("secretsmanager:GetSecretValue", resource=SECRET.arn)

    assert "--policy-name deny-node-reach" in finding.fix
    assert SECRET.arn in finding.fix
    assert [Status.PASS] == statuses(judge(role("node", *NODE, allow("secretsmanager:*"), denied)))


def test_a_secret_under_a_key_of_ones_own_needs_both(make_group):
    """
    A role that may read the secret and not decrypt with its key does not reach it.
    """
    locked = secret("payments/api-key", key_id=KEY.arn)
    wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
    findings = run_check(
        node_role_reach_limited,
        make_group(),
        role("node", *NODE, allow("secretsmanager:GetSecretValue")),
        locked,
        KEY,
        wide,
        *alone(),
    )

    assert [Status.PASS] == statuses(findings)


def test_a_boundary_limits_the_reach(judge):
    """
    What the boundary does not allow is not reached.
    """
    arn = f"arn:aws:iam::{OWN}:policy/edge"
    holder = role("node", *NODE, allow("secretsmanager:*"), boundary=arn)

    assert [Status.PASS] == statuses(judge(holder, managed(arn, allow("ec2:*", "ecr:Get*"))))


def test_an_administrator_is_critical(judge):
    """
    A node role that may do everything is told as such.
    """
    [finding] = judge(role("node", allow("*")))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)


def test_what_cannot_be_seen_is_unknown(judge):
    """
    Secrets that could not be listed might be reached.
    """
    assert [Status.UNKNOWN] == statuses(judge(role("node", *NODE), unlisted=[Secret]))


def test_refused_policies_are_unknown(judge):
    """
    A role whose policies were refused might reach anything.
    """
    hidden = fake(Role, {ROLES: refused(Role, ROLES)})

    assert [Status.UNKNOWN] == statuses(judge(hidden))


def test_a_missing_role_does_not_apply(judge):
    """
    A role that was deleted reaches nothing.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(role("other")))
