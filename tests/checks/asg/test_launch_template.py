from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.asg.launch_template import launch_template
from tests.launch import group, of_template


def test_flags_launch_configurations():
    """
    By name.
    """
    (finding,) = run_check(launch_template, group(LaunchConfigurationName="old"))

    assert (Status.FAIL, "it uses the launch configuration old") == (finding.status, finding.message)


def test_passes_templates():
    """
    Also of a mixed instances policy.
    """
    mixed = {"LaunchTemplate": {"LaunchTemplateSpecification": of_template("3")["LaunchTemplate"]}}

    assert [Status.PASS] == statuses(run_check(launch_template, group(**of_template("3"))))
    assert [Status.PASS] == statuses(run_check(launch_template, group(MixedInstancesPolicy=mixed)))


def test_remarks_on_the_newest_version():
    """
    Whoever makes one decides what is started.
    """
    (finding,) = run_check(launch_template, group(**of_template("$Latest")))

    assert Status.PASS == finding.status
    assert "newest version" in finding.notes[0]


def test_leaves_out_groups_that_go():
    """
    They start nothing any more.
    """
    leaving = group(LaunchConfigurationName="old", Status="Delete in progress")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(launch_template, leaving))
