"""What is kept of the commands that start clients of a chain."""

import pytest

from awsaudit.node.client import FLAGS, Kind, client_of_image
from awsaudit.node.command import OTHER, VARIABLE, Command, command_of, flags_in, reduced, split


@pytest.mark.parametrize(
    ("line", "client", "part"),
    [
        ("geth --http", "geth", ""),
        ("/usr/local/bin/geth --http", "geth", ""),
        ("sudo -u eth nohup geth --http", "geth", ""),
        ("GOGC=20 exec geth", "geth", ""),
        ("bash -c 'geth --http'", "geth", ""),
        ("dotnet nethermind.dll --config mainnet", "nethermind", ""),
        ("reth node --full", "reth", ""),
        ("lighthouse --network mainnet bn --http", "lighthouse", "beacon"),
        ("lighthouse vc", "lighthouse", "validator"),
        ("./prysm.sh beacon-chain --mainnet", "prysm", "beacon"),
        ("/opt/prysm/validator --rpc", "prysm", "validator"),
        ("teku --network=mainnet", "teku", ""),
        ("teku vc", "teku", "validator"),
        ("nimbus_beacon_node --rest", "nimbus", "beacon"),
        ("lodestar validator --keymanager", "lodestar", "validator"),
        ("web3signer --http-listen-port=9000 eth2", "web3signer", ""),
        ("docker run -d --name geth -v geth:/data ethereum/client-go:stable --http", "geth", ""),
        ("docker run sigp/lighthouse lighthouse bn", "lighthouse", "beacon"),
    ],
)
def test_names_what_is_started(line, client, part):
    """
    Wrappers, paths, shells and containers are looked through.
    """
    command = command_of(next(split(line)))

    assert command is not None
    assert (client, part) == (command.client, command.part)


@pytest.mark.parametrize(
    "line",
    [
        "apt-get install -y geth",
        "sudo useradd geth",
        "mkdir -p /var/lib/geth",
        "geth version",
        "geth --datadir /data init genesis.json",
        "lighthouse account validator import",
        "lighthouse https://example.com --view",
        "besu --help",
        "reth db stats",
        "curl -L https://example.com/geth -o /usr/local/bin/geth",
        "docker pull ethereum/client-go",
        "docker run --name geth nginx",
        "docker run -v geth:/data alpine",
    ],
)
def test_takes_no_errand_for_a_start(line):
    """
    What installs, asks or prepares starts no node.
    """
    assert command_of(next(split(line))) is None


def test_keeps_flags_in_every_spelling():
    """
    With an equals sign, with a space, with one dash; a switch takes true and false alone.
    """
    command = command_of(next(split("geth -http --http.addr=0.0.0.0 --http.api eth,admin --ws false --cache 4096")))

    assert (
        ("-http", ""),
        ("--http.addr", "0.0.0.0"),  # noqa: S104 - what is looked for
        ("--http.api", "eth,admin"),
        ("--ws", "false"),
    ) == command.flags


def test_keeps_no_other_value():
    """
    What is no address, port, module or true and false is not kept, and neither are other flags.
    """
    words = (
        "geth --http.addr hunter2 --http.port hunter2 --http.api hunter2 --http.corsdomain hunter2 --password hunter2"
    )
    command = command_of([*words.split(), "--http=hunter2", "--config", "hunter2"])

    assert "hunter2" not in str(command)
    assert ("file",) == command.unseen


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (Kind.HOST, "0.0.0.0:9090", "0.0.0.0"),  # noqa: S104 - what is looked for
        (Kind.HOST, "[::]:9090", "::"),
        (Kind.HOST, "LOCALHOST", "localhost"),
        (Kind.HOST, "node.internal", OTHER),
        (Kind.HOST, "$ADDRESS", VARIABLE),
        (Kind.PORT, "8545", "8545"),
        (Kind.NAMES, '"*"', "*"),
        (Kind.NAMES, "localhost,all", "*"),
        (Kind.NAMES, "example.com", OTHER),
        (Kind.MODULES, "[Eth, Admin]", "Eth,Admin"),
        (Kind.SWITCH, "FALSE", "false"),
    ],
)
def test_reduces_values(kind, value, kept):
    """
    What decides is kept, in one form, and reducing it again changes nothing.
    """
    assert kept == reduced(kind, value) == reduced(kind, reduced(kind, value))


