import pytest

from awsaudit import Severity, Status
from awsaudit.resources.autoscaling import Group
from awsaudit.testing import run_check, statuses
from awsaudit_checks.autoscaling.launch_config_imdsv2 import launch_config_imdsv2
from tests.launch import configuration, group


@pytest.mark.parametrize("more", [{}, {"MetadataOptions": {"HttpTokens": "optional", "HttpEndpoint": "enabled"}}])
def test_flags_version_1(more):
    """
    Said or not; low where nothing is started from it.
    """
    (used,) = run_check(launch_config_imdsv2, configuration(**more), group(LaunchConfigurationName="nodes"))
    (unused,) = run_check(launch_config_imdsv2, configuration(**more), group(LaunchConfigurationName="other"))

    assert (Status.FAIL, Severity.HIGH) == (used.status, used.severity)
    assert Severity.LOW == unused.severity


def test_counts_what_still_runs():
    """
    Instances of a group that uses something else by now.
    """
    members = [{"InstanceId": "i-1", "LaunchConfigurationName": "nodes"}]
    (finding,) = run_check(launch_config_imdsv2, configuration(), group("web", Instances=members))

    assert Severity.HIGH == finding.severity
    assert finding.message.endswith("used by web")


@pytest.mark.parametrize("options", [{"HttpTokens": "required"}, {"HttpEndpoint": "disabled"}])
def test_passes_version_2_and_no_metadata_at_all(options):
    """
    Nothing is to be had without a token.
    """
    assert [Status.PASS] == statuses(run_check(launch_config_imdsv2, configuration(MetadataOptions=options)))


def test_does_not_guess_who_uses_it():
    """
    How bad it is hangs on that.
    """
    assert [Status.UNKNOWN] == statuses(run_check(launch_config_imdsv2, configuration(), unlisted=[Group]))
