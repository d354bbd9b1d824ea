from awsaudit import Status
from awsaudit_checks.cloudwatch.monitor_s3_policy_changes import monitor_s3_policy_changes
from tests.alerts import assert_watches, counted


CALLS = (
    "PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication "
    "DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication"
)


def test_wants_every_call():
    """
    By one filter or several, by a rule of EventBridge, however they are written.
    """
    assert_watches(monitor_s3_policy_changes, "s3", CALLS)


def test_takes_narrower_clauses_that_leave_nothing_out():
    """
    Clauses on the kind of event do no harm; one that leaves out people does.
    """
    wanted = " || ".join(f"($.eventName = {call})" for call in CALLS.split())
    more = {}

    assert (
        Status.PASS
        is counted(monitor_s3_policy_changes, f"{{ ({wanted}) && $.eventType != AwsServiceEvent }}", **more).status
    )
    assert (
        Status.FAIL
        is counted(monitor_s3_policy_changes, f"{{ ({wanted}) && $.userIdentity.type = Root }}", **more).status
    )
