import datetime

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ssm import INSTANCES, ManagedInstance
from awsaudit.testing import AS_OF, fake, run_check, statuses
from awsaudit_checks.ssm.instance_managed import instance_managed
from tests.checks.ec2.nodes import node


LONG_AGO = (AS_OF - datetime.timedelta(days=3)).isoformat()


def host(**more):
    return node(**{"LaunchTime": LONG_AGO, **more})


def reporting(id_="i-1", ping="Online"):
    return fake(ManagedInstance, {INSTANCES: {"InstanceId": id_, "PingStatus": ping}})


def look(*others, judged=None, **more):
    return run_check(instance_managed, judged or host(), *others, **more)


@pytest.mark.parametrize(
    ("others", "severity"),
    [
        ((), Severity.MEDIUM),
        ((reporting("i-2"),), Severity.MEDIUM),
        ((reporting(ping="ConnectionLost"),), Severity.LOW),
    ],
)
def test_flags_hosts_that_do_not_report(others, severity):
    """
    One that reported once is less bad.
    """
    (finding,) = look(*others)

    assert (Status.FAIL, severity) == (finding.status, finding.severity)


def test_passes_one_that_reports():
    """
    Whether by its role or Default Host Management.
    """
    assert [Status.PASS] == statuses(look(reporting()))


@pytest.mark.parametrize(
    "more",
    [
        {"State": {"Name": "stopped"}},
        {"Operator": {"Managed": True}},
        {"LaunchTime": (AS_OF - datetime.timedelta(minutes=5)).isoformat()},
    ],
)
def test_does_not_judge(more):
    """
    Hosts that do not run, that AWS runs, and that are just starting.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(judged=host(**more)))


def test_hosts_are_left_out_on_purpose():
    """
    By id or name.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(unmanaged=("i-*",)))


def test_refused_evidence_is_unknown():
    """
    It may report.
    """
    assert [Status.UNKNOWN] == statuses(look(unlisted=[ManagedInstance]))
