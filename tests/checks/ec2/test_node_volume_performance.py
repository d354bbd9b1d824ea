import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import VOLUMES, Volume
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.node_volume_performance import node_volume_performance
from tests.checks.ec2.nodes import node


DISKS = {
    "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-root"}},
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeId": "vol-data"}},
    ]
}


def volume(kind, iops=None, id_="vol-data"):
    return fake(Volume, {VOLUMES: {"VolumeId": id_, "VolumeType": kind, "Size": 1000, "Iops": iops}})


def look(*volumes, host=None, **more):
    return run_check(node_volume_performance, host or node(**DISKS), *volumes, volume("gp2", 100, "vol-root"), **more)


@pytest.mark.parametrize(
    ("kind", "iops", "command"),
    [
        ("gp2", 6000, "--volume-type gp3 --iops 6000"),
        ("st1", None, "--volume-type gp3 --iops 3000"),
        ("standard", None, "--volume-type gp3 --iops 3000"),
        ("io1", 500, "--volume-type io1 --iops 3000"),
    ],
)
def test_flags_slow_volumes(kind, iops, command):
    """
    The one that the host is started from holds no chain. The command is never slower than what is there.
    """
    (finding,) = look(volume(kind, iops))

    assert Status.FAIL is finding.status
    assert "vol-data on /dev/sdf" in finding.message
    assert command in finding.fix


@pytest.mark.parametrize("kind", ["gp3", "io1", "io2"])
def test_passes_fast_volumes(kind):
    """
    How fast is fast, the configuration says.
    """
    assert [Status.PASS] == statuses(look(volume(kind, 3000)))
    assert [Status.FAIL] == statuses(look(volume(kind, 3000), iops=10_000))


def test_judges_nodes_with_data_volumes():
    """
    Instance storage is fast, and other hosts need not be.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(host=node()))
    assert [Status.NOT_APPLICABLE] == statuses(look(volume("st1"), host=node(tags={}, **DISKS)))


def test_refused_evidence_is_unknown():
    """
    The instance does not tell how its volumes are made.
    """
    assert [Status.UNKNOWN] == statuses(run_check(node_volume_performance, node(**DISKS), unlisted=[Volume]))
