import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import (
    BLOCK_PUBLIC_ACCESS,
    NETWORK_ACLS,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    BlockPublicAccess,
    NetworkAcl,
    RouteTable,
    SecurityGroup,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.public_access import public_access
from tests.net import exclusion


SUBNETS = [
    {"SubnetIdentifier": "subnet-a", "SubnetAvailabilityZone": {"Name": "eu-west-1a"}},
    {"SubnetIdentifier": "subnet-b", "SubnetAvailabilityZone": {"Name": "eu-west-1b"}},
]
PUBLIC = {
    "PubliclyAccessible": True,
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
    "DBSubnetGroup": {"DBSubnetGroupName": "private", "VpcId": "vpc-1", "Subnets": SUBNETS},
}


def group(cidr="0.0.0.0/0", port=5432):
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}
    return fake(SecurityGroup, {SECURITY_GROUPS: {"GroupId": "sg-1", "GroupName": "db", "IpPermissions": [rule]}})


def table(gateway="igw-1", subnet="subnet-a"):
    route = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway, "State": "active"}
    described = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [route], "Associations": [{"SubnetId": subnet}]}
    return fake(RouteTable, {ROUTE_TABLES: described})


def acl(action="allow"):
    rule = {"RuleNumber": 100, "Egress": False, "RuleAction": action, "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
    described = {"NetworkAclId": "acl-1", "Associations": [{"SubnetId": "subnet-a"}], "Entries": [rule]}
    return fake(NetworkAcl, {NETWORK_ACLS: described})


def block(mode="off"):
    return fake(BlockPublicAccess, {BLOCK_PUBLIC_ACCESS: {"InternetGatewayBlockMode": mode}})


def test_flags_a_public_instance_that_the_network_lets_through(make_instance):
    """
    A public address behind an open group, a route and an open network ACL is critical.
    """
    (finding,) = run_check(public_access, make_instance(**PUBLIC), group(), table(), acl(), block())

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert (
        "it has a public address, and the security group sg-1 opens port 5432 to the whole internet" == finding.message
    )
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --no-publicly-accessible "
        "--apply-immediately" == finding.fix
    )


def test_an_exempt_vpc_is_not_blocked(make_instance):
    """
    Where Block Public Access is on and the VPC is exempt, the internet still gets in.
    """
    network = (group(), table(), acl(), block("block-bidirectional"), exclusion())
    (finding,) = run_check(public_access, make_instance(**PUBLIC), *network)

    assert Severity.CRITICAL is finding.severity


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ((group("10.0.0.0/8"), table(), acl(), block()), "no security group opens port 5432 to the whole internet"),
        ((group(port=443), table(), acl(), block()), "no security group opens port 5432 to the whole internet"),
        ((group(), table("nat-1"), acl(), block()), "its subnets have no route to an internet gateway"),
        ((group(), table(subnet="subnet-b"), acl(), block()), "its subnets have no route to an internet gateway"),
        ((group(), table(), acl("deny"), block()), "the network ACL refuses port 5432"),
        ((group(), table(), acl(), block("block-ingress")), "VPC Block Public Access is on (block-ingress)"),
    ],
)
def test_a_public_instance_that_something_bars_is_latent(make_instance, network, words):
    """
    One closed group, missing route, refusing network ACL or blocked VPC makes it medium, and is named.
    """
    (finding,) = run_check(public_access, make_instance(**PUBLIC), *network)

    assert (Severity.MEDIUM, f"it has a public address, yet {words}") == (finding.severity, finding.message)


def test_a_standby_in_a_public_subnet_counts(make_instance):
    """
    After a failover the instance is where its standby was.
    """
    instance = make_instance(SecondaryAvailabilityZone="eu-west-1b", **PUBLIC)
    (finding,) = run_check(public_access, instance, group(), table(subnet="subnet-b"), acl(), block())

    assert Severity.CRITICAL is finding.severity


def test_a_listener_counts(make_instance):
    """
    The port of a SQL Server listener opens the way too.
    """
    instance = make_instance(**PUBLIC, Engine="sqlserver-ee", ListenerEndpoint={"Port": 1433})
    (finding,) = run_check(public_access, instance, group(port=1433), table(), acl(), block())

    assert Severity.CRITICAL is finding.severity