@pytest.mark.parametrize(
    ("options", "published"),
    [
        ("", ()),
        ("-p 8545:8545", ("8545",)),
        ("-p 127.0.0.1:8545:8545 -p 30303:30303/udp", ("30303",)),
        ("--publish=18545:8545", ("18545:8545",)),
        ("-p 0.0.0.0:8545:8545", ("8545",)),
        ("-p 8545", ("*:8545",)),
        ("-P", ("*",)),
        ("--network host", None),
        ("--net=host", None),
    ],
)
def test_tells_what_a_container_publishes(options, published):
    """
    Ports that are given to the host alone are not told.
    """
    command = command_of(f"docker run {options} ethereum/client-go --http".split())

    assert published == command.published


def test_reads_variables_of_the_client():
    """
    Besu, Teku, Web3Signer, geth and Nethermind read variables; those of others say nothing.
    """
    command = command_of(["besu"], {"BESU_RPC_HTTP_HOST": "0.0.0.0", "TEKU_REST_API_ENABLED": "true", "HOME": "/"})  # noqa: S104

    assert (("BESU_RPC_HTTP_HOST", "0.0.0.0"),) == command.flags  # noqa: S104 - what is looked for


def test_says_that_a_variable_hides_flags():
    """
    An argument that is a variable may be any flag; the value of a flag is one value.
    """
    assert ("variable",) == command_of(["geth", "--http", "$ARGS"]).unseen
    assert () == command_of(["geth", "--datadir", "$DATA", "--http"]).unseen


def test_takes_bundled_configurations_for_no_files():
    """
    Nethermind's networks come with it.
    """
    assert () == command_of(["nethermind", "-c", "mainnet"]).unseen
    assert ("file",) == command_of(["nethermind", "-c", "/etc/nethermind.cfg"]).unseen


def test_reads_flags_whose_client_the_image_tells():
    """
    A container whose entry point starts the client has nothing but flags.
    """
    assert (("--http", ""),) == flags_in(["--http", "--datadir=/data"]).flags


@pytest.mark.parametrize(
    ("image", "client"),
    [
        ("ethereum/client-go:v1.16.0", ("geth", "")),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/mirror/besu@sha256:abc", ("besu", "")),
        ("ghcr.io/paradigmxyz/reth", ("reth", "")),
        ("gcr.io/offchainlabs/prysm/validator:v6", ("prysm", "validator")),
        ("statusim/nimbus-eth2:amd64-latest", ("nimbus", "beacon")),
        ("consensys/web3signer", ("web3signer", "")),
        ("nginx:1", None),
        ("example/gethsemane", None),
    ],
)
def test_tells_clients_by_their_images(image, client):
    """
    The repository's name decides, in whatever registry.
    """
    assert client == client_of_image(image)


def test_takes_no_flag_at_the_end_for_one_with_a_value():
    """
    A shell's -c is no file of flags either.
    """
    assert (("--http.addr", OTHER),) == flags_in(["--http.addr"]).flags
    assert Command("") == flags_in(["sh", "-c"])


def test_goes_to_evidence_and_back():
    """
    The plain form holds all of a command.
    """
    command = Command("geth", "", (("--http", ""),), ("8545",), ("file",))

    assert command == Command.from_json(command.as_json())


def test_names_flags_in_their_canonical_form():
    """
    Flags are looked up in one form.
    """
    assert not [name for name in FLAGS if name != name.lower() or "." in name or "_" in name]
