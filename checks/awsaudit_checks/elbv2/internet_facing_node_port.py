from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.elbv2 import Listener
from awsaudit_checks.ec2.port import lower
from awsaudit_checks.ec2.role import NODES, ROLE_USES, NodeRole
from awsaudit_checks.elbv2.passage import (
    ARRIVAL,
    PASSAGE,
    Passage,
    admits_everybody,
    arrival,
    balancer_of,
    barred,
    passages,
    roles_of,
)
from awsaudit_checks.iam.certain import certain


PORTS: Final = {
    3500: "Prysm's beacon API",
    4000: "Prysm's gRPC",
    5001: "IPFS RPC",
    5051: "Teku's beacon API",
    5052: "beacon API",
    5062: "key manager of a validator",
    6688: "Chainlink",
    7500: "key manager of Prysm",
    8020: "graph-node's administration",
    8545: "JSON-RPC",
    8546: "JSON-RPC over WebSocket",
    8547: "GraphQL, gRPC or Nitro",
    8548: "Erigon or Nitro",
    8550: "Clef",
    8551: "engine API",
    9000: "web3signer",
    9094: "IPFS cluster API",
    9596: "Lodestar's beacon API",
    13141: "Dirk",
}
# Other software uses them, too.
_GENERIC: Final = frozenset({3500, 4000, 5001, 5052, 8020, 9094})
_SIGNER: Final = 9000
_CARRIES: Final = frozenset({"TCP", "TCP_UDP", "TCP_QUIC", "TLS", "HTTP", "HTTPS"})


@check(
    "elbv2-internet-facing-node-port",
    title="No internet-facing load balancer publishes a port of a node, signer or administrator",
    severity=Severity.CRITICAL,
    uses=(*PASSAGE, *ARRIVAL, *ROLE_USES, Instance.id),
    remediation=Remediation(
        text="Put the target group behind a load balancer whose scheme is internal, or let an HTTPS listener ask for a token, "
        "a sign-in or a client certificate before it forwards. Name those that are meant to be open under `allowed`.",
        cli=None,
        url="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html",
    ),
)
def internet_facing_node_port(
    listener: Listener, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    Interfaces of nodes and signers ask nobody who they are, and a load balancer carries them past every security group of
    the host. Critical where the internet gets there; a step less on ports that other software uses, too, if no tag or name
    calls the targets a node; low where something else bars the way, or there are no targets. Internal load balancers pass,
    groups that let only some networks in, and listeners that want a sign-in, a token or a client certificate.
    """
    balancer = balancer_of(listener)
    if balancer.scheme != "internet-facing":
        return
    if listener.protocol not in _CARRIES or listener.port is None:
        raise NotApplicable(f"no interface of a node is spoken over {listener.protocol}")
    if any(fnmatchcase(name, glob) for glob in allowed for name in (balancer.name, balancer.arn, listener.arn)):
        raise NotApplicable("the configuration says that it is to be open")
    port = listener.port
    found = certain(passages(listener, balancer, account), lambda passage: _published(passage, port, account))
    worst = max(found, key=lambda each: each[1], default=None)
    if worst is None or not admits_everybody(balancer, port, account):
        return
    passage, severity, ports = worst
    bar = barred(balancer, port, account)
    named = ", ".join(f"{each} ({PORTS[each]})" for each in ports)
    end = f"; nobody on the internet gets there now: {bar}" if bar else ""
    empty = "" if passage.group.targets else "; it has no targets now"
    yield Problem(
        f"it lets whoever comes through to the target group {passage.group.name}, port {named}{empty}{end}",
        expected="an internal load balancer, or one that asks who comes",
        found=f"{listener.name} of the internet-facing load balancer {balancer.name}",
        severity=Severity.LOW if bar or empty else severity,
        path=(*arrival(balancer, bar), *passage.hops),
    )


def _published(passage: Passage, port: int, account: Inventory) -> tuple[Passage, Severity, list[int]] | None:
    """Return how bad it is that *passage* is open behind a listener on *port*, and which ports those are; None if it is not."""
    ports = sorted({port, *passage.ports} & PORTS.keys())
    plain = [each for each in ports if each not in _GENERIC and each != _SIGNER]
    if plain:
        return passage, Severity.CRITICAL, plain
    roles = roles_of(passage.group, account) if ports else frozenset()
    ports = [each for each in ports if each != _SIGNER or NodeRole.SIGNER in roles]
    if not ports:
        return None

    return passage, Severity.CRITICAL if roles & NODES else lower(Severity.CRITICAL), ports
