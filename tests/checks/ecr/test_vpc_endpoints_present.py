import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import ENDPOINTS, ROUTE_TABLES, SUBNETS, VPCS, RouteTable, Subnet, Vpc, VpcEndpoint
from awsaudit.resources.ecs import (
    DESCRIBE_INSTANCES,
    DESCRIBE_SERVICES,
    INSTANCES,
    SERVICES,
    ContainerInstance,
    Service,
)
from awsaudit.resources.ecs import LIST as ECS_CLUSTERS
from awsaudit.resources.ecs import Cluster as EcsCluster
from awsaudit.resources.eks import DESCRIBE, LIST, Cluster
from awsaudit.testing import ACCOUNT, fake, refused, run_check, statuses
from awsaudit_checks.ecr.vpc_endpoints_present import vpc_endpoints_present


ZONES = {"subnet-a": "eu-west-1a", "subnet-b": "eu-west-1b", "subnet-c": "eu-west-1a"}
NAT = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}


def vpc(**fields):
    cidrs = [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "100.64.0.0/16"}]
    return fake(Vpc, {VPCS: {"VpcId": "vpc-1", "OwnerId": ACCOUNT, "CidrBlockAssociationSet": cidrs, **fields}})


def network(*routes):
    """Two tables: the main one, and one for subnet-b."""
    subnets = [
        fake(Subnet, {SUBNETS: {"SubnetId": id_, "VpcId": "vpc-1", "AvailabilityZone": zone}})
        for id_, zone in ZONES.items()
    ]
    tables = {"rtb-1": {"Main": True}, "rtb-2": {"SubnetId": "subnet-b"}}
    return [
        *subnets,
        *(
            fake(
                RouteTable,
                {ROUTE_TABLES: {"RouteTableId": id_, "VpcId": "vpc-1", "Associations": [a], "Routes": list(routes)}},
            )
            for id_, a in tables.items()
        ),
    ]


def endpoint(name, **fields):
    body = {
        "VpcEndpointId": f"vpce-{name}",
        "VpcId": "vpc-1",
        "ServiceName": f"com.amazonaws.eu-west-1.{name}",
        "VpcEndpointType": "Interface",
        "State": "available",
        "PrivateDnsEnabled": True,
        **fields,
    }
    return fake(VpcEndpoint, {ENDPOINTS: body})


def gateway(*tables, **fields):
    return endpoint("s3", VpcEndpointType="Gateway", PrivateDnsEnabled=False, RouteTableIds=list(tables), **fields)


def eks(vpc_id="vpc-1", subnets=("subnet-a", "subnet-b", "subnet-c"), **fields):
    place = {"vpcId": vpc_id, "subnetIds": list(subnets)}
    return fake(Cluster, {LIST: "beacon", DESCRIBE: {"resourcesVpcConfig": place, "status": "ACTIVE", **fields}})


def ecs():
    return fake(EcsCluster, {ECS_CLUSTERS: f"arn:aws:ecs:eu-west-1:{ACCOUNT}:cluster/rewards"})


def service(*subnets):
    details = {"networkConfiguration": {"awsvpcConfiguration": {"subnets": list(subnets)}}} if subnets else {}
    arn = f"arn:aws:ecs:eu-west-1:{ACCOUNT}:service/rewards/payout"
    return fake(Service, {SERVICES: arn, DESCRIBE_SERVICES: details}, parent=ecs())


def instance(subnet):
    attributes = [{"name": "ecs.subnet-id", "value": subnet}] if subnet else []
    arn = f"arn:aws:ecs:eu-west-1:{ACCOUNT}:container-instance/rewards/1"
    return fake(ContainerInstance, {INSTANCES: arn, DESCRIBE_INSTANCES: {"attributes": attributes}}, parent=ecs())


ALL = [endpoint("ecr.api"), endpoint("ecr.dkr"), gateway("rtb-1", "rtb-2")]


def test_flags_a_vpc_without_endpoints():
    """
    Without any endpoint all three are missing, and the commands make them, one subnet a zone.
    """
    (finding,) = run_check(vpc_endpoints_present, vpc(), eks(), *network())

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "EKS workloads run in it, but it has no working endpoint for ecr.api, ecr.dkr, s3" == finding.message
    make = "aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-id vpc-1 --vpc-endpoint-type"
    place = """--subnet-ids '["subnet-a", "subnet-b"]' --security-group-ids "$GROUP" --private-dns-enabled"""
    permission = (
        '\'[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}, '
        '{"CidrIp": "100.64.0.0/16"}]}]\''
    )
    assert [
        (
            "GROUP=$(aws ec2 create-security-group --region eu-west-1 --vpc-id vpc-1 --group-name ecr-endpoints "
            "--description ECR --query GroupId --output text)"
        ),
        (
            "aws ec2 authorize-security-group-ingress --region eu-west-1 "
            f'--group-id "$GROUP" --ip-permissions {permission}'
        ),
        f"{make} Interface --service-name com.amazonaws.eu-west-1.ecr.api {place}",
        f"{make} Interface --service-name com.amazonaws.eu-west-1.ecr.dkr {place}",
        f"""{make} Gateway --service-name com.amazonaws.eu-west-1.s3 --route-table-ids '["rtb-1", "rtb-2"]'""",
    ] == finding.fix.split(" && ")


def test_is_low_with_a_nat_route():
    """
    Where a NAT gateway leads to the internet pulls work, at a price.
    """
    (finding,) = run_check(vpc_endpoints_present, vpc(), eks(), *network(NAT))

    assert Severity.LOW is finding.severity


