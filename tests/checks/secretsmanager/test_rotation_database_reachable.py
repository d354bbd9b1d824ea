import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import (
    NETWORK_ACLS,
    PEERINGS,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    SUBNETS,
    NetworkAcl,
    RouteTable,
    SecurityGroup,
    Subnet,
    VpcPeering,
)
from awsaudit.resources.lambda_ import FUNCTIONS, Function
from awsaudit.resources.rds import (
    CLUSTERS,
    INSTANCES,
    PROXIES,
    PROXY_TARGETS,
    SUBNET_GROUPS,
    DBCluster,
    DBInstance,
    DBProxy,
    DBSubnetGroup,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.secretsmanager.rotation_database_reachable import rotation_database_reachable
from tests.estate import OWN, secret
from tests.net import rule


ARN = f"arn:aws:lambda:eu-west-1:{OWN}:function:rotate"
RDS = f"arn:aws:rds:eu-west-1:{OWN}"
ROTATED = {"RotationEnabled": True, "RotationLambdaARN": ARN}
SECRET = secret("api", **ROTATED, Tags=[{"Key": "database", "Value": "deposits"}])
ALL = ("0.0.0.0/0",)
EVERYTHING = rule(None, *ALL)


def function(vpc="vpc-1", subnet="subnet-f", name="rotate"):
    config = {"VpcId": vpc, "SubnetIds": [subnet], "SecurityGroupIds": ["sg-f"]} if vpc else {}
    return fake(Function, {FUNCTIONS: {"FunctionArn": ARN, "FunctionName": name, "VpcConfig": config}})


def subnet(id_, cidr, vpc="vpc-1"):
    return fake(Subnet, {SUBNETS: {"SubnetId": id_, "VpcId": vpc, "CidrBlock": cidr}})


def group(id_, ingress=(), egress=()):
    described = {"GroupId": id_, "IpPermissions": list(ingress), "IpPermissionsEgress": list(egress)}
    return fake(SecurityGroup, {SECURITY_GROUPS: described})


def database(*, public=False, vpc="vpc-1", port=5432):
    subnets = [{"SubnetIdentifier": "subnet-d", "SubnetAvailabilityZone": {"Name": "eu-west-1a"}}]
    described = {
        "DBInstanceIdentifier": "deposits",
        "DBInstanceArn": f"{RDS}:db:deposits",
        "AvailabilityZone": "eu-west-1a",
        "PubliclyAccessible": public,
        "DBSubnetGroup": {"VpcId": vpc, "Subnets": subnets},
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-d", "Status": "active"}],
        **({"Endpoint": {"Port": port}} if port else {}),
    }
    return fake(DBInstance, {INSTANCES: described})


def cluster():
    described = {
        "DBClusterIdentifier": "deposits",
        "DBClusterArn": f"{RDS}:cluster:deposits",
        "Port": 5432,
        "DBSubnetGroup": "private",
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-d"}],
    }
    subnets = [{"SubnetIdentifier": "subnet-d", "SubnetAvailabilityZone": {"Name": "eu-west-1a"}}]
    listed = {"DBSubnetGroupName": "private", "DBSubnetGroupArn": f"{RDS}:subgrp:private", "VpcId": "vpc-1"}
    return (
        fake(DBCluster, {CLUSTERS: described}),
        fake(DBSubnetGroup, {SUBNET_GROUPS: {**listed, "Subnets": subnets}}),
    )


def proxy(secret_arn, target=None, group="sg-p"):
    described = {
        "DBProxyName": "front",
        "DBProxyArn": f"{RDS}:db-proxy:front",
        "EngineFamily": "POSTGRESQL",
        "VpcId": "vpc-1",
        "VpcSubnetIds": ["subnet-d"],
        "VpcSecurityGroupIds": [group],
        "Auth": [{"SecretArn": secret_arn}],
    }
    behind = target or {"RdsResourceId": "deposits", "Type": "RDS_INSTANCE"}
    return fake(DBProxy, {PROXIES: described, PROXY_TARGETS: [behind]})


def acl(subnet, *entries):
    told = [
        {
            "RuleNumber": number,
            "Egress": egress,
            "RuleAction": action,
            "Protocol": "6",
            "CidrBlock": cidr,
            "PortRange": {"From": ports[0], "To": ports[1]},
        }
        for number, (egress, action, cidr, ports) in enumerate(entries, 100)
    ]
    described = {"NetworkAclId": f"acl-{subnet}", "Associations": [{"SubnetId": subnet}], "Entries": told}
    return fake(NetworkAcl, {NETWORK_ACLS: described})


OPEN = ((False, "allow", "0.0.0.0/0", (0, 65535)), (True, "allow", "0.0.0.0/0", (0, 65535)))
PLACES = (subnet("subnet-f", "10.0.1.0/24"), subnet("subnet-d", "10.0.2.0/24"))
OPEN_LISTS = (acl("subnet-f", *OPEN), acl("subnet-d", *OPEN))
LEAVES = group("sg-f", egress=[EVERYTHING])
ADMITS = group("sg-d", ingress=[rule(5432, groups=("sg-f",))])
SOUND = (*PLACES, *OPEN_LISTS, LEAVES, ADMITS)


def judge(*others, of=SECRET, caller=None, target=None, **more):
    return run_check(rotation_database_reachable, of, caller or function(), *(target or (database(),)), *others, **more)


@pytest.mark.parametrize(
    "entry",
    [rule(5432, groups=("sg-f",)), rule(5432, "10.0.0.0/16"), rule(None, "10.0.1.0/24"), rule(5000, *ALL, to=6000)],
)
def test_an_open_way_passes(entry):
    """
    The database's group admits the function's group, or the addresses of its subnets.
    """
    assert [Status.PASS] == statuses(judge(*PLACES, *OPEN_LISTS, LEAVES, group("sg-d", ingress=[entry])))


@pytest.mark.parametrize(
    "entries", [[], [rule(3306, groups=("sg-f",))], [rule(5432, "10.9.0.0/16")], [rule(5432, *ALL, protocol="udp")]]
)
def test_flags_a_database_that_does_not_let_it_in(entries):
    """
    Another port, other addresses, another protocol; the command opens the port to the function's group.
    """
    [finding] = judge(*PLACES, *OPEN_LISTS, LEAVES, group("sg-d", ingress=entries))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "rotate cannot reach deposits on port 5432: sg-d does not let rotate in on port 5432" == finding.message
    assert [
        ("AWS::SecretsManager::Secret", True),
        ("AWS::Lambda::Function", True),
        ("AWS::EC2::SecurityGroup", True),
        ("AWS::EC2::SecurityGroup", False),
        ("AWS::RDS::DBInstance", False),
    ] == [(hop.type, hop.holds) for hop in finding.path]
    assert (
        "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-d --protocol tcp --port 5432 "
        "--source-group sg-f" == finding.fix
    )


def test_flags_a_function_that_is_not_let_out():
    """
    Its own group lets nothing out to the port; the command does.
    """
    [finding] = judge(*PLACES, *OPEN_LISTS, group("sg-f", egress=[rule(443, *ALL)]), ADMITS)

    assert "sg-f does not let rotate out to port 5432 of deposits" in finding.message
    assert "authorize-security-group-egress --region eu-west-1 --group-id sg-f" in finding.fix
    assert '"UserIdGroupPairs":[{"GroupId":"sg-d"}]' in finding.fix


@pytest.mark.parametrize(
    "entries",
    [
        (),
        ((False, "deny", "10.0.1.0/24", (5432, 5432)), *OPEN),
        OPEN[:1],
        (OPEN[0], (True, "deny", "10.0.0.0/16", (1024, 65535)), OPEN[1]),
    ],
)
def test_flags_network_acls(entries):
    """
    A list of the database's subnet refuses the port, or the answer to it.
    """
    [finding] = judge(*PLACES, acl("subnet-f", *OPEN), acl("subnet-d", *entries), LEAVES, ADMITS)

    assert Status.FAIL == finding.status
    assert "network ACLs refuse port 5432, or the answer, from subnet-f to subnet-d" in finding.message
    assert finding.fix is None


def test_within_a_subnet_no_acl_counts():
    """
    Traffic within a subnet does not pass its list.
    """
    others = (subnet("subnet-d", "10.0.2.0/24"), acl("subnet-d"), LEAVES, ADMITS)

    assert [Status.PASS] == statuses(judge(*others, caller=function(subnet="subnet-d")))


@pytest.mark.parametrize(
    "others",
    [
        (*PLACES, *OPEN_LISTS, LEAVES, group("sg-d", ingress=[rule(5432, "10.0.1.0/25")])),
        (*PLACES, *OPEN_LISTS, LEAVES),
        (*PLACES[:1], *OPEN_LISTS, LEAVES, ADMITS),
        (*PLACES, OPEN_LISTS[0], acl("subnet-d", (False, "deny", "10.0.1.0/25", (0, 65535)), *OPEN), LEAVES, ADMITS),
    ],
)
def test_parts_are_unknown(others):
    """
    Half of the function's addresses, a group or a subnet that is not to be seen.
    """
    assert [Status.UNKNOWN] == statuses(judge(*others))


@pytest.mark.parametrize("kind", [NetworkAcl, SecurityGroup, Subnet, DBInstance, DBProxy])
def test_refused_evidence_is_unknown(kind):
    """
    Whatever is not to be seen of an open way.
    """
    assert [Status.UNKNOWN] == statuses(judge(*(r for r in SOUND if not isinstance(r, kind)), unlisted=[kind]))


def test_a_group_that_refuses_is_told_without_the_rest():
    """
    What bars the way for certain is enough, whatever else is refused.
    """
    others = (*PLACES, LEAVES, group("sg-d"))

    assert [Status.FAIL] == statuses(judge(*others, unlisted=[NetworkAcl]))


def table(id_, vpc, subnet, *routes):
    told = [{"DestinationCidrBlock": cidr, "State": "active", key: target} for cidr, key, target in routes]
    described = {"RouteTableId": id_, "VpcId": vpc, "Associations": [{"SubnetId": subnet}], "Routes": told}
    return fake(RouteTable, {ROUTE_TABLES: described})


def peering(state="active"):
    return fake(VpcPeering, {PEERINGS: {"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": state}}})


