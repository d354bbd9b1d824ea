"""
The clients of a chain: what their programs, images, flags and variables are called.
"""

from __future__ import annotations

import enum
import re

from collections.abc import Mapping
from typing import Final


class Kind(enum.Enum):
    """What the value of a flag is, and so what may be kept of it."""

    HOST = "host"
    PORT = "port"
    SWITCH = "switch"
    MODULES = "modules"
    NAMES = "names"
    FILE = "file"


def set_of(text: str) -> frozenset[str]:
    """Return the words of *text*, each once."""
    return frozenset(text.split())


def _kinds(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


FLAGS: Final[Mapping[str, Kind]] = {
    **_kinds(
        Kind.HOST,
        "http-addr ws-addr authrpc-addr rpcaddr wsaddr private-api-addr rpc-http-host rpc-ws-host graphql-http-host "
        "jsonrpc-host jsonrpc-enginehost http-address http-host rpc-host grpc-gateway-host rest-api-interface "
        "validator-api-interface rest-address keymanager-address http-listen-host bind-address",
    ),
    **_kinds(
        Kind.PORT,
        "http-port ws-port authrpc-port rpcport wsport rpc-http-port rpc-ws-port graphql-http-port engine-rpc-port "
        "jsonrpc-port jsonrpc-engineport rpc-port grpc-gateway-port rest-api-port validator-api-port rest-port "
        "keymanager-port http-listen-port bind-port",
    ),
    **_kinds(
        Kind.SWITCH,
        "http ws rpc rpc-http-enabled rpc-ws-enabled graphql-http-enabled rpc-http-authentication-enabled "
        "rpc-ws-authentication-enabled engine-jwt-disabled jsonrpc-enabled jsonrpc-unsecuredevnorpcauthentication web "
        "disable-http-api disable-grpc-gateway rest-api-enabled validator-api-enabled xvalidator-api-ssl-enabled rest "
        "keymanager keymanager-auth keymanager-authenabled unencrypted-http-transport allow-insecure-unlock",
    ),
    **_kinds(Kind.MODULES, "http-api ws-api rpcapi wsapi rpc-http-api rpc-http-apis rpc-ws-api rpc-ws-apis "
    "jsonrpc-enabledmodules"),
    **_kinds(
        Kind.NAMES,
        "http-vhosts http-corsdomain ws-origins authrpc-vhosts rpcvhosts rpccorsdomain wsorigins host-allowlist "
        "engine-host-allowlist rpc-http-cors-origins jsonrpc-corsorigins http-allow-origin http-cors-domain "
        "grpc-gateway-corsdomain rest-api-host-allowlist rest-api-cors-origins validator-api-host-allowlist "
        "validator-api-cors-origins rest-allow-origin keymanager-allow-origin rest-cors keymanager-cors "
        "http-host-allowlist http-cors-origins unlock",
    ),
    **_kinds(Kind.FILE, "config config-file rcconfig c"),
}  # fmt: skip
"""The flags that are kept, in the form of `canonical`."""


def canonical(name: str) -> str:
    """Return the one form of a flag's *name*: ``--JsonRpc.Host`` and ``jsonrpc-host`` are the same flag."""
    return re.sub(r"[._]", "-", name.lstrip("-").lower())


PROGRAMS: Final[Mapping[str, tuple[str, str]]] = {
    "geth": ("geth", ""),
    "op-geth": ("geth", ""),
    "nethermind": ("nethermind", ""),
    "nethermind.runner": ("nethermind", ""),
    "nethermind.dll": ("nethermind", ""),
    "besu": ("besu", ""),
    "erigon": ("erigon", ""),
    "rpcdaemon": ("erigon", ""),
    "reth": ("reth", ""),
    "op-reth": ("reth", ""),
    "lighthouse": ("lighthouse", ""),
    "beacon-chain": ("prysm", "beacon"),
    "prysm.sh": ("prysm", ""),
    "teku": ("teku", ""),
    "nimbus_beacon_node": ("nimbus", "beacon"),
    "nimbus_validator_client": ("nimbus", "validator"),
    "nimbus_signing_node": ("nimbus", "signer"),
    "lodestar": ("lodestar", ""),
    "web3signer": ("web3signer", ""),
}
_IMAGES: Final = (
    (r"(?:client-go|geth)", "geth", ""),
    (r"nethermind", "nethermind", ""),
    (r"besu", "besu", ""),
    (r"(?:erigon|rpcdaemon)", "erigon", ""),
    (r"reth", "reth", ""),
    (r"lighthouse", "lighthouse", ""),
    (r"prysm.*beacon-chain", "prysm", "beacon"),
    (r"prysm.*validator", "prysm", "validator"),
    (r"teku", "teku", ""),
    (r"nimbus-validator-client", "nimbus", "validator"),
    (r"nimbus(?:-eth2)?", "nimbus", "beacon"),
    (r"lodestar", "lodestar", ""),
    (r"web3signer", "web3signer", ""),
)

# Words that say which of its programs a client is to be; those with none need no word.
PARTS: Final[Mapping[str, Mapping[str, str]]] = {
    "lighthouse": {
        "bn": "beacon", "beacon": "beacon", "beacon_node": "beacon", "vc": "validator", "validator": "validator",
        "validator_client": "validator",
    },
    "lodestar": {"beacon": "beacon", "validator": "validator"},
    "prysm": {"beacon-chain": "beacon", "validator": "validator"},
    "reth": {"node": ""},
}  # fmt: skip
TEKU_VALIDATOR: Final = frozenset({"validator-client", "vc"})
# Words by which a client does something else than run.
ERRANDS: Final = set_of(
    "--version --help -h -v version help init account accounts attach dump dumpconfig dumpgenesis export import removedb "
    "license makecache js wallet db snapshot snapshots version-check public-key rlp operator blocks storage password "
    "genesis transition peer slashing-protection debug-tools migrate-database voluntary-exit admin watermark-repair"
)
_ENVIRONMENT: Final[Mapping[str, str]] = {
    "BESU_": "besu",
    "TEKU_": "teku",
    "WEB3SIGNER_": "web3signer",
    "GETH_": "geth",
    "NETHERMIND_": "nethermind",
}


def client_of_image(image: str) -> tuple[str, str] | None:
    """Return client and part of a container *image*; None if it is none of theirs."""
    name = image.partition("@")[0].lower()
    name = re.sub(r":[\w.-]+$", "", name)
    for pattern, client, part in _IMAGES:
        if re.search(rf"(?:^|[/_-]){pattern}(?:$|[/_-])", name):
            return client, part

    return None


def client_of_variable(name: str) -> str | None:
    """Return the client that reads the environment's variable *name*; None if none does."""
    return next((client for prefix, client in _ENVIRONMENT.items() if name.startswith(prefix)), None)


def flag_of_variable(name: str) -> str | None:
    """Return the flag that the environment's variable *name* stands for; None if none does."""
    prefix = next((prefix for prefix in _ENVIRONMENT if name.startswith(prefix)), None)
    if prefix is None:
        return None

    return re.sub(r"^([A-Z]+)CONFIG_", r"\1_", name.removeprefix(prefix))


# https://geth.ethereum.org/docs/fundamentals/config-files
TOML: Final[Mapping[str, str]] = {
    "httphost": "http.addr",
    "httpport": "http.port",
    "httpmodules": "http.api",
    "httpvirtualhosts": "http.vhosts",
    "httpcors": "http.corsdomain",
    "wshost": "ws.addr",
    "wsport": "ws.port",
    "wsmodules": "ws.api",
    "wsorigins": "ws.origins",
    "authaddr": "authrpc.addr",
    "authport": "authrpc.port",
}

CLIENTS: Final = tuple(dict.fromkeys(client for client, _ in PROGRAMS.values()))
