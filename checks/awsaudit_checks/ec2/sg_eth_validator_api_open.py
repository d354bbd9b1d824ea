from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, Opened, closing, graded, lower, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


PORTS: Final = {
    5062: "Lighthouse, Lodestar",
    7500: "Prysm HTTP",
    7000: "Prysm RPC",
}
# Other software uses these, too.
_GENERIC: Final = frozenset({7000, 7500})
_EXPECTED: Final = frozenset({NodeRole.VALIDATOR, NodeRole.CONSENSUS})


@check(
    "ec2-sg-eth-validator-api-open",
    title="Validator key-manager APIs are not open",
    severity=Severity.CRITICAL,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rules, and bind the interface to 127.0.0.1."),
)
def sg_eth_validator_api_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    The key manager of a validator client imports, exports and deletes signing keys. Critical where somebody on the
    internet reaches an interface of a validator; ports that other software uses are one level less where neither tag
    nor name says that it is one. Low where a rule is open and nothing leads to it yet, a remark on groups without an
    interface. Groups named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    if not found:
        return
    roles = roles_behind(group, interfaces_of(group.id, group.region, account), account)

    def grade(each: Opened) -> Severity:
        severity = Severity.CRITICAL
        return graded(each.way.reach, severity if each.port not in _GENERIC or roles & _EXPECTED else lower(severity))

    yield from problem(group, found, grade, PORTS)
