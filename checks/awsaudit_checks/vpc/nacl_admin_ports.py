from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import AclEntry, NetworkAcl


_PORTS: Final = {22: "SSH", 3389: "RDP"}
_TCP: Final = "6"
_LAST: Final = 32_767


@check(
    "vpc-nacl-admin-ports",
    title="Network ACLs do not let the internet in to administration ports",
    severity=Severity.MEDIUM,
    equivalents=(
        "prowler:ec2_networkacl_allow_ingress_tcp_port_22",
        "prowler:ec2_networkacl_allow_ingress_tcp_port_3389",
        "prowler:ec2_networkacl_allow_ingress_any_port",
    ),
    remediation=Remediation(
        text="Refuse these ports by a rule with a lower number, or name the addresses that may come in.",
        cli=None,
        url="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    ),
)
def nacl_admin_ports(acl: NetworkAcl) -> Iterator[Problem]:
    """
    Where a security group is opened by mistake, the network ACL is what still stands. The first rule that is about a port
    and the whole internet decides. The default ACL as AWS makes it lets everything in: low. Lists that hold for no subnet
    are not judged.
    """
    if not acl.subnet_ids:
        raise NotApplicable("it holds for no subnet")
    opened = [
        port for port in _PORTS if any(_lets_in(acl.entries, port, everybody) for everybody in ("0.0.0.0/0", "::/0"))
    ]
    if opened:
        ports = " and ".join(f"{port} ({_PORTS[port]})" for port in opened)
        untouched = acl.is_default and len([e for e in acl.entries if not e.egress and e.number < _LAST]) <= 2  # noqa: PLR2004
        yield Problem(
            f"it lets the whole internet in on {ports}",
            expected="refused",
            found="allowed",
            severity=Severity.LOW if untouched else None,
        )


def _lets_in(entries: tuple[AclEntry, ...], port: int, everybody: str) -> bool:
    for entry in sorted(entries, key=lambda each: each.number):
        about = entry.protocol == "-1" or (
            entry.protocol == _TCP
            and (entry.from_port or 0) <= port <= (65_535 if entry.to_port is None else entry.to_port)
        )
        if not entry.egress and about and everybody in {entry.ipv4, entry.ipv6}:
            return entry.allow

    return False
