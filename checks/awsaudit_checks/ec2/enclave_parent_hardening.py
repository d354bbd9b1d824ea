from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.network import admitted, is_whole_internet, network
from awsaudit.reachability import BALANCERS, NETWORK, faces_internet
from awsaudit.resources.ec2 import Instance, Permission, SecurityGroup
from awsaudit.resources.elbv2 import LoadBalancer, TargetGroup
from awsaudit_checks.ec2.facing import groups_on, interfaces_on
from awsaudit_checks.ec2.host import refuse_idle, refuse_managed
from awsaudit_checks.ec2.port import whole


# A /24, and for IPv6 one subnet.
_WIDEST: Final = {4: 24, 6: 64}


@check(
    "ec2-enclave-parent-hardening",
    title="Nitro Enclave parents (key hosts) are not reachable from outside",
    severity=Severity.HIGH,
    equivalents=(
        "prowler:ec2_confidential_workload_host_unrestricted_ingress",
        "prowler:ec2_confidential_workload_host_vsock_proxy_exposed",
    ),
    uses=(*NETWORK, *BALANCERS),
    remediation=Remediation(
        text="Revoke the rules, and admit the security group of what asks the enclave in their place. Take the host from "
        "target groups behind load balancers that face the internet.",
        cli="aws ec2 revoke-security-group-ingress --region {region} --group-id {group} --ip-permissions {permissions}",
        url="https://docs.aws.amazon.com/enclaves/latest/user/nitro-enclave.html",
    ),
)
def enclave_parent_hardening(instance: Instance, account: Inventory) -> Iterator[Problem]:
    """
    The enclave keeps keys from its host, and yet the host decides what reaches the enclave and asks KMS with the same role.
    It has few clients: security groups that admit the internet, or more than 256 addresses, fail, as does a load balancer
    that faces the internet. Other groups and narrow ranges pass. IMDSv1 and public addresses of such a host are told of by
    ec2-imdsv2 and ec2-public-ip.
    """
    if not instance.enclave:
        raise NotApplicable("it may not run an enclave")
    refuse_managed(instance)
    refuse_idle(instance)
    for interface in interfaces_on(instance, account):
        for group in groups_on(interface, account):
            yield from _of_group(instance, interface.id, group, account)
    balancer = _balancer(instance, account)
    if balancer:
        yield Problem(
            f"the load balancer {balancer.name}, which faces the internet, sends traffic to it",
            expected="no load balancer that faces the internet",
            found=balancer.name,
            sub_key=balancer.arn,
            path=(
                Hop("internet", "internet"),
                Hop(balancer.arn, LoadBalancer.type, "faces the internet"),
                Hop(instance.arn, Instance.type, "is its target", holds=False),
            ),
        )


def _of_group(instance: Instance, interface: str, group: SecurityGroup, account: Inventory) -> Iterator[Problem]:
    entries = [(entry, _wide(entry, group.region, account)) for entry in group.ingress]
    found = [(entry, cidrs) for entry, cidrs in entries if cidrs]
    if found:
        named = ", ".join(dict.fromkeys(cidr for _, cidrs in found for cidr in cidrs))
        yield Problem(
            f"its security group {group.name} admits {named}",
            expected="security groups of clients, or /24 at most",
            found=named,
            sub_key=f"{interface}:{group.id}",
            fill={"group": group.id, "permissions": whole(entry for entry, _ in found)},
            path=(
                Hop(group.id, SecurityGroup.type, f"admits {named}"),
                Hop(instance.arn, Instance.type, f"has the group on {interface}", holds=False),
            ),
        )


def _wide(entry: Permission, region: str, account: Inventory) -> tuple[str, ...]:
    """Return what of *entry* is too wide: each block that is, or all of them where they add up to the internet."""
    cidrs = admitted(entry, region, account)
    wide = tuple(cidr for cidr in cidrs if network(cidr).prefixlen < _WIDEST[network(cidr).version])

    return wide or (cidrs if is_whole_internet(cidrs) else ())


def _balancer(instance: Instance, account: Inventory) -> LoadBalancer | None:
    ids = {instance.id, *(ip for interface in interfaces_on(instance, account) for ip in interface.private_ips)}
    groups = [group for group in account.every(TargetGroup, instance.region) if group.balancer_arns]
    serving = account.those_of(groups, lambda group: any(target.id in ids for target in group.targets))
    arns = {arn for group in serving for arn in group.balancer_arns}

    return account.first(LoadBalancer, lambda b: b.arn in arns and faces_internet(b, account), instance.region)
