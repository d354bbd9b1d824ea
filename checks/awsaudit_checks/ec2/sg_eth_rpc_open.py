from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, by_reach, closing, opened, problem, refuse_allowed


PORTS: Final = {
    8545: "JSON-RPC",
    8546: "JSON-RPC over WebSocket",
    8547: "GraphQL, gRPC or Nitro",
    8548: "Erigon or Nitro",
}


@check(
    "ec2-sg-eth-rpc-open",
    title="Ethereum JSON-RPC ports are not open to the internet",
    severity=Severity.CRITICAL,
    uses=USES,
    remediation=closing(
        "Revoke the rules, and put a gateway that authenticates its callers in front of a public RPC service; list the gateway's group in `allowed`."
    ),
)
def sg_eth_rpc_open(group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    The JSON-RPC interface of an execution client asks nobody who they are: it is used up by strangers, and with an
    unlocked account or an admin module it sends money. Critical where somebody on the internet reaches an interface. It
    is low where a rule is open and nothing leads to it yet, and a remark on groups without an interface. Groups named
    in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    yield from problem(group, found, by_reach(Severity.CRITICAL), PORTS)