LOCAL = ("10.0.0.0/16", "GatewayId", "local")
THERE = ("10.5.0.0/16", "VpcPeeringConnectionId", "pcx-1")
BACK = ("10.0.0.0/16", "VpcPeeringConnectionId", "pcx-1")
NAT = ("0.0.0.0/0", "NatGatewayId", "nat-1")
APART = (
    subnet("subnet-f", "10.0.1.0/24"),
    subnet("subnet-d", "10.5.2.0/24", "vpc-5"),
    *OPEN_LISTS,
    LEAVES,
    group("sg-d", ingress=[rule(5432, "10.0.0.0/16")]),
)


@pytest.mark.parametrize(
    ("routes", "back", "state", "status"),
    [
        ((LOCAL, THERE), (BACK,), "active", Status.PASS),
        ((LOCAL, THERE, NAT), (BACK,), "active", Status.PASS),
        ((LOCAL,), (BACK,), "active", Status.FAIL),
        ((LOCAL, NAT), (BACK,), "active", Status.FAIL),
        ((LOCAL, THERE), (), "active", Status.FAIL),
        ((LOCAL, THERE), (BACK,), "deleted", Status.UNKNOWN),
        ((LOCAL, ("0.0.0.0/0", "TransitGatewayId", "tgw-1")), (BACK,), "active", Status.UNKNOWN),
        ((LOCAL, ("10.5.2.0/25", "VpcPeeringConnectionId", "pcx-1")), (BACK,), "active", Status.UNKNOWN),
        ((LOCAL, ("0.0.0.0/0", "NetworkInterfaceId", "eni-1")), (BACK,), "active", Status.UNKNOWN),
    ],
)
def test_follows_routes_to_another_vpc(routes, back, state, status):
    """
    A peering with routes there and back passes, no route fails, and what lies behind a transit gateway is unknown.
    """
    tables = (table("rtb-f", "vpc-1", "subnet-f", *routes), table("rtb-d", "vpc-5", "subnet-d", *back))
    findings = judge(*APART, *tables, peering(state), target=(database(vpc="vpc-5"),))

    assert [status] == statuses(findings)


