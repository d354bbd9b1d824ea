from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, Opened, closing, graded, lower, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


PORTS: Final = {
    8020: "admin JSON-RPC",
    8030: "index status",
    8040: "metrics",
}
_GRADES: Final = {
    8030: Severity.LOW,
    8040: Severity.LOW,
}
_EXPECTED: Final = frozenset({NodeRole.INDEXER})


@check(
    "ec2-sg-graph-node-admin-open",
    title="The Graph node admin ports are not open",
    severity=Severity.HIGH,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rules, and reach the interface through Session Manager port forwarding or a VPN."),
)
def sg_graph_node_admin_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    The JSON-RPC interface of a Graph node creates, deploys and removes subgraphs for everyone who reaches it. High on
    indexers by tag or name, one level less elsewhere; status and metrics are low. The ports for queries may be public.
    Low where a rule is open and nothing leads to it yet, a remark on groups without an interface. Groups named in
    ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    if not found:
        return
    roles = roles_behind(group, interfaces_of(group.id, group.region, account), account)

    def grade(each: Opened) -> Severity:
        severity = _GRADES.get(each.port, Severity.HIGH)
        return graded(each.way.reach, severity if roles & _EXPECTED else lower(severity))

    yield from problem(group, found, grade, PORTS)
