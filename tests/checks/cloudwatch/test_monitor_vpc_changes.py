from awsaudit import Status
from awsaudit_checks.cloudwatch.monitor_vpc_changes import monitor_vpc_changes
from tests.alerts import assert_watches, counted


CALLS = (
    "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection "
    "DeleteVpcPeeringConnection RejectVpcPeeringConnection"
)


def test_wants_every_call():
    """
    By one filter or several, by a rule of EventBridge, however they are written.
    """
    assert_watches(monitor_vpc_changes, "ec2", CALLS)


def test_takes_narrower_clauses_that_leave_nothing_out():
    """
    Clauses on the kind of event do no harm; one that leaves out people does.
    """
    wanted = " || ".join(f"($.eventName = {call})" for call in CALLS.split())
    more = {}

    assert (
        Status.PASS
        is counted(monitor_vpc_changes, f"{{ ({wanted}) && $.eventType != AwsServiceEvent }}", **more).status
    )
    assert Status.FAIL is counted(monitor_vpc_changes, f"{{ ({wanted}) && $.userIdentity.type = Root }}", **more).status