def test_a_nat_gateway_with_a_route_on_is_unknown():
    """
    The subnet of the gateway may have a route to the database's VPC.
    """
    tables = (
        table("rtb-f", "vpc-1", "subnet-f", LOCAL, NAT),
        table("rtb-n", "vpc-1", "subnet-n", LOCAL, ("10.5.0.0/16", "TransitGatewayId", "tgw-1")),
    )

    assert [Status.UNKNOWN] == statuses(judge(*APART, *tables, target=(database(vpc="vpc-5"),)))


def test_a_public_address_in_another_vpc_is_unknown():
    """
    Its name resolves to the public address there.
    """
    tables = (table("rtb-f", "vpc-1", "subnet-f", LOCAL, NAT),)

    assert [Status.UNKNOWN] == statuses(judge(*APART, *tables, target=(database(vpc="vpc-5", public=True),)))


@pytest.mark.parametrize(
    ("public", "entry", "status"),
    [
        (False, rule(5432, *ALL), Status.FAIL),
        (True, rule(5432, *ALL), Status.PASS),
        (True, rule(5432, "10.0.0.0/8"), Status.FAIL),
        (True, rule(5432, "8.8.8.0/24"), Status.UNKNOWN),
    ],
)
def test_a_function_outside_every_vpc_needs_a_public_address(public, entry, status):
    """
    It comes from addresses that nobody knows beforehand.
    """
    findings = judge(
        *PLACES, group("sg-d", ingress=[entry]), caller=function(vpc=""), target=(database(public=public),)
    )

    assert [status] == statuses(findings)