def test_extends_a_gateway_that_lacks_a_table():
    """
    A gateway endpoint has to be in the tables of all workloads; the command adds those that lack it.
    """
    (finding,) = run_check(vpc_endpoints_present, vpc(), eks(), *ALL[:2], gateway("rtb-1"), *network())

    assert "EKS workloads run in it, but it has no working endpoint for s3 in rtb-2" == finding.message
    assert (
        "aws ec2 modify-vpc-endpoint --region eu-west-1 --vpc-endpoint-id vpce-s3 --add-route-table-ids '[\"rtb-2\"]'"
        == finding.fix
    )


@pytest.mark.parametrize("workload", [service("subnet-a"), instance("subnet-a")])
def test_flags_a_vpc_with_ecs(workload):
    """
    ECS tasks with an interface of their own, and container instances, pull images, too.
    """
    (finding,) = run_check(vpc_endpoints_present, vpc(), workload, *ALL[1:], *network())

    assert "ECS workloads run in it, but it has no working endpoint for ecr.api" == finding.message


@pytest.mark.parametrize(
    "endpoints",
    [
        ALL,
        [endpoint("ecr.api", State="Available"), ALL[1], endpoint("s3")],
        [*ALL, endpoint("ecr.api", VpcEndpointId="vpce-2", PrivateDnsEnabled=False)],
    ],
)
def test_accepts_endpoints(endpoints):
    """
    All three pass, in either case of letters, S3 through a gateway or an interface.
    """
    assert [Status.PASS] == statuses(run_check(vpc_endpoints_present, vpc(), eks(), *endpoints, *network()))


def test_needs_the_gateway_where_workloads_are_only():
    """
    A table without workloads need not lead to the gateway.
    """
    found = run_check(
        vpc_endpoints_present, vpc(), service("subnet-a", "subnet-c"), *ALL[:2], gateway("rtb-1"), *network()
    )

    assert [Status.PASS] == statuses(found)


@pytest.mark.parametrize("state", ["deleted", "failed", "rejected"])
def test_flags_endpoints_that_do_not_work(state):
    """
    An endpoint that is not available is none.
    """
    found = run_check(vpc_endpoints_present, vpc(), eks(), endpoint("ecr.api", State=state), *ALL[1:], *network())

    assert [Status.FAIL] == statuses(found)


@pytest.mark.parametrize(
    "others",
    [
        [*ALL[1:], endpoint("ecr.api", PrivateDnsEnabled=False), *network()],
        [*ALL[1:], endpoint("ecr.api", State="pendingAcceptance"), *network()],
        network({"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1", "State": "active"}),
        network({"DestinationCidrBlock": "0.0.0.0/0", "VpcPeeringConnectionId": "pcx-1", "State": "active"}),
    ],
)
def test_does_not_guess_where_endpoints_may_be_elsewhere(others):
    """
    A private hosted zone, an endpoint in the making and a central network leave it unknown.
    """
    assert [Status.UNKNOWN] == statuses(run_check(vpc_endpoints_present, vpc(), eks(), *others))


def test_does_not_guess_about_shared_vpcs():
    """
    The endpoints of a VPC that another account shares cannot be seen from here.
    """
    assert [Status.UNKNOWN] == statuses(
        run_check(vpc_endpoints_present, vpc(OwnerId="444455556666"), eks(), *network())
    )


@pytest.mark.parametrize(
    "others",
    [
        [],
        [eks("vpc-2", ())],
        [eks(outpostConfig={"outpostArns": ["arn:aws:outposts:eu-west-1:111122223333:outpost/op-1"]})],
        [service(), instance(None)],
    ],
)
def test_does_not_concern_vpcs_without_workloads(others):
    """
    No cluster, one elsewhere or on an Outpost, and tasks without an address here are no workload.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(vpc_endpoints_present, vpc(), *others, *network()))


def test_fails_for_eks_although_ecs_is_hidden():
    """
    What EKS lacks is lacking whatever ECS does; without EKS a refused list of services is unknown.
    """
    hidden = {"unlisted": [Service, ContainerInstance]}
    refusing = fake(Cluster, {LIST: "beacon", DESCRIBE: refused(Cluster, DESCRIBE)})

    assert [Status.FAIL] == statuses(run_check(vpc_endpoints_present, vpc(), eks(), *network(), **hidden))
    assert [Status.UNKNOWN] == statuses(run_check(vpc_endpoints_present, vpc(), eks(), *ALL, *network(), **hidden))
    assert [Status.UNKNOWN] == statuses(run_check(vpc_endpoints_present, vpc(), *network(), **hidden))
    assert [Status.UNKNOWN] == statuses(run_check(vpc_endpoints_present, vpc(), refusing, *network()))


def test_knows_the_names_of_services_in_china():
    """
    In China ECR's endpoint services have a prefix, S3's has not.
    """
    item = {"VpcId": "vpc-1", "OwnerId": ACCOUNT, "CidrBlockAssociationSet": []}
    place = {"resourcesVpcConfig": {"vpcId": "vpc-1", "subnetIds": ["subnet-a"]}}
    region = {"region": "cn-north-1"}
    subnet = {"SubnetId": "subnet-a", "VpcId": "vpc-1", "AvailabilityZone": "cn-north-1a"}
    (finding,) = run_check(
        vpc_endpoints_present,
        fake(Vpc, {VPCS: item}, **region),
        fake(Cluster, {LIST: "beacon", DESCRIBE: place}, **region),
        fake(Subnet, {SUBNETS: subnet}, **region),
    )

    assert "--service-name cn.com.amazonaws.cn-north-1.ecr.dkr " in finding.fix
    assert "--service-name com.amazonaws.cn-north-1.s3 " in finding.fix
