import pytest

from awsaudit import Severity, Status
from awsaudit.resources.launch_template import LaunchTemplate
from awsaudit.testing import run_check, statuses
from awsaudit_checks.asg.multi_az import multi_az
from tests.launch import group, host, of_template, template, version


WIDE = {"AvailabilityZones": ["eu-west-1a", "eu-west-1b"]}


def test_flags_one_zone():
    """
    Even of a group of one: it cannot start anything elsewhere.
    """
    for size in (1, 3):
        (finding,) = run_check(multi_az, group(MaxSize=size))

        assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
        assert "eu-west-1a" in finding.message


def test_passes_two_zones():
    """
    Whatever it starts.
    """
    assert [Status.PASS] == statuses(run_check(multi_az, group(**WIDE), unlisted=[LaunchTemplate]))


@pytest.mark.parametrize(
    "judged",
    [
        group(MaxSize=0),
        group(Status="Delete in progress"),
        group(tags={"role": "validator"}),
        group("signers", tags={"Name": "web3signer"}),
    ],
)
def test_leaves_out_what_may_not_be_twice(judged):
    """
    And what starts nothing.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(multi_az, judged))


def test_leaves_out_one_with_a_volume():
    """
    A volume that outlives its instance is bound to the zone.
    """
    member = group(Instances=[{"InstanceId": "i-1"}])
    kept, ended = (
        host(
            BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeId": "vol-1", "DeleteOnTermination": ends}}]
        )
        for ends in (False, True)
    )

    assert [Status.NOT_APPLICABLE] == statuses(run_check(multi_az, member, kept))
    assert [Status.FAIL] == statuses(run_check(multi_az, member, ended))


def test_does_not_guess_what_it_starts():
    """
    The template may say that it starts validators.
    """
    judged, parent = group("fleet", **of_template()), template(LaunchTemplateName="fleet")

    assert [Status.UNKNOWN] == statuses(run_check(multi_az, judged, unlisted=[LaunchTemplate]))
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(multi_az, judged, parent, version(parent, 1, "lighthouse vc\n"))
    )
