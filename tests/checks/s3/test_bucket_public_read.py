import pytest

from awsaudit import Severity, Status
from awsaudit.resources.s3 import ACL, POLICY, AccountPublicAccess, Bucket
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.s3.bucket_public_read import bucket_public_read
from tests.checks.policies import CONTAINED, PUBLIC, UNSIGNED, document
from tests.checks.s3.buckets import BLOCK, CLOSED, OPEN, bucket, grant, wide
from tests.estate import OWN, allow, deny


ITSELF, INSIDE = "arn:aws:s3:::ledger", "arn:aws:s3:::ledger/*"
READ = allow("s3:GetObject", resource=INSIDE, Principal="*")


def judge(judged, settings=None, **more):
    return run_check(bucket_public_read, judged, settings or wide(), **more)


@pytest.mark.parametrize("case", [*PUBLIC, UNSIGNED], ids=str)
def test_flags_policies_that_everybody_meets(case):
    """
    Whatever the form; what the command blocks makes it pass.
    """
    statements = document(case, "s3:Get*", INSIDE)["Statement"]
    [finding] = judge(bucket(*statements))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert BLOCK.format("ledger") == finding.fix
    assert [Status.PASS] == statuses(judge(bucket(*statements, block=CLOSED)))


@pytest.mark.parametrize("case", CONTAINED, ids=str)
def test_accepts_policies_that_bind(case):
    """
    Conditions that no stranger meets.
    """
    assert [Status.PASS] == statuses(judge(bucket(*document(case, "s3:GetObject", INSIDE)["Statement"])))


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        (allow("s3:ListBucket", resource=ITSELF, Principal="*"), Severity.HIGH),
        (allow("s3:*", resource=[ITSELF, INSIDE], Principal="*"), Severity.CRITICAL),
        (allow("*", resource="*", Principal={"AWS": "*"}), Severity.CRITICAL),
        (allow("s3:GetObjectVersion", resource=f"{ITSELF}/public/*", Principal="*"), Severity.CRITICAL),
        (allow("s3:PutObject", resource=INSIDE, Principal="*"), None),
        (allow("s3:GetObject", resource="arn:aws:s3:::other/*", Principal="*"), None),
    ],
)
def test_grades_by_what_is_read(statement, severity):
    """
    Names are high, contents critical; to write is another check's matter.
    """
    [finding] = judge(bucket(statement))

    assert severity == (finding.severity if finding.status is Status.FAIL else None)


def test_denials_are_taken_off():
    """
    What is allowed to everybody and denied to everybody else is no way in.
    """
    others = deny(
        "s3:*", resource=[ITSELF, INSIDE], Principal="*", Condition={"StringNotEquals": {"aws:PrincipalAccount": OWN}}
    )

    assert [Status.PASS] == statuses(judge(bucket(READ, others)))


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"StringEquals": {"s3:DataAccessPointAccount": OWN}}, Status.PASS),
        ({"ArnLike": {"s3:DataAccessPointArn": f"arn:aws:s3:*:{OWN}:accesspoint/*"}}, Status.PASS),
        ({"StringLike": {"s3:DataAccessPointArn": f"arn:aws:s3:eu-west-1:{OWN}:accesspoint/*"}}, Status.PASS),
        ({"StringNotEquals": {"s3:DataAccessPointAccount": OWN}}, Status.FAIL),
        ({"StringLike": {"s3:DataAccessPointAccount": "*"}}, Status.FAIL),
    ],
)
def test_leaves_it_to_the_accounts_access_points(condition, status):
    """
    A policy that hands over to access points of the account is not public; those are judged by themselves.
    """
    assert [status] == statuses(judge(bucket({**READ, "Condition": condition})))


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        (grant("READ"), Severity.HIGH),
        (grant("READ_ACP", "AuthenticatedUsers"), Severity.HIGH),
        (grant("FULL_CONTROL"), Severity.CRITICAL),
        (grant("WRITE"), None),
        ({**grant("READ"), "Grantee": {"URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}}, None),
    ],
)
def test_flags_grants_to_everybody(given, severity):
    """
    With an AWS account or without; the group that delivers logs is neither.
    """
    [finding] = judge(bucket(grants=[given], ownership=None))

    assert severity == (finding.severity if finding.status is Status.FAIL else None)


def test_grants_count_as_far_as_they_are_not_ignored():
    """
    ACLs that are off, or ignored by bucket or account.
    """
    ignoring = {**OPEN, "IgnorePublicAcls": True}

    assert [Status.PASS] == statuses(judge(bucket(grants=[grant("READ")], ownership="BucketOwnerEnforced")))
    assert [Status.PASS] == statuses(judge(bucket(grants=[grant("READ")], block=ignoring)))
    assert [Status.PASS] == statuses(judge(bucket(grants=[grant("READ")]), wide(ignoring)))


def test_policies_count_as_far_as_they_are_not_restricted():
    """
    By bucket or account; what is said of new policies and ACLs keeps nobody off.
    """
    restricting = {**OPEN, "RestrictPublicBuckets": True}

    assert [Status.PASS] == statuses(judge(bucket(READ, block=restricting)))
    assert [Status.PASS] == statuses(judge(bucket(READ), wide(restricting)))
    assert [Status.FAIL] == statuses(judge(bucket(READ, block={**CLOSED, "RestrictPublicBuckets": False})))


def test_says_what_was_not_asked():
    """
    ACLs of single objects.
    """
    [on], [off] = judge(bucket()), judge(bucket(ownership="BucketOwnerEnforced"))

    assert [("ACLs are on: whether one makes a single object public was not asked",), ()] == [on.notes, off.notes]


def test_leaves_websites():
    """
    What its owner names.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(bucket(READ), websites=("ledger",)))


@pytest.mark.parametrize(
    ("judged", "settings", "status"),
    [
        (bucket(policy=refused(Bucket, POLICY)), None, Status.UNKNOWN),
        (bucket(acl=refused(Bucket, ACL)), None, Status.UNKNOWN),
        (bucket(READ), fake(AccountPublicAccess, {}), Status.UNKNOWN),
        (bucket(READ, acl=refused(Bucket, ACL)), None, Status.FAIL),
        (bucket(policy=refused(Bucket, POLICY), grants=[grant("READ")]), None, Status.FAIL),
    ],
)
def test_what_was_refused_is_unknown(judged, settings, status):
    """
    Unless the other half is public for sure.
    """
    assert [status] == statuses(judge(judged, settings))