def test_a_group_that_is_being_removed_does_not_count(make_instance):
    """
    Only active security groups open the way.
    """
    leaving = {**PUBLIC, "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "removing"}]}
    (finding,) = run_check(public_access, make_instance(**leaving), group(), table(), acl(), block())

    assert Severity.MEDIUM is finding.severity


def test_a_closed_group_settles_it_without_routes(make_instance):
    """
    Where the security groups bar the way, refused routes change nothing.
    """
    closed = (group("10.0.0.0/8"), acl(), block())
    (finding,) = run_check(public_access, make_instance(**PUBLIC), *closed, unlisted=(RouteTable,))

    assert Severity.MEDIUM is finding.severity


@pytest.mark.parametrize("refused", [SecurityGroup, RouteTable, NetworkAcl, BlockPublicAccess])
def test_a_way_that_is_not_seen_is_unknown(make_instance, refused):
    """
    Where nothing bars the way and part of it could not be seen, nothing is said.
    """
    seen = [r for r in (group(), table(), acl(), block()) if not isinstance(r, refused)]

    assert [Status.UNKNOWN] == statuses(run_check(public_access, make_instance(**PUBLIC), *seen, unlisted=(refused,)))


def test_a_public_instance_without_an_endpoint_is_unknown(make_instance):
    """
    Without a port it cannot be told what is open.
    """
    assert [Status.UNKNOWN] == statuses(run_check(public_access, make_instance(**PUBLIC | {"Endpoint": None})))


@pytest.mark.parametrize("engine", ["postgres", "docdb", "aurora-mysql"])
def test_accepts_a_private_address(make_instance, engine):
    """
    A private address passes, in databases of other services and members of Aurora clusters too.
    """
    instance = make_instance(Engine=engine, DBClusterIdentifier="beacon" if engine != "postgres" else None)

    assert [Status.PASS] == statuses(run_check(public_access, instance))


def test_neptune_has_a_command_of_its_own(make_instance):
    """
    A public instance of Neptune is changed by Neptune's API.
    """
    instance = make_instance(**PUBLIC, Engine="neptune", DBClusterIdentifier="graph")
    (finding,) = run_check(public_access, instance, group("10.0.0.0/8"), table(), acl(), block())

    assert (
        "aws neptune modify-db-instance --region eu-west-1 --db-instance-identifier deposits --no-publicly-accessible "
        "--apply-immediately" == finding.fix
    )


def test_members_of_a_multi_az_cluster_are_judged_at_the_cluster(make_instance):
    """
    The members of a Multi-AZ cluster have the cluster's address.
    """
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(public_access, make_instance(**PUBLIC, DBClusterIdentifier="rewards"))
    )


def test_flags_a_public_multi_az_cluster(make_cluster, make_group):
    """
    A public Multi-AZ cluster fails, and the command restores a private copy.
    """
    cluster = make_cluster(Engine="postgres", **{k: v for k, v in PUBLIC.items() if k != "DBSubnetGroup"})
    (finding,) = run_check(public_access, cluster, make_group(), group(), table(), acl(), block())

    assert Severity.CRITICAL is finding.severity
    assert (
        "aws rds restore-db-cluster-to-point-in-time --region eu-west-1 --source-db-cluster-identifier beacon "
        "--db-cluster-identifier beacon-private --use-latest-restorable-time --no-publicly-accessible "
        '--db-subnet-group-name private --db-cluster-instance-class "$(aws rds describe-db-clusters --region eu-west-1 '
        "--db-cluster-identifier beacon --query 'DBClusters[0].DBClusterInstanceClass' --output text)\"" == finding.fix
    )


def test_a_public_cluster_in_unknown_subnets_is_unknown(make_cluster):
    """
    Without its subnet group it cannot be told where a cluster is.
    """
    cluster = make_cluster(Engine="mysql", PubliclyAccessible=True)

    assert [Status.UNKNOWN] == statuses(run_check(public_access, cluster))


def test_flags_an_internet_access_gateway(make_cluster):
    """
    An Aurora cluster that is reached from the internet by design is high.
    """
    (finding,) = run_check(public_access, make_cluster(VPCNetworkingEnabled=False, InternetAccessGatewayEnabled=True))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert (
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier beacon --enable-vpc-networking "
        "--no-enable-internet-access-gateway --apply-immediately" == finding.fix
    )


@pytest.mark.parametrize("described", [{"Engine": "mysql"}, {"VPCNetworkingEnabled": False}])
def test_accepts_a_private_cluster(make_cluster, described):
    """
    A private Multi-AZ cluster passes, and Aurora outside every VPC without a gateway.
    """
    assert [Status.PASS] == statuses(run_check(public_access, make_cluster(**described)))


@pytest.mark.parametrize("described", [{}, {"Engine": "neptune"}, {"Status": "creating"}])
def test_leaves_alone_clusters_whose_members_have_the_address(make_cluster, described):
    """
    Aurora, Neptune and DocumentDB are judged on their members.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(public_access, make_cluster(**described)))
