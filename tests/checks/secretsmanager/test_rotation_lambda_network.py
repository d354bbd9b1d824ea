import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import (
    ENDPOINTS,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    SUBNETS,
    RouteTable,
    SecurityGroup,
    Subnet,
    VpcEndpoint,
)
from awsaudit.resources.lambda_ import FUNCTIONS, Function
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.secretsmanager.rotation_lambda_network import rotation_lambda_network
from tests.estate import OWN, secret


ARN = f"arn:aws:lambda:eu-west-1:{OWN}:function:rotate"
SECRET = secret("api", RotationEnabled=True, RotationLambdaARN=ARN)
SUBNET = fake(Subnet, {SUBNETS: {"SubnetId": "subnet-a", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"}})


def function(vpc="vpc-1"):
    config = {"VpcId": vpc, "SubnetIds": ["subnet-a"], "SecurityGroupIds": ["sg-f"]} if vpc else {}
    return fake(Function, {FUNCTIONS: {"FunctionArn": ARN, "FunctionName": "rotate", "VpcConfig": config}})


def table(**route):
    routes = [{"DestinationCidrBlock": "0.0.0.0/0", "State": "active", **route}] if route else []
    item = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-a"}], "Routes": routes}
    return fake(RouteTable, {ROUTE_TABLES: item})


def endpoint(**more):
    item = {
        "VpcEndpointId": "vpce-1",
        "VpcId": "vpc-1",
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.eu-west-1.secretsmanager",
        "State": "available",
        "PrivateDnsEnabled": True,
        "Groups": [{"GroupId": "sg-e"}],
        **more,
    }
    return fake(VpcEndpoint, {ENDPOINTS: item})


def group(**source):
    entry = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **source}
    return fake(SecurityGroup, {SECURITY_GROUPS: {"GroupId": "sg-e", "VpcId": "vpc-1", "IpPermissions": [entry]}})


FROM_FUNCTION = {"UserIdGroupPairs": [{"GroupId": "sg-f"}]}


def judge(*others, of=SECRET, caller=None, **more):
    return run_check(rotation_lambda_network, of, caller or function(), SUBNET, *others, **more)


def test_a_nat_gateway_passes():
    """
    A default route to a NAT gateway reaches Secrets Manager.
    """
    assert [Status.PASS] == statuses(judge(table(NatGatewayId="nat-1")))


@pytest.mark.parametrize("route", [{}, {"GatewayId": "igw-1"}])
def test_flags_a_subnet_without_a_way_out(route):
    """
    Without a default route, or with one to an internet gateway, which a function without a public address cannot use.

    The endpoint that the command makes has a group of its own, which lets the function in.
    """
    [finding] = judge(table(**route))

    assert Status.FAIL == finding.status
    assert "rotate cannot reach Secrets Manager from subnet-a" in finding.message
    assert [True, True, True, False] == [hop.holds for hop in finding.path]
    assert '--group-id "$GROUP" --protocol tcp --port 443 --source-group sg-f' in finding.fix
    assert "--service-name com.amazonaws.eu-west-1.secretsmanager --subnet-ids '[\"subnet-a\"]'" in finding.fix
    assert '--security-group-ids "$GROUP"' in finding.fix


@pytest.mark.parametrize("source", [FROM_FUNCTION, {"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}])
def test_an_endpoint_passes(source):
    """
    An endpoint whose group lets the function in, by its group or its addresses.
    """
    assert [Status.PASS] == statuses(judge(table(), endpoint(), group(**source)))


@pytest.mark.parametrize(
    "source", [{}, {"IpRanges": [{"CidrIp": "10.9.0.0/16"}]}, {**FROM_FUNCTION, "FromPort": 80, "ToPort": 80}]
)
def test_flags_an_endpoint_that_does_not_let_it_in(source):
    """
    The command opens port 443 of the endpoint's group to the function's.
    """
    [finding] = judge(table(), endpoint(), group(**source))

    assert Status.FAIL == finding.status
    assert "--group-id sg-e --protocol tcp --port 443 --source-group sg-f" in finding.fix


@pytest.mark.parametrize("more", [{"VpcId": "vpc-2"}, {"State": "deleted"}, {"VpcEndpointType": "Gateway"}])
def test_other_endpoints_do_not_help(more):
    """
    One of another VPC, one that is gone, and one of another kind.
    """
    assert [Status.FAIL] == statuses(judge(table(), endpoint(**more), group(**FROM_FUNCTION)))


@pytest.mark.parametrize(
    "others",
    [
        (table(TransitGatewayId="tgw-1"),),
        (table(VpcPeeringConnectionId="pcx-1"),),
        (table(), endpoint(PrivateDnsEnabled=False), group(**FROM_FUNCTION)),
    ],
)
def test_ways_elsewhere_are_unknown(others):
    """
    Behind a transit gateway or a peering, and by a private hosted zone, it may be reached or not.
    """
    [finding] = judge(*others)

    assert Status.UNKNOWN == finding.status
    assert finding.path


def test_unlisted_routes_are_unknown():
    """
    Without the route tables nothing is known of the way out.
    """
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[RouteTable]))


def test_does_not_apply():
    """
    A function outside a VPC, none at all, and a secret that is not rotated by one.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(caller=function(vpc="")))
    assert [Status.NOT_APPLICABLE] == statuses(judge(of=secret("api")))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rotation_lambda_network, SECRET))
