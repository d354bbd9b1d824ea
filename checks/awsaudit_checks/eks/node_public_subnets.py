from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.network import default_routes, route_table_of
from awsaudit.resources.ec2 import Instance, RouteTable, Subnet
from awsaudit.resources.eks import Cluster, Nodegroup
from awsaudit_checks.eks.cluster import refuse_connected
from awsaudit_checks.eks.node import loose_nodes, nodes_of_group, some
from awsaudit_checks.eks.nodegroup import SUCCEED, cluster_of, succession


EXPECTED: Final = "nodes in private subnets"


@check(
    "eks-node-public-subnets",
    title="Nodes run in private subnets",
    severity=Severity.MEDIUM,
    uses=(Instance, Subnet, RouteTable),
    remediation=Remediation(
        text=(
            "Start a node group in private subnets and delete the old one once its pods have moved. For Karpenter and "
            "Auto Mode select private subnets in the node class."
        ),
        cli=None,
        terraform=(
            'resource "aws_eks_node_group" "this" {\n  node_group_name = {successor_name}\n'
            "  subnet_ids      = aws_subnet.private[*].id\n}"
        ),
        url="https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html",
    ),
)
def node_public_subnets(owner: Cluster | Nodegroup, account: Inventory) -> Iterator[Problem]:
    """
    A node with a public address is one security-group rule away from the internet, with its kubelet and every node port.
    Managed groups are judged by the addresses of their running nodes, else by what nodes to come would get; other nodes
    at the cluster.
    """
    if isinstance(owner, Nodegroup):
        yield from _of_group(owner, account)
    else:
        yield from _of_cluster(owner, account)


def _public(nodes: tuple[Instance, ...]) -> str | None:
    found = [f"{node.id} ({node.public_ip})" for node in nodes if node.public_ip]
    return f"public addresses on {len(found)} of {len(nodes)} nodes: {some(found)}" if found else None


def _of_cluster(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    refuse_connected(cluster)
    nodes = loose_nodes(cluster, account)
    if not nodes and cluster.auto_mode:
        raise Undecided("no node of Auto Mode runs, and its node class, which picks the subnets, is in the cluster")
    if not nodes:
        raise NotApplicable("no node runs outside managed node groups")
    message = _public(nodes)
    if message:
        yield Problem(message, expected=EXPECTED)


def _of_group(group: Nodegroup, account: Inventory) -> Iterator[Problem]:
    nodes = nodes_of_group(group, account)
    message = _public(nodes) if nodes else _of_subnets(group, account)
    if message:
        yield Problem(message, expected=EXPECTED, fill=_private(group, account), cli=SUCCEED)


def _of_subnets(group: Nodegroup, account: Inventory) -> str | None:
    """Return what is wrong with nodes to come, none running; None if nothing is."""
    subnets = [subnet for subnet in account.every(Subnet, group.region) if subnet.id in group.subnet_ids]
    if not subnets:
        raise Undecided("no node runs, and none of its subnets exists any more")
    if group.template_error:
        raise Undecided(f"no node runs, and its launch template cannot be read: {group.template_error}")
    wishes = {interface.public_address for interface in group.template_interfaces} - {None}
    found = [subnet.id for subnet in subnets if _gives_public_address(subnet, wishes, account)]

    return f"nodes will get a public address in {some(found)}" if found else None


def _gives_public_address(subnet: Subnet, wishes: set[bool | None], account: Inventory) -> bool:
    ipv4 = True in wishes or (subnet.public_ipv4 and False not in wishes)
    if not ipv4 and not subnet.public_ipv6:
        return False
    table = route_table_of(subnet.id, subnet.vpc_id, subnet.region, account)
    if table is None:
        raise Undecided(f"no route table of the subnet {subnet.id} can be seen")
    open_ = [route for route in default_routes(table) if (route.gateway or "").startswith("igw-")]

    return any((ipv4 and route.ipv4) or (subnet.public_ipv6 and route.ipv6) for route in open_)


def _private(group: Nodegroup, account: Inventory) -> Mapping[str, str]:
    """Return what fills the command: the cluster's subnets without public addresses; nothing if there is none."""
    ids = cluster_of(group).subnet_ids
    private = [s.id for s in account.seen(Subnet, group.region) if s.id in ids and not (s.public_ipv4 or s.public_ipv6)]
    return succession(group, "private", subnets=private) if private else {}
