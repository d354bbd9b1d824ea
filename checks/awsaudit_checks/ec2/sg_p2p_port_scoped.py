from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Note, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, Opened, by_reach, closing, graded, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


TCP: Final = {30303: "execution peers", 30301: "discovery", 9000: "consensus peers", 13000: "Prysm", 26656: "CometBFT"}
UDP: Final = {30303: "execution discovery", 30301: "discovery", 9000: "consensus discovery", 12000: "Prysm"}
_NODES: Final = frozenset({NodeRole.CONSENSUS, NodeRole.EXECUTION, NodeRole.VALIDATOR, NodeRole.INDEXER})
# Clients with several ports for peers have them side by side.
_WIDEST: Final = 4


@check(
    "ec2-sg-p2p-port-scoped",
    title="P2P ports are open as p2p only",
    severity=Severity.INFO,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rule, and open exactly the ports for peers, on hosts that have peers."),
)
def sg_p2p_port_scoped(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem | Note]:
    """
    A node finds its peers on ports that are open to everybody, which is as it should be and only remarked. A wide range
    around them opens RPC and metrics along with them, and a signer has no peers at all: both are medium where the
    internet gets there. Groups named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = (*opened(group, TCP, account), *opened(group, UDP, account, "udp"))
    if not found:
        raise NotApplicable("it opens no port for peers to the internet")
    roles = roles_behind(group, interfaces_of(group.id, group.region, account), account)
    names = {**UDP, **TCP}
    if NodeRole.SIGNER in roles:
        yield from problem(group, found, by_reach(Severity.MEDIUM), names)
        return
    wide = [each for each in found if _is_wide(each)]
    if wide:
        first = wide[0].source.entry
        what = f"ports {first.from_port} to {first.to_port}, those of peers among them,"
        yield from problem(group, wide, by_reach(Severity.MEDIUM), names, what=what)
    elif roles & _NODES:
        yield Note(
            f"{', '.join(sorted({str(each.port) for each in found}))} are open for peers, as they are meant to be"
        )
    else:
        yield from problem(group, found, lambda each: graded(each.way.reach, Severity.INFO), names)


def _is_wide(each: Opened) -> bool:
    entry = each.source.entry
    return (entry.to_port or 0) - (entry.from_port or 0) >= _WIDEST
