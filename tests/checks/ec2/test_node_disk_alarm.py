import pytest

from awsaudit import Status
from awsaudit.resources.cloudwatch import DiskMetric, MetricAlarm
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.node_disk_alarm import node_disk_alarm
from tests.checks.ec2.nodes import ACTING, alarm, disk, metric, node


ROOT, DATA = disk(InstanceId="i-1", path="/"), disk(InstanceId="i-1", path="/data", fstype="ext4")
WATCH = alarm(**metric("CWAgent", "disk_used_percent", InstanceId="i-1", path="/data"), **ACTING)


def look(*others, host=None, **more):
    return run_check(node_disk_alarm, host or node(), *others, **more)


def test_flags_disks_that_nothing_watches():
    """
    The command names the file system of the data, with all dimensions of its metric.
    """
    (finding,) = look(ROOT, DATA)

    assert (Status.FAIL, "no alarm watches its disks") == (finding.status, finding.message)
    assert '{"Name":"path","Value":"/data"}' in finding.fix


def test_passes_an_alarm_on_a_file_system():
    """
    In the agent's namespace, or in one that the configuration names.
    """
    own = alarm(**metric("Nodes", "disk_used_percent", InstanceId="i-1"), **ACTING)

    assert [Status.PASS] == statuses(look(DATA, WATCH))
    assert [Status.PASS] == statuses(look(own, namespaces=("Nodes",)))
    assert [Status.FAIL] == statuses(look(DATA, own))


def test_flags_an_alarm_without_action():
    """
    Nobody hears of it.
    """
    (finding,) = look(DATA, alarm(**metric("CWAgent", "disk_used_percent", InstanceId="i-1")))

    assert (Status.FAIL, "its alarm watch has no action") == (finding.status, finding.message)


def test_judges_nodes_only():
    """
    Other hosts' disks do not grow with a chain.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(DATA, host=node(tags={})))


@pytest.mark.parametrize(
    ("others", "more"),
    [
        ((), {}),
        ((disk(InstanceId="i-2", path="/data"),), {}),
        ((DATA,), {"monitored_elsewhere": ("i-1",)}),
        ((), {"unlisted": [DiskMetric]}),
        ((DATA,), {"unlisted": [MetricAlarm]}),
    ],
)
def test_says_unknown_where_the_agent_tells_nothing(others, more):
    """
    Something else may watch the host.
    """
    assert [Status.UNKNOWN] == statuses(look(*others, **more))
