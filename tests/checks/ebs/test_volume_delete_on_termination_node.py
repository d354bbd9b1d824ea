from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ebs.volume_delete_on_termination_node import volume_delete_on_termination_node
from tests.checks.ec2.nodes import node


def disks(*, root=True, data=None):
    described = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-root", "DeleteOnTermination": root}}]
    if data is not None:
        described.append({"DeviceName": "/dev/sdf", "Ebs": {"VolumeId": "vol-data", "DeleteOnTermination": data}})

    return {"BlockDeviceMappings": described}


def test_flags_data_that_goes_with_the_host():
    """
    The command keeps it, and leaves the volume that the host is started from alone.
    """
    (finding,) = run_check(volume_delete_on_termination_node, node(**disks(data=True)))

    assert Status.FAIL is finding.status
    assert "termination deletes vol-data on /dev/sdf" == finding.message
    assert finding.fix.endswith("""'[{"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": false}}]'""")


def test_passes_data_that_stays():
    """
    What the host is started from may go.
    """
    assert [Status.PASS] == statuses(run_check(volume_delete_on_termination_node, node(**disks(data=False))))


def test_judges_nodes_with_data_volumes():
    """
    Other hosts, hosts that AWS runs, and those with one volume are not judged.
    """
    for host in (
        node(tags={}, **disks(data=True)),
        node(Operator={"Managed": True}, **disks(data=True)),
        node(**disks()),
    ):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(volume_delete_on_termination_node, host))
