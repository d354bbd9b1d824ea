"""What a host of a chain does: executes, validates, signs, indexes; by its tags and names."""

from __future__ import annotations

import enum
import re

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from awsaudit import Inventory
from awsaudit.resources.ec2 import Instance, NetworkInterface, SecurityGroup


ROLE_USES: Final = (Instance.id, Instance.tags)
"""What the role of a host is told by."""


class NodeRole(enum.Enum):
    """What a host does; the value is how people call it."""

    EXECUTION = "execution client"
    CONSENSUS = "consensus client"
    VALIDATOR = "validator"
    SIGNER = "remote signer"
    IPFS = "IPFS node"
    INDEXER = "indexer"
    ORACLE = "oracle"
    MONITORING = "monitoring"


NODES: Final = frozenset(NodeRole) - {NodeRole.MONITORING}
"""Those that a chain needs."""

KEY_HOSTS: Final = frozenset({NodeRole.VALIDATOR, NodeRole.SIGNER})
"""Those that sign."""

# Words of tags and names; the first roles that match count, since a validator may be called by its client, too.
_WORDS: Final[tuple[tuple[NodeRole, frozenset[str]], ...]] = (
    (NodeRole.SIGNER, frozenset({"signer", "web3signer", "dirk", "clef", "tmkms", "remote-signer"})),
    (NodeRole.VALIDATOR, frozenset({"validator", "validators", "vc"})),
    (
        NodeRole.CONSENSUS,
        frozenset({"consensus", "beacon", "lighthouse", "prysm", "teku", "nimbus", "lodestar", "cl"}),
    ),
    (
        NodeRole.EXECUTION,
        frozenset({"execution", "geth", "nethermind", "besu", "erigon", "reth", "el", "rpc"}),
    ),
    (NodeRole.IPFS, frozenset({"ipfs", "kubo"})),
    (NodeRole.INDEXER, frozenset({"indexer", "graph", "graphnode", "subgraph"})),
    (NodeRole.ORACLE, frozenset({"oracle", "chainlink"})),
    (NodeRole.MONITORING, frozenset({"monitoring", "grafana", "prometheus", "alertmanager"})),
)
_ROLE_TAGS: Final = ("role", "node-role", "blockchain:role")


def role_of(instance: Instance) -> NodeRole | None:
    """Return what *instance* does, by its tags ``role``, ``node-role`` or ``blockchain:role``, else its name."""
    return role_told(instance.tags)


def role_told(tags: Mapping[str, str], *names: str) -> NodeRole | None:
    """Return what something with *tags* does; where they do not tell, what its *names* say."""
    lower = {key.lower(): value for key, value in tags.items()}
    told = [lower[key] for key in _ROLE_TAGS if key in lower]

    return _first(told) or _first([lower.get("name", "")]) or _first(names)


def roles_behind(
    group: SecurityGroup, interfaces: Iterable[NetworkInterface], account: Inventory
) -> frozenset[NodeRole]:
    """
    Return what the hosts with *group* do; where none tells, what the group's name says.

    Raises:
        EvidenceMissing: No host that could be seen tells, and not all could.
    """
    ids = {interface.instance_id for interface in interfaces if interface.instance_id}
    hosts = [instance for instance in account.every(Instance, group.region) if instance.id in ids] if ids else []
    found = frozenset(role for host in hosts if (role := role_of(host)))
    named = _first([group.name])

    return found or frozenset({named} if named else ())


def role_in(name: str) -> NodeRole | None:
    """Return what hosts do whose group is called *name*; None if it does not tell."""
    return _first([name])


def _first(texts: Iterable[str]) -> NodeRole | None:
    words = {word for text in texts for word in _words(text)}
    return next((role for role, telling in _WORDS if words & telling), None)


def _words(text: str) -> Iterator[str]:
    yield from re.findall(r"[a-z0-9]+", text.lower())
