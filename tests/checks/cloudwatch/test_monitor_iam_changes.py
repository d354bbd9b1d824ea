from awsaudit import Status
from awsaudit_checks.cloudwatch.monitor_iam_changes import monitor_iam_changes
from tests.alerts import assert_watches, counted, ruled


CALLS = (
    "PutUserPolicy PutRolePolicy PutGroupPolicy DeleteUserPolicy DeleteRolePolicy DeleteGroupPolicy "
    "CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachUserPolicy AttachRolePolicy "
    "AttachGroupPolicy DetachUserPolicy DetachRolePolicy DetachGroupPolicy"
)


def test_wants_every_call():
    """
    By one filter or several, by a rule of EventBridge, however they are written.
    """
    assert_watches(monitor_iam_changes, "iam", CALLS, regions=["us-east-1"])


def test_takes_narrower_clauses_that_leave_nothing_out():
    """
    Clauses on the kind of event do no harm; one that leaves out people does.
    """
    wanted = " || ".join(f"($.eventName = {call})" for call in CALLS.split())
    more = {"regions": ["us-east-1"]}

    assert (
        Status.PASS
        is counted(monitor_iam_changes, f"{{ ({wanted}) && $.eventType != AwsServiceEvent }}", **more).status
    )
    assert Status.FAIL is counted(monitor_iam_changes, f"{{ ({wanted}) && $.userIdentity.type = Root }}", **more).status


def test_a_rule_is_needed_where_the_calls_are_recorded():
    """
    Calls of a service without regions are recorded in one; no rule elsewhere is asked for, or helps.
    """
    pattern = {"source": ["aws.iam"]}

    assert Status.PASS is ruled(monitor_iam_changes, pattern, "ENABLED", ["us-east-1"]).status
    assert Status.FAIL is ruled(monitor_iam_changes, pattern, "ENABLED", ["eu-west-1"]).status
