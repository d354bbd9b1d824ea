"""What flags of clients open; the flags are those of the clients' own documentation."""

import pytest

from awsaudit import Severity
from awsaudit.node.client import FLAGS
from awsaudit.node.command import command_of, flags_in, split
from awsaudit_checks.node_flag import of_image, openings, unseen
from awsaudit_checks.node_listener import LISTENERS


def found(line):
    return list(openings(command_of(next(split(line)))))


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("geth --http --http.addr 0.0.0.0", 8545),
        ("geth --http --http.addr=0.0.0.0 --http.port=18545", 18545),
        ("geth --rpc --rpcaddr 0.0.0.0", 8545),
        ("geth --ws --ws.addr ::", 8546),
        ("geth --authrpc.addr 0.0.0.0", 8551),
        ("reth node --http --http.addr 0.0.0.0", 8545),
        ("erigon --http.addr=0.0.0.0", 8545),
        ("erigon --private.api.addr=0.0.0.0:9090", 9090),
        ("besu --rpc-http-enabled --rpc-http-host=0.0.0.0", 8545),
        ("besu --rpc-ws-enabled=true --rpc-ws-host=0.0.0.0 --rpc-ws-port=8547", 8547),
        ("besu --graphql-http-enabled --graphql-http-host=0.0.0.0", 8547),
        ("nethermind -c mainnet --JsonRpc.Host 0.0.0.0", 8545),
        ("nethermind -c mainnet --jsonrpc-enginehost 0.0.0.0", 8551),
        ("lighthouse bn --http --http-address 0.0.0.0", 5052),
        ("prysm.sh beacon-chain --http-host=0.0.0.0", 3500),
        ("prysm.sh beacon-chain --rpc-host=0.0.0.0", 4000),
        ("prysm.sh validator --rpc --http-host=0.0.0.0", 7500),
        ("teku --rest-api-enabled --rest-api-interface=0.0.0.0", 5051),
        ("teku vc --validator-api-enabled=true --validator-api-interface=0.0.0.0", 5052),
        ("nimbus_beacon_node --rest --rest-address=0.0.0.0", 5052),
        ("nimbus_validator_client --keymanager --keymanager-address=0.0.0.0 --keymanager-port=5062", 5062),
        ("lodestar beacon --rest.address 0.0.0.0", 9596),
        ("lodestar validator --keymanager --keymanager.address 0.0.0.0", 5062),
        ("web3signer --http-listen-host=0.0.0.0 eth2", 9000),
    ],
)
def test_finds_what_is_bound_on_all_addresses(line, port):
    """
    Each client's interfaces, at their own ports or those that are given.
    """
    (opening,) = found(line)

    assert (Severity.MEDIUM, port) == (opening.severity, opening.port)


