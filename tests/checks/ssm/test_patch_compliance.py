import datetime

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.ssm import INSTANCES, PATCHES, ManagedInstance
from awsaudit.testing import AS_OF, fake, run_check, statuses
from awsaudit_checks.ssm.patch_compliance import patch_compliance
from tests.checks.ec2.nodes import node


SOUND = {
    "CriticalNonCompliantCount": 0,
    "SecurityNonCompliantCount": 0,
    "OtherNonCompliantCount": 0,
    "FailedCount": 0,
    "InstalledPendingRebootCount": 0,
    "OperationEndTime": (AS_OF - datetime.timedelta(days=2)).isoformat(),
}


def look(state, *others, id_="i-1", platform="Amazon Linux", **more):
    told = {INSTANCES: {"InstanceId": id_, "PlatformName": platform}, PATCHES: state}
    return run_check(patch_compliance, fake(ManagedInstance, told), *others, **more)


def test_passes_a_host_that_is_patched():
    """
    Scanned of late, nothing missing.
    """
    assert [Status.PASS] == statuses(look(SOUND, node()))


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ({"CriticalNonCompliantCount": 2}, Severity.HIGH),
        ({"SecurityNonCompliantCount": 2}, Severity.HIGH),
        ({"FailedCount": 2}, Severity.HIGH),
        ({"OtherNonCompliantCount": 2}, Severity.MEDIUM),
        ({"InstalledPendingRebootCount": 2}, Severity.MEDIUM),
    ],
)
def test_flags_what_is_not_in_place(more, severity):
    """
    A restart is the owner's to choose, so there is no command.
    """
    (finding,) = look({**SOUND, **more}, node())

    assert (Status.FAIL, severity, None) == (finding.status, finding.severity, finding.fix)
    assert finding.message.endswith(": 2")


def test_flags_a_scan_of_old_and_none_at_all():
    """
    The command looks for patches, and installs none.
    """
    ended = (AS_OF - datetime.timedelta(days=40)).isoformat()
    (old,), (never,) = look({**SOUND, "OperationEndTime": ended}, node()), look(None, node())

    assert (Severity.MEDIUM, Severity.LOW) == (old.severity, never.severity)
    assert "--instance-ids i-1 --parameters Operation=Scan" in never.fix == old.fix
    assert [Status.PASS] == statuses(look({**SOUND, "OperationEndTime": ended}, node(), max_age_days=60))


def test_does_not_judge_what_is_replaced():
    """
    Bottlerocket, and nodes of EKS.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(None, platform="Bottlerocket"))
    for tag in ("eks:cluster-name", "aws:eks:cluster-name", "kubernetes.io/cluster/chain"):
        assert [Status.NOT_APPLICABLE] == statuses(look(None, node(Tags=[{"Key": tag, "Value": "chain"}])))


def test_judges_hosts_outside_ec2():
    """
    They have no tags of EC2 to look at.
    """
    assert [Status.PASS] == statuses(look(SOUND, id_="mi-1", unlisted=[Instance]))


def test_refused_evidence_is_unknown():
    """
    It may be a node of EKS.
    """
    assert [Status.UNKNOWN] == statuses(look(SOUND, unlisted=[Instance]))
