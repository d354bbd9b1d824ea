from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SUBNETS, Subnet
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.autoscaling.launch_config_public_ip import launch_config_public_ip
from tests.launch import configuration, group


USER = group(LaunchConfigurationName="nodes")


def subnet(*, public):
    return fake(Subnet, {SUBNETS: {"SubnetId": "subnet-a", "VpcId": "vpc-1", "MapPublicIpOnLaunch": public}})


def look(public, *others, **more):
    said = {} if public is None else {"AssociatePublicIpAddress": public}
    return run_check(launch_config_public_ip, configuration(**said), *others, **more)


def test_flags_what_asks_for_addresses():
    """
    Low where nothing is started from it.
    """
    (used,) = look(True, USER)  # noqa: FBT003 - what AWS answers
    (unused,) = look(True)  # noqa: FBT003 - what AWS answers

    assert (Status.FAIL, Severity.MEDIUM) == (used.status, used.severity)
    assert Severity.LOW == unused.severity


def test_asks_the_subnets():
    """
    Where the configuration does not say.
    """
    assert [Status.FAIL] == statuses(look(None, USER, subnet(public=True)))
    assert [Status.PASS] == statuses(look(None, USER, subnet(public=False)))
    assert [Status.PASS] == statuses(look(None))


def test_passes_what_says_no():
    """
    Whatever the subnets do.
    """
    assert [Status.PASS] == statuses(look(False, USER, subnet(public=True)))  # noqa: FBT003 - what AWS answers


def test_does_not_guess_the_subnets():
    """
    Refused, or of another account.
    """
    assert [Status.UNKNOWN] == statuses(look(None, USER, unlisted=[Subnet]))
    assert [Status.UNKNOWN] == statuses(look(None, USER))
