from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, closing, graded, opened, problem, refuse_allowed


PORTS: Final = {
    8332: "Bitcoin RPC",
    18332: "Bitcoin test network",
    38332: "Bitcoin signet",
    48332: "Bitcoin test network 4",
    8899: "Solana RPC",
    8900: "Solana WebSocket",
    26657: "CometBFT RPC",
    1317: "Cosmos REST",
    9944: "Substrate RPC",
    9933: "Substrate RPC, old",
    9650: "Avalanche",
    5984: "CouchDB",
    7050: "Fabric orderer",
    7051: "Fabric peer",
    7054: "Fabric CA",
}
_LESS: Final = {7050: Severity.MEDIUM, 7051: Severity.MEDIUM, 7054: Severity.MEDIUM}


@check(
    "ec2-sg-chain-rpc-other-open",
    title="Other chains' RPC ports are not open",
    severity=Severity.HIGH,
    uses=USES,
    remediation=closing(
        "Revoke the rules, and put a gateway that authenticates its callers in front of a public RPC service; list the gateway's group in `allowed`."
    ),
)
def sg_chain_rpc_other_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    RPC interfaces of nodes are made for the host they run on: from the internet they leak, are used up, and on some
    chains steer the node. High where somebody on the internet reaches an interface, medium for Fabric, whose
    organizations meet over mutual TLS. It is low where a rule is open and nothing leads to it yet, and a remark on
    groups without an interface. Groups named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    yield from problem(group, found, lambda each: graded(each.way.reach, _LESS.get(each.port, Severity.HIGH)), PORTS)
