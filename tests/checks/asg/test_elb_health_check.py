import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.asg.elb_health_check import elb_health_check
from tests.launch import group


BEHIND = {"TargetGroupARNs": ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/nodes/1"]}


@pytest.mark.parametrize(
    "behind", [BEHIND, {"LoadBalancerNames": ["edge"]}, {"TrafficSources": [{"Identifier": "edge", "Type": "elb"}]}]
)
def test_flags_checks_of_ec2_alone(behind):
    """
    Behind any load balancer.
    """
    (finding,) = run_check(elb_health_check, group(**behind))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert finding.fix.endswith("--auto-scaling-group-name nodes --health-check-type ELB")


def test_keeps_other_checks():
    """
    Those of EBS count as well.
    """
    (finding,) = run_check(elb_health_check, group(**BEHIND, HealthCheckType="EC2,EBS"))

    assert finding.fix.endswith("--health-check-type EBS,ELB")


def test_passes_checks_of_the_load_balancer():
    """
    Alone, or among others.
    """
    for kinds in ("ELB", "EBS,ELB"):
        assert [Status.PASS] == statuses(run_check(elb_health_check, group(**BEHIND, HealthCheckType=kinds)))


def test_needs_a_load_balancer():
    """
    VPC Lattice has checks of its own.
    """
    lattice = {"TrafficSources": [{"Identifier": "tg-1", "Type": "vpc-lattice"}]}

    assert [Status.NOT_APPLICABLE] == statuses(run_check(elb_health_check, group()))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(elb_health_check, group(**lattice)))
