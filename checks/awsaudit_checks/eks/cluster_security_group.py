import ipaddress
import json

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.network import is_whole_internet, network
from awsaudit.resources.ec2 import Instance, Permission, SecurityGroup
from awsaudit.resources.eks import Cluster
from awsaudit_checks.eks.cluster import refuse_connected


# SSH, the API, RDP, the kubelet and etcd.
PORTS: Final = (22, 443, 3389, 10250, 2379, 2380)
NODE_PORTS: Final = (30000, 32767)


@check(
    "eks-cluster-security-group",
    title="The cluster security group is not open",
    severity=Severity.HIGH,
    uses=(
        SecurityGroup.id,
        SecurityGroup.ingress,
        Instance.security_groups,
        Instance.public_ip,
    ),
    remediation=Remediation(
        text=(
            "Take the rule out; nodes and control plane need only rules between their own groups. A rule of a load "
            "balancer goes away when its Service names its clients in spec.loadBalancerSourceRanges."
        ),
        cli="aws ec2 revoke-security-group-ingress --region {region} --group-id {group} --ip-permissions {permissions}",
        url="https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html",
    ),
)
def cluster_security_group(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    """
    The cluster's security groups are worn by the control plane's interfaces and, the main one, by every managed node.
    A rule for the whole internet opens the kubelet, SSH or etcd of every node that has a public address, now or later.
    """
    refuse_connected(cluster)
    ids = dict.fromkeys(id_ for id_ in (cluster.cluster_security_group_id, *cluster.security_group_ids) if id_)
    if not ids:
        raise NotApplicable("the cluster has no security group yet")
    groups = [g for g in account.every(SecurityGroup, cluster.region) if g.id in ids]
    problems = [problem for group in groups for problem in _problems(group, account)]
    yield from problems
    gone = ids.keys() - {group.id for group in groups}
    if gone and not problems:
        raise Undecided(f"the region has no security group {min(gone)}")


def _problems(group: SecurityGroup, account: Inventory) -> Iterator[Problem]:
    # What cannot be seen of the nodes can only make a problem graver, so that medium is what is sure of it.
    public = any(i.public_ip for i in account.seen(Instance, group.region) if group.id in i.security_groups)
    for entry in group.ingress:
        everyone = (*entry.ipv4, *entry.ipv6)
        if not is_whole_internet(everyone):
            continue
        ports = _ports(entry)
        mine = [cidr for cidr in everyone if cidr not in entry.made_by_load_balancer]
        if is_whole_internet(mine) and any(map(entry.covers, PORTS)):
            severity = Severity.HIGH if public else Severity.MEDIUM
            yield _problem(group, entry, mine, f"{group.id} opens {ports} to the internet", severity)
        elif not is_whole_internet(mine):
            # The load balancer controller would put back what is revoked: there is no command.
            yield _problem(
                group, entry, (), f"{group.id} opens {ports} to the internet, for a load balancer", Severity.LOW
            )
        elif _holds_node_ports(entry):
            yield _problem(group, entry, mine, f"{group.id} opens node ports {ports} to the internet", Severity.LOW)


def _problem(group: SecurityGroup, entry: Permission, wide: Iterable[str], message: str, severity: Severity) -> Problem:
    cidrs = list(wide)
    return Problem(
        message,
        expected="no rule for the whole internet",
        found=_ports(entry),
        sub_key=f"{group.id} {entry.protocol} {entry.from_port} {entry.to_port}",
        severity=severity,
        fill={"group": group.id, **({"permissions": _revoked(entry, cidrs)} if cidrs else {})},
    )


def _ports(entry: Permission) -> str:
    if entry.protocol == "-1":
        return "all traffic"
    first, last = entry.from_port, entry.to_port

    return f"{entry.protocol} {first}" if first == last else f"{entry.protocol} {first}-{last}"


def _holds_node_ports(entry: Permission) -> bool:
    first, last = NODE_PORTS
    return entry.protocol in {"tcp", "udp", "6", "17"} and (
        (entry.from_port or 0) <= last and first <= (65535 if entry.to_port is None else entry.to_port)
    )


def _revoked(entry: Permission, cidrs: Iterable[str]) -> str:
    """Return the rule's entries for the internet in the form of the API; its narrow ones stay."""
    wide = [cidr for cidr in cidrs if network(cidr).prefixlen < _NARROW[type(network(cidr))]]
    rule: dict[str, object] = {"IpProtocol": entry.protocol}
    if entry.from_port is not None:
        rule |= {"FromPort": entry.from_port, "ToPort": entry.to_port}
    v4 = [{"CidrIp": cidr} for cidr in wide if ":" not in cidr]
    v6 = [{"CidrIpv6": cidr} for cidr in wide if ":" in cidr]

    return json.dumps([rule | ({"IpRanges": v4} if v4 else {}) | ({"Ipv6Ranges": v6} if v6 else {})])


_NARROW: Mapping[type, int] = {ipaddress.IPv4Network: 8, ipaddress.IPv6Network: 16}
