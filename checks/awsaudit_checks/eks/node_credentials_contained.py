from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import is_administrator
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.eks import Cluster, Nodegroup, PodIdentityAssociation
from awsaudit.resources.iam import OidcProvider, Role
from awsaudit_checks.eks.cluster import refuse_connected
from awsaudit_checks.eks.node import nodes_of_group
from awsaudit_checks.eks.node_imds_hop_limit import MODIFY_NODES, reaches_pods
from awsaudit_checks.eks.reach import REACH, reached, told


@check(
    "eks-node-credentials-contained",
    title="No pod can use what a node role reaches",
    severity=Severity.HIGH,
    uses=(
        Instance.id, Instance.state, Instance.tags, Instance.metadata, Instance.platform, Nodegroup.arn, Nodegroup.name,
        Nodegroup.cluster_name, Nodegroup.node_role_arn, PodIdentityAssociation.arn, OidcProvider.url, *REACH,
    ),
    remediation=Remediation(
        text="Require IMDSv2 with a hop limit of 1 on the nodes, and give pods roles of their own by EKS Pod Identity.",
        cli=MODIFY_NODES,
        url="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    ),
)  # fmt: skip
def node_credentials_contained(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    """
    Three things together make every pod a holder of the node's rights: the metadata service answers pods, the node role
    reaches something of the account, and pods have no roles of their own to be content with. Nodes whose metadata pods
    cannot reach pass, and so do roles that only pull images. Medium where the cluster hands out roles to pods as well.
    """
    refuse_connected(cluster)
    groups = account.children(cluster, Nodegroup)
    if not groups:
        raise NotApplicable("it has no managed node groups")
    own_roles = _gives_pods_roles(cluster, account)
    found = [problem for group in groups for problem in _of_group(group, account, own_roles=own_roles)]
    unclear = [node.id for group in groups for node in _linux(group, account) if reaches_pods(node.metadata) is None]
    if unclear and not found:
        raise Undecided(f"AWS does not tell the metadata options of {', '.join(unclear[:3])}")
    yield from found


def _gives_pods_roles(cluster: Cluster, account: Inventory) -> bool:
    """Tell whether pods of the cluster can have roles of their own."""
    if account.children(cluster, PodIdentityAssociation):
        return True

    return cluster.issuer is not None and account.first(OidcProvider, lambda p: p.url == cluster.issuer) is not None


def _linux(group: Nodegroup, account: Inventory) -> list[Instance]:
    return [node for node in nodes_of_group(group, account) if node.platform != "windows"]


def _of_group(group: Nodegroup, account: Inventory, *, own_roles: bool) -> Iterator[Problem]:
    open_nodes = [node for node in _linux(group, account) if reaches_pods(node.metadata)]
    role = account.by_arn(Role, group.node_role_arn) if open_nodes and group.node_role_arn else None
    if role is None:
        return
    everything = is_administrator(role, account)
    found = () if everything else reached(role, account)
    if not everything and not found:
        return
    instance = f"arn:{group.partition}:ec2:{group.region}:{group.account}:instance/{open_nodes[0].id}"
    end = (Hop(f"arn:{group.partition}:iam::{group.account}:*", "everything", "it is an administrator"),)
    yield Problem(
        f"any pod of the node group {group.name} gets the credentials of {role.name}, which "
        + ("may do everything in the account" if everything else told(found))
        + ("" if own_roles else "; pods have no roles of their own: neither a provider for the cluster's tokens nor Pod "
           "Identity is set up"),
        expected="metadata out of reach of pods, or a node role without such rights",
        found=f"{len(open_nodes)} nodes",
        sub_key=group.name,
        severity=Severity.CRITICAL if everything else Severity.MEDIUM if own_roles else None,
        path=(
            Hop("any pod", "pod"),
            Hop(instance, Instance.type, "its metadata service answers pods"),
            Hop(role.arn, Role.type, "hands out the credentials of the node role"),
            *(end if everything else (found[0].hop,)),
        ),
        fill={"nodes": " ".join(node.id for node in open_nodes)},
    )  # fmt: skip
