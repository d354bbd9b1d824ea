import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import ROUTE_TABLES, Instance, RouteTable, Subnet
from awsaudit.resources.eks import NODEGROUP_TEMPLATE
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.node_public_subnets import node_public_subnets


def table(*routes, main=True, subnet=None):
    association = {"Main": main, **({"SubnetId": subnet} if subnet else {})}
    item = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [association], "Routes": list(routes)}
    return fake(RouteTable, {ROUTE_TABLES: item})


OUT4 = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}
OUT6 = {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1", "State": "active"}
NAT = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}
EGRESS6 = {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "State": "active"}


def test_flags_a_node_with_a_public_address(make_cluster, make_group, make_node, make_subnet):
    """
    A public address fails; the command starts a group in the cluster's private subnets.
    """
    cluster = make_cluster(resourcesVpcConfig={"subnetIds": ["subnet-a", "subnet-p"]})
    subnets = make_subnet("subnet-a", MapPublicIpOnLaunch=True), make_subnet("subnet-p"), make_subnet("subnet-x")
    nodes = make_node(PublicIpAddress="203.0.113.7"), make_node("i-2")
    (finding,) = run_check(node_public_subnets, make_group(cluster=cluster), *subnets, *nodes)

    assert "public addresses on 1 of 2 nodes: i-1 (203.0.113.7)" == finding.message
    assert '"nodegroupName": "signer-private"' in finding.fix
    assert '"subnets": ["subnet-p"]' in finding.fix


def test_has_no_command_without_private_subnets(make_group, make_node, make_subnet):
    """
    Where the cluster has no private subnet the command would have nothing to name.
    """
    (finding,) = run_check(node_public_subnets, make_group(), make_node(PublicIpAddress="203.0.113.7"))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_running_nodes_decide(make_group, make_node, make_subnet):
    """
    Nodes without public addresses pass, whatever the subnets would do.
    """
    public = make_subnet("subnet-a", MapPublicIpOnLaunch=True)

    assert [Status.PASS] == statuses(run_check(node_public_subnets, make_group(), make_node(), public, table(OUT4)))


@pytest.mark.parametrize(
    ("subnet", "routes", "status"),
    [
        ({"MapPublicIpOnLaunch": True}, [OUT4], Status.FAIL),
        ({"AssignIpv6AddressOnCreation": True}, [OUT6], Status.FAIL),
        ({"MapPublicIpOnLaunch": True}, [NAT], Status.PASS),
        ({"MapPublicIpOnLaunch": True}, [OUT6], Status.PASS),
        ({"AssignIpv6AddressOnCreation": True}, [OUT4, EGRESS6], Status.PASS),
        ({"MapPublicIpOnLaunch": True}, [{**OUT4, "State": "blackhole"}], Status.PASS),
        ({}, [OUT4], Status.PASS),
    ],
)
def test_reads_the_subnets_where_no_node_runs(make_group, make_subnet, subnet, routes, status):
    """
    A public subnet gives addresses of a family and routes that family to an internet gateway.
    """
    others = make_subnet("subnet-a", **subnet), make_subnet("subnet-b"), table(*routes)

    assert [status] == statuses(run_check(node_public_subnets, make_group(), *others))


def test_a_subnets_own_table_comes_before_the_main_one(make_group, make_subnet):
    """
    The main route table holds only for subnets without one of their own.
    """
    subnet = make_subnet("subnet-a", MapPublicIpOnLaunch=True)
    own = table(NAT, main=False, subnet="subnet-a")

    assert [Status.PASS] == statuses(run_check(node_public_subnets, make_group(), subnet, table(OUT4), own))


@pytest.mark.parametrize(
    ("wish", "subnet", "status"), [(True, {}, Status.FAIL), (False, {"MapPublicIpOnLaunch": True}, Status.PASS)]
)
def test_the_template_overrides_the_subnet(make_group, make_subnet, wish, subnet, status):
    """
    What the launch template says of public addresses holds.
    """
    data = {"NetworkInterfaces": [{"AssociatePublicIpAddress": wish}]}
    group = make_group({NODEGROUP_TEMPLATE: data}, launchTemplate={"id": "lt-1", "version": "1"})

    assert [status] == statuses(run_check(node_public_subnets, group, make_subnet("subnet-a", **subnet), table(OUT4)))


def test_nodes_outside_groups_are_the_clusters(make_cluster, make_node):
    """
    Self-managed nodes and Auto Mode's are judged at the cluster, without a command.
    """
    public = make_node(group=None, PublicIpAddress="203.0.113.7", Operator={"Managed": True})
    (finding,) = run_check(node_public_subnets, make_cluster(), public)

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert [Status.PASS] == statuses(run_check(node_public_subnets, make_cluster(), make_node(group=None)))


def test_a_cluster_without_such_nodes_is_left_out(make_cluster, make_node):
    """
    Without nodes of its own the cluster is not judged; what Auto Mode would start cannot be seen.
    """
    auto = make_cluster(computeConfig={"enabled": True})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(node_public_subnets, make_cluster(), make_node()))
    assert [Status.UNKNOWN] == statuses(run_check(node_public_subnets, auto, make_node()))


def test_says_unknown_where_evidence_is_hidden(make_group, make_subnet):
    """
    Hidden instances, tables, templates and lost subnets are no pass.
    """
    public = make_subnet("subnet-a", MapPublicIpOnLaunch=True)
    lost = make_group({NODEGROUP_TEMPLATE: {"error_code": "gone"}}, launchTemplate={"id": "lt-1", "version": "1"})

    assert [Status.UNKNOWN] == statuses(run_check(node_public_subnets, make_group(), public, unlisted=(Instance,)))
    assert [Status.UNKNOWN] == statuses(run_check(node_public_subnets, make_group(), public, unlisted=(RouteTable,)))
    assert [Status.UNKNOWN] == statuses(run_check(node_public_subnets, make_group(), unlisted=(Subnet,)))
    assert [Status.UNKNOWN] == statuses(run_check(node_public_subnets, make_group(), public))
    assert [Status.UNKNOWN] == statuses(run_check(node_public_subnets, make_group()))
    assert [Status.UNKNOWN] == statuses(run_check(node_public_subnets, lost, public, table(OUT4)))
