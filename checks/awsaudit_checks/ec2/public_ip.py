from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.reachability import Family, internet_gateway
from awsaudit.resources.ec2 import Instance, RouteTable
from awsaudit_checks.ec2.host import holds_keys, refuse_idle, refuse_managed, refuse_named
from awsaudit_checks.ec2.role import NodeRole, role_of


# They find each other by public addresses.
_PEERS: Final = frozenset({NodeRole.EXECUTION, NodeRole.CONSENSUS})


@check(
    "ec2-public-ip",
    title="Instances have no public IP",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_instance_public_ip", "prowler:ec2_confidential_workload_host_public_ip"),
    uses=(RouteTable,),
    remediation=Remediation(
        text="Start it again in a private subnet, behind a NAT gateway for what it fetches and a load balancer for what it "
        "serves; sign in through Session Manager.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
    ),
)
def public_ip(instance: Instance, account: Inventory, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    A host with a public address is one mistake in a security group away from the internet. High for validators, signers and
    parents of enclaves, which nobody needs to reach; a remark on execution and consensus nodes, whose peers do. An IPv6
    address counts in a subnet that an internet gateway leads into; an address in the network of a carrier does not. Hosts
    named in ``allowed``, by id or name, are to be public.
    """
    refuse_managed(instance)
    refuse_idle(instance)
    refuse_named(instance, allowed, "the configuration says that it is to be public")
    addresses = tuple(dict.fromkeys(instance.public_ips))
    carried = set(instance.carrier_ips)
    if addresses and set(addresses) <= carried:
        raise NotApplicable("its address is one in the network of a carrier")
    told = [address for address in addresses if address not in carried] or _over_ipv6(instance, account)
    if told:
        yield Problem(
            f"it has {_words(told)}",
            expected="private addresses only",
            found=", ".join(told),
            severity=_grade(instance),
        )


def _over_ipv6(instance: Instance, account: Inventory) -> list[str]:
    """Return the subnets in which it has IPv6 addresses that the internet may come to."""
    vpc, region = instance.vpc_id, instance.region
    return [
        subnet
        for subnet in dict.fromkeys(instance.ipv6_subnets)
        if vpc and internet_gateway(subnet, vpc, region, account, Family.IPV6)
    ]


def _words(told: list[str]) -> str:
    if told[0].startswith("subnet-"):
        return f"a public IPv6 address in {', '.join(told)}"

    return f"the public {'address' if len(told) == 1 else 'addresses'} {', '.join(told)}"


def _grade(instance: Instance) -> Severity:
    if holds_keys(instance):
        return Severity.HIGH

    return Severity.INFO if role_of(instance) in _PEERS else Severity.MEDIUM