def test_a_proxy_shows_the_database():
    """
    A proxy that logs in with the secret tells which database it is for, cluster or instance.
    """
    bare = secret("api", **ROTATED)
    by_cluster = proxy(
        bare.arn, {"RdsResourceId": "deposits-1", "TrackedClusterId": "deposits", "Type": "RDS_INSTANCE"}
    )

    assert [Status.PASS] == statuses(judge(*SOUND, proxy(bare.arn), of=bare))
    assert [Status.PASS] == statuses(judge(*SOUND, by_cluster, of=bare, target=cluster()))


@pytest.mark.parametrize(("entries", "status"), [([rule(5432, *ALL)], Status.UNKNOWN), ([], Status.FAIL)])
def test_a_proxy_that_is_reached_may_be_what_the_secret_names(entries, status):
    """
    Where neither the database nor the proxy before it is reached, it fails.
    """
    bare = secret("api", **ROTATED)
    others = (*PLACES, *OPEN_LISTS, LEAVES, group("sg-d"), group("sg-p", ingress=entries))

    assert [status] == statuses(judge(*others, proxy(bare.arn), of=bare))


def test_clusters_are_named_by_tags_too():
    """
    By the identifier or the ARN.
    """
    by_arn = secret("api", **ROTATED, Tags=[{"Key": "db", "Value": f"{RDS}:cluster:deposits"}])
    closed = (*PLACES, *OPEN_LISTS, LEAVES, group("sg-d"))

    assert [Status.PASS] == statuses(judge(*SOUND, target=cluster()))
    assert [Status.FAIL] == statuses(judge(*closed, of=by_arn, target=cluster(), database_tag="db"))


def test_a_nameless_database_is_unknown():
    """
    A function in a VPC, or one of AWS's for databases, changes a password of something that nobody names.
    """
    bare = secret("api", **ROTATED)
    template = function(vpc="", name="SecretsManagerRDSPostgreSQLRotationSingleUser")

    [finding] = judge(*SOUND, of=bare)
    assert Status.UNKNOWN == finding.status
    assert "in its tag database" in finding.message
    assert [Status.UNKNOWN] == statuses(judge(*SOUND, of=bare, caller=template))
    assert [Status.NOT_APPLICABLE] == statuses(judge(*SOUND, of=bare, caller=function(vpc="")))


def test_a_tag_may_say_that_there_is_none():
    """
    One that names something else leaves it open.
    """
    other = secret("api", **ROTATED, Tags=[{"Key": "database", "Value": "oracle-on-premises"}])
    none = secret("api", **ROTATED, Tags=[{"Key": "database", "Value": "none"}])

    [finding] = judge(*SOUND, of=other)
    assert Status.UNKNOWN == finding.status
    assert "names oracle-on-premises" in finding.message
    assert [Status.NOT_APPLICABLE] == statuses(judge(*SOUND, of=none))


def test_a_version_of_the_function_is_unknown():
    """
    A version may be in another network than the function is now.
    """
    tags = {"Tags": [{"Key": "database", "Value": "deposits"}]}
    aliased = secret("api", RotationEnabled=True, RotationLambdaARN=f"{ARN}:live", **tags)

    assert [Status.UNKNOWN] == statuses(judge(*SOUND, of=aliased))


def test_a_database_without_an_endpoint_is_unknown():
    """
    It has no port yet.
    """
    assert [Status.UNKNOWN] == statuses(judge(*SOUND, target=(database(port=None),)))


def test_does_not_apply():
    """
    No rotation, or a function that does not exist.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(*SOUND, of=secret("api")))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rotation_database_reachable, SECRET, database(), *SOUND))
