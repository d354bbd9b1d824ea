from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Instance, Subnet
from awsaudit.resources.eks import Cluster, FargateProfile, Nodegroup
from awsaudit_checks.eks.cluster import refuse_local
from awsaudit_checks.eks.node import loose_nodes
from awsaudit_checks.eks.nodegroup import SUCCEED, succession


ENOUGH: Final = 2


@check(
    "eks-multi-az-subnets",
    title="Nodes span availability zones",
    severity=Severity.MEDIUM,
    uses=(Nodegroup, FargateProfile, Instance, Subnet),
    remediation=Remediation(
        text=(
            "Start a node group in subnets of other zones, beside the one there is. Give Karpenter's node class, or the "
            "Fargate profile, subnets in other zones."
        ),
        cli=None,
        terraform='resource "aws_eks_node_group" "other_zone" {\n  cluster_name = {name}\n  subnet_ids   = [aws_subnet.other_zone.id]\n}',
        url="https://docs.aws.amazon.com/eks/latest/best-practices/reliability.html",
    ),
)
def multi_az_subnets(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    """
    Where all nodes are in one availability zone, that zone's outage stops every workload, whatever Kubernetes does. The
    subnets of all node groups and Fargate profiles count together: one group a zone is fine. Nodes that others started
    count where they run.
    """
    refuse_local(cluster)
    groups = account.children(cluster, Nodegroup)
    profiles = account.children(cluster, FargateProfile)
    subnets = {id_ for group in groups for id_ in group.subnet_ids} | {id_ for p in profiles for id_ in p.subnet_ids}
    zones = _zones_of(subnets, cluster, account)
    if len(zones) >= ENOUGH:
        return
    nodes = loose_nodes(cluster, account)
    zones |= _zones_of({node.subnet_id for node in nodes if node.subnet_id}, cluster, account)
    if len(zones) >= ENOUGH:
        return
    _refuse_few(cluster, groups, profiles, nodes)
    if not zones:
        raise Undecided("none of the subnets of its nodes exists any more")
    yield Problem(
        f"all nodes are in one availability zone, {' '.join(zones)}",
        expected="subnets in two zones or more",
        found=", ".join(sorted(zones)),
        fill=_elsewhere(cluster, groups, zones, account),
        cli=SUCCEED,
    )


def _zones_of(ids: set[str], cluster: Cluster, account: Inventory) -> set[str]:
    return {subnet.zone_id for subnet in account.every(Subnet, cluster.region) if subnet.id in ids}


def _refuse_few(
    cluster: Cluster, groups: tuple[Nodegroup, ...], profiles: tuple[FargateProfile, ...], nodes: tuple[Instance, ...]
) -> None:
    """Raise where nodes are too few to span anything, or where others would start cannot be seen."""
    if cluster.auto_mode and not nodes:
        raise Undecided("no node of Auto Mode runs, and its node class, which picks the subnets, is in the cluster")
    if groups and not profiles and not nodes and sum(group.max_size or 0 for group in groups) < ENOUGH:
        raise NotApplicable("its node groups may have one node at most")
    if groups or profiles:
        return
    if not nodes and cluster.hybrid_networks:
        raise NotApplicable("its nodes are hybrid nodes, outside of AWS")
    if not nodes:
        raise Undecided("it has neither node groups nor Fargate profiles, and no node runs")
    if len(nodes) < ENOUGH:
        raise Undecided("one node runs, and where others would start cannot be seen")


def _elsewhere(
    cluster: Cluster, groups: tuple[Nodegroup, ...], zones: set[str], account: Inventory
) -> Mapping[str, str]:
    """Return what fills the command: a group in the cluster's subnets of other zones; nothing if there is none."""
    others = [s for s in account.every(Subnet, cluster.region) if s.id in cluster.subnet_ids and s.zone_id not in zones]
    private = [subnet.id for subnet in others if not subnet.public_ipv4] or [subnet.id for subnet in others]
    if not groups or not private:
        return {}
    group = max(groups, key=lambda candidate: (candidate.max_size or 0, candidate.name))

    return {**succession(group, "other-zone", subnets=private), "cluster_name": group.cluster_name}
