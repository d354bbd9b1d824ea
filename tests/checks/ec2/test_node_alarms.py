import pytest

from awsaudit import Status
from awsaudit.resources.cloudwatch import MetricAlarm
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.node_alarms import node_alarms
from tests.checks.ec2.nodes import ACTING, ONCALL, alarm, composite, math, metric, node


OWN = metric(InstanceId="i-1")
QUERY = {"Metrics": [{"Id": "q", "Expression": 'SELECT MAX(StatusCheckFailed) FROM "AWS/EC2"'}]}


def look(*alarms, host=None, **more):
    return run_check(node_alarms, host or node(), *alarms, **more)


def test_flags_a_node_without_an_alarm():
    """
    The command makes one, with a topic to subscribe to where there is none.
    """
    (finding,) = look()

    assert (Status.FAIL, "no alarm watches its status checks") == (finding.status, finding.message)
    assert "create-topic" in finding.fix
    assert "--dimensions Name=InstanceId,Value=i-1" in finding.fix


def test_the_command_tells_whom_other_alarms_tell():
    """
    A topic that is in use is taken.
    """
    (finding,) = look(alarm("queue", **metric("AWS/SQS", "x"), **ACTING))

    assert f"--alarm-actions {ONCALL}" in finding.fix


@pytest.mark.parametrize(
    "alarms",
    [
        (alarm(**OWN, **ACTING),),
        (alarm(**metric(name="StatusCheckFailed_System", InstanceId="i-1"), **ACTING),),
        (alarm(**math(OWN), **ACTING),),
        (alarm("node", **OWN), composite('ALARM("node")')),
    ],
)
def test_passes_each_kind_of_alarm(alarms):
    """
    On the metric, in metric math, and below a composite alarm.
    """
    assert [Status.PASS] == statuses(look(*alarms))


def test_passes_an_alarm_of_the_scaling_group():
    """
    Only for members of that group.
    """
    watch = alarm(**metric(AutoScalingGroupName="nodes"), **ACTING)
    member = node(tags={"role": "execution", "aws:autoscaling:groupName": "nodes"})

    assert [Status.PASS] == statuses(look(watch, host=member))
    assert [Status.FAIL] == statuses(look(watch))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (alarm(**metric(InstanceId="i-2"), **ACTING), "no alarm watches its status checks"),
        (alarm(**metric(name="CPUUtilization", InstanceId="i-1"), **ACTING), "no alarm watches its status checks"),
        (alarm(**OWN), "its alarm watch has no action"),
        (alarm(**OWN, **{**ACTING, "ActionsEnabled": False}), "the actions of its alarm watch are switched off"),
    ],
)
def test_flags_alarms_that_tell_nobody(found, said):
    """
    Of other hosts, on other metrics, without actions.
    """
    (finding,) = look(found)

    assert (Status.FAIL, said) == (finding.status, finding.message)
    assert finding.fix


@pytest.mark.parametrize("host", [node(tags={}), node(tags={"role": "monitoring"}), node(State={"Name": "stopped"})])
def test_judges_running_nodes_only(host):
    """
    Whatever else runs is not needed by a chain.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(host=host))


def test_says_unknown_where_it_cannot_see():
    """
    Queries, other systems and refused listings; an alarm that was seen is enough.
    """
    assert [Status.UNKNOWN] == statuses(look(alarm(**QUERY, **ACTING)))
    assert [Status.UNKNOWN] == statuses(look(monitored_elsewhere=("i-*",)))
    assert [Status.UNKNOWN] == statuses(look(unlisted=[MetricAlarm]))
    assert [Status.PASS] == statuses(look(alarm(**OWN, **ACTING), unlisted=[MetricAlarm]))
