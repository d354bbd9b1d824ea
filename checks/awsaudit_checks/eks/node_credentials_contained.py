from collections.abc import Iterator, Mapping

from attrs import frozen

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import is_administrator
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.eks import Cluster, Nodegroup, PodIdentityAssociation
from awsaudit.resources.iam import OidcProvider, Role
from awsaudit_checks.eks.cluster import refuse_connected
from awsaudit_checks.eks.node import nodes_of_group, some
from awsaudit_checks.eks.node_imds_hop_limit import MODIFY_NODES, closing, of_nodes_to_come, reaches_pods
from awsaudit_checks.eks.nodegroup import runs_windows
from awsaudit_checks.eks.reach import REACH, reached, told


@check(
    "eks-node-credentials-contained",
    title="No pod can use what a node role reaches",
    severity=Severity.HIGH,
    uses=(
        Instance.id, Instance.state, Instance.tags, Instance.metadata, Instance.platform, Nodegroup,
        PodIdentityAssociation.arn, OidcProvider.url, *REACH,
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
    cannot reach pass, and so do roles that only pull images; where no node runs, the launch template tells of those to come.
    Medium where the cluster hands out roles to pods as well.
    """
    refuse_connected(cluster)
    if not account.children(cluster, Nodegroup):
        raise NotApplicable("it has no managed node groups")
    groups = [group for group in account.children(cluster, Nodegroup) if not _is_windows(group, account)]
    if not groups:
        raise NotApplicable("its node groups run Windows")
    own_roles = _gives_pods_roles(cluster, account)
    found: list[Problem] = []
    unclear: list[Undecided] = []
    for group in groups:
        try:
            found += _of_group(group, account, own_roles=own_roles)
        except Undecided as reason:
            unclear.append(reason)
    if unclear and not found:
        raise unclear[0]
    yield from found


def _gives_pods_roles(cluster: Cluster, account: Inventory) -> bool:
    """Tell whether pods of the cluster can have roles of their own."""
    if account.children(cluster, PodIdentityAssociation):
        return True

    return cluster.issuer is not None and account.first(OidcProvider, lambda p: p.url == cluster.issuer) is not None


def _is_windows(group: Nodegroup, account: Inventory) -> bool:
    nodes = nodes_of_group(group, account)
    return runs_windows(group) or (bool(nodes) and all(node.platform == "windows" for node in nodes))


@frozen
class _Metadata:
    """
    How pods of a node group get, or will get, at the credentials of its nodes.

    Args:
        by: The step from a pod to the metadata service.

        found: What lets them, in words.

        cli: The command that bars the way.

        fill: What fills it.
    """

    by: Hop
    found: str
    cli: str
    fill: Mapping[str, str]


def _of_group(group: Nodegroup, account: Inventory, *, own_roles: bool) -> Iterator[Problem]:
    metadata = _metadata(group, account)
    role = account.by_arn(Role, group.node_role_arn) if metadata and group.node_role_arn else None
    if metadata is None or role is None:
        return
    everything = is_administrator(role, account)
    found = () if everything else reached(role, account)
    if not everything and not found:
        return
    if isinstance(metadata, Undecided):
        raise metadata
    end = (Hop(f"arn:{group.partition}:iam::{group.account}:*", "everything", "it is an administrator"),)
    yield Problem(
        f"any pod of the node group {group.name} gets the credentials of {role.name}, which "
        + ("may do everything in the account" if everything else told(found))
        + ("" if own_roles else "; pods have no roles of their own: neither a provider for the cluster's tokens nor Pod "
           "Identity is set up"),
        expected="metadata out of reach of pods, or a node role without such rights",
        found=metadata.found,
        sub_key=group.name,
        severity=Severity.CRITICAL if everything else Severity.MEDIUM if own_roles else None,
        path=(
            Hop("any pod", "pod"),
            metadata.by,
            Hop(role.arn, Role.type, "hands out the credentials of the node role"),
            *(end if everything else (found[0].hop,)),
        ),
        fill=metadata.fill,
        cli=metadata.cli,
    )  # fmt: skip


def _metadata(group: Nodegroup, account: Inventory) -> _Metadata | Undecided | None:
    """Return how pods get at credentials of nodes; None where they do not, why not where that cannot be told."""
    nodes = [node for node in nodes_of_group(group, account) if node.platform != "windows"]
    answering = [node for node in nodes if reaches_pods(node.metadata)]
    if answering:
        arn = f"arn:{group.partition}:ec2:{group.region}:{group.account}:instance/{answering[0].id}"
        by = Hop(arn, Instance.type, "its metadata service answers pods")
        ids = " ".join(node.id for node in answering)
        return _Metadata(by, f"{len(answering)} nodes", MODIFY_NODES, {"nodes": ids})
    unclear = [node.id for node in nodes if reaches_pods(node.metadata) is None]
    if unclear:
        return Undecided(f"AWS does not tell the metadata options of {some(unclear)}")

    return None if nodes else _to_come(group)


def _to_come(group: Nodegroup) -> _Metadata | Undecided | None:
    """Return the same of a group of which no node runs."""
    try:
        words = of_nodes_to_come(group)
    except Undecided as reason:
        return Undecided(f"{group.name}: {reason}")
    if words is None:
        return None
    cli, fill = closing(group)
    names = {"cluster_name": group.cluster_name, "name": group.name}
    if group.launch_template_id and group.launch_template_version:
        names |= {
            "launch_template_id": group.launch_template_id,
            "launch_template_version": group.launch_template_version,
        }
    by = Hop(group.arn, Nodegroup.type, f"no node runs; {words}")

    return _Metadata(by, words, cli, {**names, **fill})
