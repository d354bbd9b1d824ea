from awsaudit import Status
from awsaudit.resources.iam import User
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.user_policies_via_groups import user_policies_via_groups
from tests.checks.iam.people import ARN, allow, boundary, user


def test_policies_of_the_user_itself_fail():
    """
    Attached and inline ones, by their names.
    """
    attached = f"{ARN}:policy/read"
    (both,) = run_check(user_policies_via_groups, user("ada", allow("s3:*"), attached=[attached]))
    (one,) = run_check(user_policies_via_groups, user("ada", attached=[attached]))

    assert (Status.FAIL, "read, own hang on the user itself") == (both.status, both.message)
    assert ("read hangs on the user itself", "1 attached, 0 inline") == (one.message, one.found)


def test_groups_and_boundaries_pass():
    """
    A boundary gives nothing.
    """
    plain = user("ada", groups=["ops"], **boundary(f"{ARN}:policy/edge"))

    assert [Status.PASS] == statuses(run_check(user_policies_via_groups, plain))


def test_refused_evidence_is_unknown():
    """
    What it has was not told.
    """
    assert [Status.UNKNOWN] == statuses(run_check(user_policies_via_groups, fake(User, {})))
