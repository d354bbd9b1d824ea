"""
Which interfaces the clients of a chain listen on, and the flags that say how.

https://geth.ethereum.org/docs/fundamentals/command-line-options, https://docs.nethermind.io/fundamentals/configuration,
https://besu.hyperledger.org/public-networks/reference/cli/options, https://docs.erigon.tech, https://reth.rs/cli/reth/node,
https://lighthouse-book.sigmaprime.io/help_general.html, https://prysm.offchainlabs.com/docs/reference/cli/,
https://docs.teku.consensys.io/reference/cli, https://nimbus.guide/options.html,
https://chainsafe.github.io/lodestar/run/beacon-management/beacon-cli,
https://docs.web3signer.consensys.io/reference/cli/options
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import evolve, field, frozen


@frozen(kw_only=True)
class Listener:
    """
    An interface that a client listens on; the flags that say how, each in all its spellings.

    Args:
        name: What people call it.

        host: The address; without it the client listens to its own host alone.

        ports: The port.

        port: The port without that flag.

        switch: What turns it on; none where it is always on.

        off: What turns it off.

        default: Whether it is on without a switch.

        modules: The API modules.

        hosts: The names that it may be called by.

        origins: The web pages that may call it.

        guard: What makes callers show who they are.
    """

    name: str
    host: tuple[str, ...]
    port: int
    ports: tuple[str, ...] = ()
    switch: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    default: bool = field(default=True)
    modules: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    guard: str = ""


_GETH: Final = (
    Listener(
        name="HTTP RPC",
        host=("http-addr", "rpcaddr"),
        ports=("http-port", "rpcport"),
        port=8545,
        switch=("http", "rpc"),
        default=False,
        modules=("http-api", "rpcapi"),
        hosts=("http-vhosts", "rpcvhosts"),
        origins=("http-corsdomain", "rpccorsdomain"),
    ),
    Listener(
        name="WebSocket RPC",
        host=("ws-addr", "wsaddr"),
        ports=("ws-port", "wsport"),
        port=8546,
        switch=("ws",),
        default=False,
        modules=("ws-api", "wsapi"),
        origins=("ws-origins", "wsorigins"),
    ),
    Listener(name="Engine API", host=("authrpc-addr",), ports=("authrpc-port",), port=8551, hosts=("authrpc-vhosts",)),
)
_BESU: Final = (
    Listener(
        name="HTTP RPC",
        host=("rpc-http-host",),
        ports=("rpc-http-port",),
        port=8545,
        switch=("rpc-http-enabled",),
        default=False,
        modules=("rpc-http-api", "rpc-http-apis"),
        hosts=("host-allowlist",),
        origins=("rpc-http-cors-origins",),
        guard="rpc-http-authentication-enabled",
    ),
    Listener(
        name="WebSocket RPC",
        host=("rpc-ws-host",),
        ports=("rpc-ws-port",),
        port=8546,
        switch=("rpc-ws-enabled",),
        default=False,
        modules=("rpc-ws-api", "rpc-ws-apis"),
        guard="rpc-ws-authentication-enabled",
    ),
    Listener(
        name="GraphQL",
        host=("graphql-http-host",),
        ports=("graphql-http-port",),
        port=8547,
        switch=("graphql-http-enabled",),
        default=False,
    ),
    # It has no address of its own.
    Listener(name="Engine API", host=(), ports=("engine-rpc-port",), port=8551, hosts=("engine-host-allowlist",)),
)
_TEKU_KEYS: Final = Listener(
    name="key manager",
    host=("validator-api-interface",),
    ports=("validator-api-port",),
    port=5052,
    switch=("validator-api-enabled",),
    default=False,
    hosts=("validator-api-host-allowlist",),
    origins=("validator-api-cors-origins",),
)
_NIMBUS_KEYS: Final = Listener(
    name="key manager",
    host=("keymanager-address",),
    ports=("keymanager-port",),
    port=5052,
    switch=("keymanager",),
    default=False,
    origins=("keymanager-allow-origin",),
)
_PRYSM_REST: Final = Listener(
    name="Beacon API",
    host=("http-host", "grpc-gateway-host"),
    ports=("http-port", "grpc-gateway-port"),
    port=3500,
    off=("disable-http-api", "disable-grpc-gateway"),
    origins=("http-cors-domain", "grpc-gateway-corsdomain"),
)
_PRYSM_GRPC: Final = Listener(name="gRPC", host=("rpc-host",), ports=("rpc-port",), port=4000)
LISTENERS: Final[Mapping[tuple[str, str], tuple[Listener, ...]]] = {
    ("geth", ""): _GETH,
    ("reth", ""): _GETH,
    ("erigon", ""): (
        evolve(_GETH[0], default=True),
        *_GETH[1:],
        Listener(name="private API", host=("private-api-addr",), port=9090),
    ),
    ("besu", ""): _BESU,
    ("nethermind", ""): (
        Listener(
            name="JSON-RPC",
            host=("jsonrpc-host",),
            ports=("jsonrpc-port",),
            port=8545,
            switch=("jsonrpc-enabled",),
            modules=("jsonrpc-enabledmodules",),
            origins=("jsonrpc-corsorigins",),
        ),
        Listener(name="Engine API", host=("jsonrpc-enginehost",), ports=("jsonrpc-engineport",), port=8551),
    ),
    ("lighthouse", "beacon"): (
        Listener(
            name="Beacon API",
            host=("http-address",),
            ports=("http-port",),
            port=5052,
            switch=("http",),
            default=False,
            origins=("http-allow-origin",),
        ),
    ),
    ("lighthouse", "validator"): (
        Listener(
            name="key manager",
            host=("http-address",),
            ports=("http-port",),
            port=5062,
            switch=("http",),
            default=False,
            origins=("http-allow-origin",),
        ),
    ),
    ("prysm", "beacon"): (_PRYSM_REST, _PRYSM_GRPC),
    ("prysm", "validator"): (
        evolve(_PRYSM_REST, name="key manager", port=7500, off=(), switch=("rpc", "web"), default=False),
        evolve(_PRYSM_GRPC, port=7000, switch=("rpc", "web"), default=False),
    ),
    ("teku", ""): (
        Listener(
            name="Beacon API",
            host=("rest-api-interface",),
            ports=("rest-api-port",),
            port=5051,
            switch=("rest-api-enabled",),
            default=False,
            hosts=("rest-api-host-allowlist",),
            origins=("rest-api-cors-origins",),
        ),
        _TEKU_KEYS,
    ),
    ("teku", "validator"): (_TEKU_KEYS,),
    ("nimbus", "beacon"): (
        Listener(
            name="Beacon API",
            host=("rest-address",),
            ports=("rest-port",),
            port=5052,
            switch=("rest",),
            default=False,
            origins=("rest-allow-origin",),
        ),
        _NIMBUS_KEYS,
    ),
    ("nimbus", "validator"): (_NIMBUS_KEYS,),
    ("nimbus", "signer"): (Listener(name="signing API", host=("bind-address",), ports=("bind-port",), port=9000),),
    ("lodestar", "beacon"): (
        Listener(
            name="Beacon API",
            host=("rest-address",),
            ports=("rest-port",),
            port=9596,
            switch=("rest",),
            origins=("rest-cors",),
        ),
    ),
    ("lodestar", "validator"): (
        Listener(
            name="key manager",
            host=("keymanager-address",),
            ports=("keymanager-port",),
            port=5062,
            switch=("keymanager",),
            default=False,
            origins=("keymanager-cors",),
        ),
    ),
    ("web3signer", ""): (
        Listener(
            name="signing API",
            host=("http-listen-host",),
            ports=("http-listen-port",),
            port=9000,
            hosts=("http-host-allowlist",),
            origins=("http-cors-origins",),
        ),
    ),
}
"""The interfaces of each client and part."""
