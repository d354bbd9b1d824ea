import pytest

from awsaudit import Status
from awsaudit.resources.ssm import INSTANCES, ManagedInstance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.instance_profile import instance_profile
from tests.checks.ec2.nodes import node


PROFILE = {"IamInstanceProfile": {"Arn": "arn:aws:iam::111122223333:instance-profile/web"}}


def reporting(id_="i-1", ping="Online"):
    return fake(ManagedInstance, {INSTANCES: {"InstanceId": id_, "PingStatus": ping}})


def look(*others, host=None, **more):
    return run_check(instance_profile, host or node(), *others, **more)


@pytest.mark.parametrize("others", [(), (reporting("i-2"),), (reporting(ping="ConnectionLost"),)])
def test_flags_hosts_without_a_role(others):
    """
    One that reported once may have lost its role since.
    """
    assert [Status.FAIL] == statuses(look(*others))


def test_passes_a_role_and_default_host_management():
    """
    A role is seen without Systems Manager.
    """
    assert [Status.PASS] == statuses(look(host=node(**PROFILE), unlisted=[ManagedInstance]))
    assert [Status.PASS] == statuses(look(reporting()))


def test_does_not_judge():
    """
    Stopped and managed hosts, and those that need nothing of AWS.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(host=node(State={"Name": "stopped"})))
    assert [Status.NOT_APPLICABLE] == statuses(look(host=node(Operator={"Managed": True})))
    assert [Status.NOT_APPLICABLE] == statuses(look(without_access=("i-*",)))


def test_refused_evidence_is_unknown():
    """
    It may report to Systems Manager.
    """
    assert [Status.UNKNOWN] == statuses(look(unlisted=[ManagedInstance]))
