from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, Opened, closing, graded, lower, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


PORTS: Final = {
    9094: "REST API",
    9095: "IPFS proxy",
    9097: "pinning service",
    9096: "cluster swarm",
}
_GRADES: Final = {
    9096: Severity.LOW,
}
_EXPECTED: Final = frozenset({NodeRole.IPFS})


@check(
    "ec2-sg-ipfs-cluster-api-open",
    title="IPFS Cluster API ports are not open",
    severity=Severity.HIGH,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rules, and admit the cluster's own security group in their place."),
)
def sg_ipfs_cluster_api_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    The interfaces of IPFS Cluster pin and unpin for the whole cluster, and ask for no password as they come. High on
    hosts that are IPFS nodes by tag or name, one level less elsewhere; the cluster's swarm port is low. Low where a
    rule is open and nothing leads to it yet, a remark on groups without an interface. Groups named in ``allowed``, by
    id or name, are to be open.
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
