from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, Opened, closing, graded, lower, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


PORTS: Final = {
    6688: "operator UI",
    6689: "operator UI over TLS",
}
_EXPECTED: Final = frozenset({NodeRole.ORACLE})


@check(
    "ec2-sg-chainlink-ui-open",
    title="The Chainlink operator UI is not open",
    severity=Severity.HIGH,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rules, and reach the interface through Session Manager port forwarding or a VPN."),
)
def sg_chainlink_ui_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    The operator's interface of a Chainlink node runs jobs and holds keys behind one password. High where somebody on
    the internet reaches an interface of a host that is an oracle by tag or name, one level less elsewhere. Low where a
    rule is open and nothing leads to it yet, a remark on groups without an interface. Groups named in ``allowed``, by
    id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    if not found:
        return
    roles = roles_behind(group, interfaces_of(group.id, group.region, account), account)

    def grade(each: Opened) -> Severity:
        severity = Severity.HIGH
        return graded(each.way.reach, severity if roles & _EXPECTED else lower(severity))

    yield from problem(group, found, grade, PORTS)
