import pytest

from awsaudit import Severity, Status
from awsaudit.resources.launch_template import LaunchTemplate
from awsaudit.testing import run_check, statuses
from awsaudit_checks.asg.validator_single_active import validator_single_active
from tests.launch import configuration, group, of_template, template, version


def look(**more):
    return run_check(validator_single_active, group("keys", tags={"role": "validator"}, **more))


def test_flags_room_for_two():
    """
    There is no command where two are wanted: somebody has to choose.
    """
    (latent,) = look(MaxSize=2)
    (running,) = look(MaxSize=2, MinSize=2, DesiredCapacity=2)

    assert (Status.FAIL, Severity.HIGH) == (latent.status, latent.severity)
    assert latent.fix.endswith("--auto-scaling-group-name keys --max-size 1 --min-size 1")
    assert running.fix is None


@pytest.mark.parametrize(
    ("setting", "fix"),
    [
        (
            {"InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200}},
            "MinHealthyPercentage=0,MaxHealthyPercentage=100",
        ),
        ({"CapacityRebalance": True}, "--no-capacity-rebalance"),
        ({"WarmPoolConfiguration": {"PoolState": "Running"}}, "delete-warm-pool"),
    ],
)
def test_flags_a_second_one_beside_the_first(setting, fix):
    """
    While instances are replaced, and in reserve.
    """
    (finding,) = look(**setting)

    assert Status.FAIL == finding.status
    assert fix in finding.fix


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"InstanceMaintenancePolicy": {"MinHealthyPercentage": 0, "MaxHealthyPercentage": 100}},
        {"WarmPoolConfiguration": {"PoolState": "Stopped"}},
        {"WarmPoolConfiguration": {"PoolState": "Running", "Status": "PendingDelete"}},
    ],
)
def test_passes_one_at_a_time(setting):
    """
    What stands by does not sign.
    """
    assert [Status.PASS] == statuses(look(**setting))


def test_knows_validators_by_what_is_started():
    """
    Tags that instances get, and clients in user data.
    """
    judged, parent = group("fleet", MaxSize=2, **of_template()), template(LaunchTemplateName="fleet")
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "role", "Value": "validator"}]}]
    old = group("fleet", MaxSize=2, LaunchConfigurationName="old")

    assert [Status.FAIL] == statuses(
        run_check(validator_single_active, judged, parent, version(parent, 1, TagSpecifications=tags))
    )
    assert [Status.FAIL] == statuses(
        run_check(validator_single_active, judged, parent, version(parent, 1, "lodestar validator\n"))
    )
    assert [Status.FAIL] == statuses(run_check(validator_single_active, old, configuration("old", "teku vc\n")))
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(validator_single_active, judged, parent, version(parent, 1, "geth --http\n"))
    )


def test_does_not_guess_what_it_starts():
    """
    Where templates could not be listed.
    """
    judged = group("fleet", MaxSize=2, **of_template())

    assert [Status.UNKNOWN] == statuses(run_check(validator_single_active, judged, unlisted=[LaunchTemplate]))


def test_leaves_other_groups_alone():
    """
    Nothing tells that they are validators.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(validator_single_active, group("web", MaxSize=9)))
