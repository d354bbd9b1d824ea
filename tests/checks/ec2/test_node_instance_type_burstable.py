import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.node_instance_type_burstable import node_instance_type_burstable
from tests.checks.ec2.nodes import node


def look(size="m7i.large", role="validator", **more):
    return run_check(node_instance_type_burstable, node(tags={"role": role}, InstanceType=size, **more))


@pytest.mark.parametrize("size", ["t2.micro", "t3a.large", "t4g.xlarge"])
def test_flags_burstable_types(size):
    """
    Of every generation.
    """
    (finding,) = look(size)

    assert (Status.FAIL, f"the validator runs on the burstable type {size}") == (finding.status, finding.message)


def test_flags_spot_instances():
    """
    A burstable one is told of twice.
    """
    assert [Status.FAIL] == statuses(look(InstanceLifecycle="spot"))
    assert [Status.FAIL, Status.FAIL] == statuses(look("t3.small", InstanceLifecycle="spot"))


@pytest.mark.parametrize("size", ["m7i.large", "trn1.2xlarge", "c7g.xlarge"])
def test_passes_steady_types(size):
    """
    trn1 begins with a t and is none.
    """
    assert [Status.PASS] == statuses(look(size))


def test_judges_who_has_duties():
    """
    An IPFS node may wait.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look("t3.small", "ipfs"))
    assert [Status.NOT_APPLICABLE] == statuses(look("t3.small", "web"))


def test_says_unknown_without_a_type():
    """
    No default is assumed.
    """
    assert [Status.UNKNOWN] == statuses(look(None))
