import json

from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Instance, MetadataOptions
from awsaudit.resources.eks import Cluster, Nodegroup
from awsaudit_checks.eks.cluster import refuse_connected
from awsaudit_checks.eks.node import loose_nodes, nodes_of_group, some
from awsaudit_checks.eks.nodegroup import AMAZON_LINUX_2, SUCCEED, UPDATE, runs_windows, succession


EXPECTED: Final = "IMDSv2 required, with a hop limit of 1"
_TEMPLATE_NAME_LENGTH: Final = 128
SETTINGS: Final = {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1}
NEW_VERSION: Final = (
    "VERSION=$(aws ec2 create-launch-template-version --region {region} --launch-template-id {launch_template_id} "
    "--source-version {launch_template_version} --launch-template-data {data} "
    "--query LaunchTemplateVersion.VersionNumber --output text) && "
    f'{UPDATE} --launch-template id={{launch_template_id}},version="$VERSION"'
)
NEW_GROUP: Final = (
    "aws ec2 create-launch-template --region {region} --launch-template-name {template_name} "
    f"--launch-template-data {{data}} && {SUCCEED}"
)
MODIFY_NODES: Final = (
    "printf %s {nodes} | xargs -n 1 aws ec2 modify-instance-metadata-options --region {region} --http-endpoint enabled "
    "--http-tokens required --http-put-response-hop-limit 1 --instance-id"
)


