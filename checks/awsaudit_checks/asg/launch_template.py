from collections.abc import Iterator

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.autoscaling import Group
from awsaudit_checks.asg.fleet import refuse_leaving


@check(
    "asg-launch-template",
    title="Auto Scaling groups use launch templates",
    severity=Severity.MEDIUM,
    equivalents=(
        "prowler:autoscaling_group_using_ec2_launch_template",
        "prowler:autoscaling_group_launch_configuration_requires_imdsv2",
    ),
    remediation=Remediation(
        text="Make a launch template of the launch configuration (the console copies it), require IMDSv2 in it, let the group "
        "use it, and replace the instances.",
        cli=None,
        url="https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html",
    ),
)
def launch_template(group: Group) -> Iterator[Problem | Note]:
    """
    Launch configurations are not developed any further, know no versions, and leave IMDSv1 on unless they say otherwise. A
    launch template passes, also as that of a mixed instances policy. That a group follows the newest version is a remark:
    whoever makes one decides what is started next.
    """
    refuse_leaving(group)
    if group.configuration:
        yield Problem(
            f"it uses the launch configuration {group.configuration}",
            expected="a launch template",
            found=group.configuration,
        )
    elif any(named.version == "$Latest" for named in group.templates):
        yield Note("it follows the newest version of its launch template, whoever makes that")
