from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, by_reach, closing, opened, problem, refuse_allowed


PORTS: Final = {
    3389: "RDP",
}
UDP: Final = {3389: "RDP"}


@check(
    "ec2-sg-rdp-open",
    title="RDP is not open to the internet",
    severity=Severity.HIGH,
    equivalents=(
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389",
        "prowler:ec2_instance_port_rdp_exposed_to_internet",
    ),
    uses=USES,
    remediation=closing("Revoke the rule, and sign in through Fleet Manager, a gateway or a VPN."),
)
def sg_rdp_open(group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Remote Desktop is what most ransomware comes in by: passwords are guessed, and flaws need none. High where somebody
    on the internet reaches an interface, over TCP or UDP. It is low where a rule is open and nothing leads to it yet,
    and a remark on groups without an interface. Groups named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = (*opened(group, PORTS, account), *opened(group, UDP, account, "udp"))
    yield from problem(group, found, by_reach(Severity.HIGH), {**PORTS, **UDP})