@check(
    "eks-node-imds-hop-limit",
    title="Pods cannot reach node credentials by IMDS",
    severity=Severity.HIGH,
    uses=(Instance,),
    equivalents=("prowler:ec2_launch_template_imdsv2_required",),
    remediation=Remediation(
        text=(
            "Require IMDSv2 with a hop limit of 1 in the launch template (Karpenter: in metadataOptions of the "
            "EC2NodeClass) and replace the nodes. Give pods that used the node's credentials a role of their own first. "
            "A node group without a launch template of yours has to be replaced: delete it once its pods have moved."
        ),
        cli=None,
        terraform=(
            'resource "aws_launch_template" "nodes" {\n  metadata_options {\n    http_endpoint               = "enabled"\n'
            '    http_tokens                 = "required"\n    http_put_response_hop_limit = 1\n  }\n}'
        ),
        url="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    ),
)
def node_imds_hop_limit(owner: Cluster | Nodegroup, account: Inventory) -> Iterator[Problem]:
    """
    The metadata service hands out the node role's credentials. Without IMDSv2 any pod can fetch them with one GET, and
    with a hop limit above 1 IMDSv2's token reaches pods too. Managed groups are judged by their running nodes, else by
    their launch template; other nodes at the cluster.
    """
    if isinstance(owner, Nodegroup):
        yield from _of_group(owner, account)
    else:
        yield from _of_cluster(owner, account)


def reaches_pods(options: MetadataOptions) -> bool | None:
    """Tell whether pods get credentials; None where *options* leave it open."""
    if options.endpoint == "disabled" or (options.tokens == "required" and options.hop_limit == 1):
        return False
    if options.endpoint == "enabled" and (options.tokens == "optional" or (options.hop_limit or 1) > 1):
        return True

    return None


def _what(options: MetadataOptions) -> str:
    return "IMDSv1 allowed" if options.tokens == "optional" else f"hop limit {options.hop_limit}"


def _of_cluster(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    refuse_connected(cluster)
    nodes = tuple(n for n in loose_nodes(cluster, account) if not n.managed and n.platform != "windows")
    if not nodes:
        raise NotApplicable("no Linux node runs outside managed node groups and Auto Mode")
    exposed = _exposed(nodes)
    if exposed:
        ids = " ".join(exposed)
        yield Problem(_told(exposed, nodes), expected=EXPECTED, fill={"nodes": ids}, cli=MODIFY_NODES)


def _of_group(group: Nodegroup, account: Inventory) -> Iterator[Problem]:
    if runs_windows(group):
        raise NotApplicable("its nodes run Windows")
    nodes = nodes_of_group(group, account)
    linux = tuple(node for node in nodes if node.platform != "windows")
    if nodes and not linux:
        raise NotApplicable("its nodes run Windows")
    message = _told(exposed, linux) if (exposed := _exposed(linux)) else None if linux else of_nodes_to_come(group)
    if message:
        cli, fill = closing(group)
        yield Problem(message, expected=EXPECTED, fill=fill, cli=cli)


def _exposed(nodes: tuple[Instance, ...]) -> Mapping[str, str]:
    """Return what exposes each of *nodes* that are exposed."""
    verdicts = {node.id: (reaches_pods(node.metadata), _what(node.metadata)) for node in nodes}
    exposed = {id_: what for id_, (reaches, what) in verdicts.items() if reaches}
    unclear = [id_ for id_, (reaches, _) in verdicts.items() if reaches is None]
    if unclear and not exposed:
        raise Undecided(f"AWS does not tell the metadata options of {some(unclear)}")

    return exposed


def _told(exposed: Mapping[str, str], nodes: tuple[Instance, ...]) -> str:
    ids = some(f"{id_} ({what})" for id_, what in exposed.items())
    return f"pods reach the node's credentials on {len(exposed)} of {len(nodes)} nodes: {ids}"


def of_nodes_to_come(group: Nodegroup) -> str | None:
    """
    Return what will let pods of *group*, of which no node runs, at the credentials of nodes to come; None for nothing.

    Raises:
        Undecided: Its launch template leaves it open, or cannot be read.
    """
    if group.launch_template_id is None:
        return _of_default(group.ami_type or "")
    if group.template_error:
        raise Undecided(f"no node runs, and its launch template cannot be read: {group.template_error}")
    reaches = reaches_pods(group.template_metadata)
    if reaches is None:
        raise Undecided("no node runs, and its launch template leaves the metadata options to the AMI and the account")
    if not reaches:
        return None
    template = f"{group.launch_template_id} version {group.launch_template_version}"

    return f"pods will reach the node's credentials: launch template {template} has {_what(group.template_metadata)}"


def _of_default(ami_type: str) -> str | None:
    # https://docs.aws.amazon.com/eks/latest/userguide/al2023.html: IMDSv2 is required, and the hop limit is 1.
    if ami_type.startswith("AL2023_"):
        return None
    if ami_type in AMAZON_LINUX_2:
        return "pods will reach the node's credentials: EKS's own launch template for Amazon Linux 2 has hop limit 2"
    raise Undecided(f"no node runs, and AWS does not tell the metadata options of {ami_type or 'its AMI type'}")


def closing(group: Nodegroup) -> tuple[str, Mapping[str, str]]:
    """Return the command that takes metadata out of reach of pods of *group*, and what fills it."""
    if group.launch_template_id is None:
        return NEW_GROUP, {"data": _data(group), **_successor(group)}

    return NEW_VERSION, {"data": _data(group)}


def _data(group: Nodegroup) -> str:
    """Return the launch template's data; the disk's size moves into it where EKS held it."""
    data: dict[str, object] = {"MetadataOptions": SETTINGS}
    if group.launch_template_id is None and group.disk_size:
        device = "/dev/xvdb" if (group.ami_type or "").startswith("BOTTLEROCKET_") else "/dev/xvda"
        disk = {"VolumeSize": group.disk_size, "VolumeType": "gp3"}
        data["BlockDeviceMappings"] = [{"DeviceName": device, "Ebs": disk}]

    return json.dumps(data)


def _successor(group: Nodegroup) -> Mapping[str, str]:
    # Names of launch templates are unique in a region, those of node groups in a cluster.
    template = f"{group.cluster_name}-{group.name}-imdsv2"[:_TEMPLATE_NAME_LENGTH]
    return {**succession(group, "imdsv2", template=template), "template_name": template}
