from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, by_reach, closing, opened, problem, refuse_allowed


PORTS: Final = {
    22: "SSH",
}


@check(
    "ec2-sg-ssh-open",
    title="SSH is not open to the internet",
    severity=Severity.HIGH,
    equivalents=(
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
        "prowler:ec2_instance_port_ssh_exposed_to_internet",
    ),
    uses=USES,
    remediation=closing(
        "Revoke the rule, and sign in through Session Manager, EC2 Instance Connect Endpoint or a VPN."
    ),
)
def sg_ssh_open(group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Every address of the internet is tried for weak keys and passwords within minutes, and each flaw of the server is
    exploited from there. High where somebody on the internet reaches an interface. It is low where a rule is open and
    nothing leads to it yet, and a remark on groups without an interface. Groups named in ``allowed``, by id or name,
    are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    yield from problem(group, found, by_reach(Severity.HIGH), PORTS)
