from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, Opened, closing, graded, lower, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


PORTS: Final = {
    5052: "Lighthouse, Nimbus",
    5051: "Teku",
    3500: "Prysm",
    4000: "Prysm gRPC",
    9596: "Lodestar",
    5555: "Erigon Caplin",
}
# Other software uses these, too.
_GENERIC: Final = frozenset({3500, 4000, 5555})
_EXPECTED: Final = frozenset({NodeRole.CONSENSUS, NodeRole.VALIDATOR, NodeRole.EXECUTION})


@check(
    "ec2-sg-eth-beacon-api-open",
    title="Beacon node APIs are not open",
    severity=Severity.HIGH,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rules, and admit the validator client's security group in their place."),
)
def sg_eth_beacon_api_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    The beacon API was made for the validator client beside it: from the internet it is used up until duties are missed,
    and some clients administer keys on the same port. High where somebody on the internet reaches an interface; ports
    that other software uses are one level less where neither tag nor name says that it is a node. Low where a rule is
    open and nothing leads to it yet, a remark on groups without an interface. Groups named in ``allowed``, by id or
    name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    if not found:
        return
    roles = roles_behind(group, interfaces_of(group.id, group.region, account), account)

    def grade(each: Opened) -> Severity:
        severity = Severity.HIGH
        return graded(each.way.reach, severity if each.port not in _GENERIC or roles & _EXPECTED else lower(severity))

    yield from problem(group, found, grade, PORTS)
