import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import FLOW_LOGS, SUBNETS, VPCS, FlowLog, Subnet, Vpc
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.vpc.flow_logs import flow_logs
from tests.net import OWN, VPC, interface


NET = fake(Vpc, {VPCS: {"VpcId": VPC, "OwnerId": OWN}})
HALVES = [fake(Subnet, {SUBNETS: {"SubnetId": f"subnet-{letter}", "VpcId": VPC}}) for letter in "ab"]


def log(of=VPC, **more):
    described = {"FlowLogId": "fl-1", "ResourceId": of, "FlowLogStatus": "ACTIVE", "TrafficType": "ALL"}
    return fake(FlowLog, {FLOW_LOGS: {**described, **more}})


@pytest.mark.parametrize(
    "logs",
    [
        (),
        (log(TrafficType="ACCEPT"),),
        (log(DeliverLogsStatus="FAILED"),),
        (log("vpc-2"),),
        (log("subnet-a"),),
    ],
)
def test_flags_a_vpc_whose_traffic_is_not_recorded(logs):
    """
    None, one of accepted traffic only, one that fails, one of something else, or of half the subnets.
    """
    (finding,) = run_check(flow_logs, NET, *HALVES, interface(), *logs)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_is_low_without_interfaces():
    """
    There is no traffic.
    """
    (finding,) = run_check(flow_logs, NET, *HALVES)

    assert Severity.LOW is finding.severity


@pytest.mark.parametrize(
    "logs", [(log(TrafficType="REJECT"),), (log(DeliverLogsStatus="SUCCESS"),), (log("subnet-a"), log("subnet-b"))]
)
def test_passes_what_is_recorded(logs):
    """
    The VPC, or all its subnets; refused traffic is enough.
    """
    assert [Status.PASS] == statuses(run_check(flow_logs, NET, *HALVES, interface(), *logs))


def test_a_shared_vpc_is_not_judged():
    """
    Its owner records.
    """
    shared = fake(Vpc, {VPCS: {"VpcId": VPC, "OwnerId": "444455556666"}})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(flow_logs, shared))


def test_is_unknown_where_logs_cannot_be_seen():
    """
    There may be one.
    """
    assert [Status.UNKNOWN] == statuses(run_check(flow_logs, NET, unlisted=[FlowLog]))
