from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, Opened, closing, graded, lower, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


PORTS: Final = {
    5001: "IPFS RPC",
}
_EXPECTED: Final = frozenset({NodeRole.IPFS})


@check(
    "ec2-sg-ipfs-api-open",
    title="The IPFS RPC API port is not open",
    severity=Severity.CRITICAL,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rule, and bind the interface to 127.0.0.1; port 4001 for peers may stay open."),
)
def sg_ipfs_api_open(group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    The RPC interface of Kubo administers the node: whoever reaches it reads, adds and deletes, and changes its
    configuration. Critical on hosts that are IPFS nodes by tag or name, high elsewhere, since registries and web
    servers use the port, too. Low where a rule is open and nothing leads to it yet, a remark on groups without an
    interface. Groups named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    if not found:
        return
    roles = roles_behind(group, interfaces_of(group.id, group.region, account), account)

    def grade(each: Opened) -> Severity:
        severity = Severity.CRITICAL
        return graded(each.way.reach, severity if roles & _EXPECTED else lower(severity))

    yield from problem(group, found, grade, PORTS)