@pytest.mark.parametrize(
    "line",
    [
        "geth --http",
        "geth --http.addr 0.0.0.0",
        "geth --http --http.addr 127.0.0.1 --http.api eth,net,web3",
        "geth --http --http.addr 10.0.0.5",
        "besu --rpc-http-host=0.0.0.0",
        "besu --engine-jwt-disabled=false",
        "nethermind -c mainnet --JsonRpc.Enabled false --JsonRpc.Host 0.0.0.0",
        "prysm.sh beacon-chain --disable-http-api --http-host=0.0.0.0",
        "prysm.sh validator --http-host=0.0.0.0",
        "teku --rest-api-interface=0.0.0.0",
        "nimbus_beacon_node --rest-address=0.0.0.0",
        "lodestar validator --keymanager --keymanager.auth true",
        "lighthouse vc --http --unencrypted-http-transport --http-address 127.0.0.1",
        "besu --rpc-http-enabled --rpc-http-api=ETH,ADMIN --rpc-http-authentication-enabled",
        "docker run -p 127.0.0.1:8545:8545 ethereum/client-go --http --http.addr 0.0.0.0",
        "docker run ethereum/client-go --http --http.addr 0.0.0.0",
    ],
)
def test_accepts_what_stays_inside(line):
    """
    Loopback, private addresses, interfaces that are off, containers that publish nothing.
    """
    assert [] == found(line)


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("geth --http --http.addr 10.0.0.5 --http.api eth,debug", Severity.HIGH),
        ("geth --http --http.api eth,personal", Severity.LOW),
        ("reth node --http --http.addr 10.0.0.5 --http.api all", Severity.HIGH),
        ("besu --rpc-http-enabled --rpc-http-host=10.0.0.5 --rpc-http-api=ETH,PERM", Severity.HIGH),
        ("nethermind --JsonRpc.Host 10.0.0.5 --JsonRpc.EnabledModules [Eth,Admin]", Severity.HIGH),
        ("geth --http --http.vhosts=*", Severity.LOW),
        ("geth --http --http.corsdomain '*'", Severity.LOW),
        ("besu --rpc-http-enabled --host-allowlist=*", Severity.LOW),
        ("teku --rest-api-enabled --rest-api-host-allowlist=*", Severity.LOW),
        ("web3signer --http-host-allowlist=* eth2", Severity.LOW),
        ("lodestar beacon --rest.cors '*'", Severity.LOW),
        ("besu --engine-jwt-disabled", Severity.CRITICAL),
        ("nethermind --JsonRpc.UnsecureDevNoRpcAuthentication=true", Severity.CRITICAL),
        ("lodestar validator --keymanager --keymanager.auth false", Severity.HIGH),
        ("teku vc --validator-api-enabled --Xvalidator-api-ssl-enabled=false", Severity.HIGH),
        ("geth --unlock 0x1234 --password /etc/pw", Severity.HIGH),
        ("geth --allow-insecure-unlock", Severity.HIGH),
    ],
)
def test_finds_what_else_is_open(line, severity):
    """
    Powerful modules, any name, any web page, and locks taken off.
    """
    assert [severity] == [opening.severity for opening in found(line)]


def test_wants_tls_for_keys_that_others_manage():
    """
    Lighthouse's interface for keys has none; on loopback it needs none.
    """
    line = "lighthouse vc --http --http-address 0.0.0.0 --unencrypted-http-transport"

    assert [Severity.MEDIUM, Severity.HIGH] == [opening.severity for opening in found(line)]


def test_tells_the_port_of_the_host():
    """
    A container's port may be another one outside.
    """
    docker = "docker run -p {}:8545 ethereum/client-go --http --http.addr 0.0.0.0"

    assert [18545] == [opening.port for opening in found(docker.format(18545))]
    assert [8545] == [opening.port for opening in found(docker.format(8545))]


def test_lets_the_command_line_win():
    """
    What stands there counts more than a variable.
    """
    command = command_of(["besu", "--rpc-http-enabled", "--rpc-http-host=127.0.0.1"], {"BESU_RPC_HTTP_HOST": "0.0.0.0"})  # noqa: S104

    assert [] == list(openings(command))


def test_says_what_was_not_seen():
    """
    Variables, files and units that the text does not hold.
    """
    assert "a variable" in unseen(command_of(["geth", "--http", "--http.addr", "$ADDRESS"]))
    assert "a variable" in unseen(command_of(["geth", "$ARGS"]))
    assert "a file" in unseen(command_of(["besu", "--config-file=/etc/besu.toml"]))
    assert unseen(command_of(["geth", "--http"])) is None


def test_takes_the_client_from_the_image():
    """
    Where the entry point starts it, there are flags alone.
    """
    command = of_image("ethereum/client-go:stable", flags_in(["--http", "--http.addr=0.0.0.0"]))

    assert [8545] == [opening.port for opening in openings(command)]
    assert of_image("nginx", flags_in([])) is None


def test_asks_for_no_flag_that_is_not_kept():
    """
    What the tables name is kept as answers arrive.
    """
    named = {
        name
        for listeners in LISTENERS.values()
        for each in listeners
        for name in (*each.host, *each.ports, *each.switch, *each.off, *each.modules, *each.hosts, *each.origins)
    }

    assert named <= set(FLAGS)
