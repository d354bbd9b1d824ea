from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.autoscaling import Group
from awsaudit_checks.asg.fleet import refuse_leaving


_BALANCED: Final = frozenset({"elb", "elbv2"})


@check(
    "asg-elb-health-check",
    title="Load-balanced groups use ELB health checks",
    severity=Severity.LOW,
    equivalents=("prowler:autoscaling_group_elb_health_check_enabled",),
    remediation=Remediation(
        text="Let the load balancer's health checks count, with a grace period that is longer than the instances take to start.",
        cli="aws autoscaling update-auto-scaling-group --region {region} --auto-scaling-group-name {name} "
        "--health-check-type {checks}",
        terraform='resource "aws_autoscaling_group" "this" {\n  health_check_type = "ELB"\n}',
        url="https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-elb-healthcheck.html",
    ),
)
def elb_health_check(group: Group) -> Iterator[Problem]:
    """
    An instance whose software hangs still runs as far as EC2 can see: the load balancer sends nothing there any more, and the
    group does not replace it. Groups behind a load balancer that heed its health checks pass; others are not judged.
    """
    refuse_leaving(group)
    if not (group.target_group_arns or group.balancers or _BALANCED & set(group.traffic_sources)):
        raise NotApplicable("it is behind no load balancer")
    if "ELB" not in group.health_checks:
        kept = [kind for kind in group.health_checks if kind != "EC2"]
        yield Problem(
            "it does not heed the health checks of its load balancer",
            expected="ELB",
            found=", ".join(group.health_checks),
            fill={"checks": ",".join([*kept, "ELB"])},
        )
