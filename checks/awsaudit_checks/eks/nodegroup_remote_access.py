import json

from collections.abc import Iterator
from typing import Any, Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.network import is_whole_internet
from awsaudit.resources.ec2 import Permission, SecurityGroup
from awsaudit.resources.eks import Nodegroup


PORTS: Final = {22: "SSH", 3389: "RDP"}


@check(
    "eks-nodegroup-remote-access",
    title="SSH to nodes is not open to all",
    severity=Severity.HIGH,
    uses=(SecurityGroup.id, SecurityGroup.ingress),
    remediation=Remediation(
        text=(
            "Take the rule out of the group that EKS made. Reach nodes by Session Manager, and start the next node group "
            "without remote access, or with source security groups."
        ),
        cli=(
            "aws ec2 revoke-security-group-ingress --region {region} --group-id {remote_access_group_id} "
            "--ip-permissions {permissions}"
        ),
        terraform=(
            'resource "aws_eks_node_group" "this" {\n  node_group_name = {name}\n\n  # no remote_access block\n}'
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/create-managed-node-group.html",
    ),
)
def nodegroup_remote_access(group: Nodegroup, account: Inventory) -> Iterator[Problem]:
    """
    A node group with an SSH key and no source security groups gets a security group that opens SSH, on Windows RDP, to
    the whole internet. A group without key passes, and so does one whose rule somebody has taken out since.
    """
    if group.launch_template_id is not None:
        raise NotApplicable("its launch template says which security groups its nodes have")
    if group.ssh_key is None or group.ssh_source_group_ids:
        return
    wanted = group.remote_access_group_id
    if wanted is None:
        raise Undecided(f"EKS names no security group for the SSH key {group.ssh_key}")
    made = account.first(SecurityGroup, lambda candidate: candidate.id == wanted, group.region)
    entries = [] if made is None else [entry for entry in made.ingress if _is_open(entry)]
    if entries:
        doors = sorted({port for entry in entries for port in PORTS if entry.covers(port)})
        names = " and ".join(f"{PORTS[port]} (port {port})" for port in doors)
        yield Problem(
            f"{names} is open to the internet in {wanted}, for the key {group.ssh_key}",
            expected="no remote access, or from named security groups only",
            found=", ".join(dict.fromkeys(cidr for entry in entries for cidr in _everywhere(entry))),
            fill={"permissions": json.dumps([_revoked(entry) for entry in entries])},
        )


def _is_open(entry: Permission) -> bool:
    return any(entry.covers(port) for port in PORTS) and is_whole_internet((*entry.ipv4, *entry.ipv6))


def _everywhere(entry: Permission) -> tuple[str, ...]:
    """Return the CIDR blocks that make *entry* open: the whole internet's, else all that add up to it."""
    cidrs = (*entry.ipv4, *entry.ipv6)
    return tuple(cidr for cidr in cidrs if cidr.endswith("/0")) or cidrs


def _revoked(entry: Permission) -> dict[str, Any]:
    cidrs = _everywhere(entry)
    ports = {"FromPort": entry.from_port, "ToPort": entry.to_port}
    ipv4 = [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr]
    ipv6 = [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr]

    return {
        "IpProtocol": entry.protocol,
        **{name: port for name, port in ports.items() if port is not None},
        **({"IpRanges": ipv4} if ipv4 else {}),
        **({"Ipv6Ranges": ipv6} if ipv6 else {}),
    }
