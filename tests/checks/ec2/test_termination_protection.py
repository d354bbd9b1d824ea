import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.termination_protection import termination_protection
from tests.checks.ec2.nodes import node


def test_flags_a_node_without_protection():
    """
    The command switches it on.
    """
    (finding,) = run_check(termination_protection, node(kept=False))

    assert Status.FAIL is finding.status
    assert "--instance-id i-1 --disable-api-termination" in finding.fix


def test_passes_a_protected_node():
    """
    A stopped one is a node, too.
    """
    assert [Status.PASS] == statuses(run_check(termination_protection, node(kept=True, State={"Name": "stopped"})))


@pytest.mark.parametrize(
    "host",
    [
        node(tags={"role": "web"}, kept=False),
        node(kept=False, InstanceLifecycle="spot"),
        node(kept=False, tags={"role": "execution", "aws:autoscaling:groupName": "nodes"}),
        node(kept=False, Operator={"Managed": True}),
    ],
)
def test_does_not_judge(host):
    """
    Other hosts, and those whose protection would not hold.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(termination_protection, host))


def test_refused_evidence_is_unknown():
    """
    The listing does not tell.
    """
    listed = {"InstanceId": "i-1", "State": {"Name": "running"}, "Tags": [{"Key": "role", "Value": "signer"}]}

    assert [Status.UNKNOWN] == statuses(run_check(termination_protection, fake(Instance, {INSTANCES: listed})))
