"""
What the flags of a chain's client open: addresses that it listens on, whom it answers, which modules, and locks taken off.

Pure; tables of the clients' interfaces are in `awsaudit_checks.node_listener`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from awsaudit import Severity
from awsaudit.node.client import PARTS, canonical, client_of_image, flag_of_variable
from awsaudit.node.command import VARIABLE, Command
from awsaudit_checks.node_listener import LISTENERS, Listener


@frozen
class Opening:
    """
    Something that a client's flags open.

    Args:
        key: What it is called, for good.

        words: What it is, as a phrase about the client.

        severity: How bad it is; of a bound port, where nobody on the internet gets to it.

        port: The port that the client binds on all addresses; None for anything else.

        better: What should be there.

        inside: The same port as the client has it, in its container; None for anything else.
    """

    key: str
    words: str
    severity: Severity
    port: int | None
    better: str
    inside: int | None = None


_EVERYWHERE: Final = frozenset({"0.0.0.0", "::", "*"})  # noqa: S104 - what is looked for
_OWN_HOST: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_POWERFUL: Final = frozenset({"admin", "debug", "personal", "perm", "engine", "all"})

# Flags that take a lock off: the client, the flag, the value that does, how bad that is, what it means, what should be.
_LOCKS: Final = (
    (
        "besu",
        "engine-jwt-disabled",
        "true",
        Severity.CRITICAL,
        "asks nobody for the Engine API's secret",
        "a JWT secret",
    ),
    (
        "nethermind",
        "jsonrpc-unsecuredevnorpcauthentication",
        "true",
        Severity.CRITICAL,
        "asks nobody for the Engine API's secret",
        "a JWT secret",
    ),
    ("lodestar", "keymanager-auth", "false", Severity.HIGH, "asks nobody who manages its keys for a token", "a token"),
    (
        "lodestar",
        "keymanager-authenabled",
        "false",
        Severity.HIGH,
        "asks nobody who manages its keys for a token",
        "a token",
    ),
    ("teku", "xvalidator-api-ssl-enabled", "false", Severity.HIGH, "lets keys be managed without TLS", "TLS"),
    ("geth", "allow-insecure-unlock", "true", Severity.HIGH, "signs with unlocked accounts over HTTP", "a signer"),
)


class _Given:
    """The flags of a command: the last of several spellings counts, as the clients have it."""

    def __init__(self, command: Command) -> None:
        self._values: dict[str, tuple[str, str]] = {}
        for name, value in command.flags:
            self._values[canonical(flag_of_variable(name) or name)] = (name, value)

    def one(self, names: tuple[str, ...]) -> tuple[str, str] | None:
        """Return spelling and value of one of *names*; None if none is given."""
        return next((self._values[name] for name in names if name in self._values), None)

    def is_on(self, *names: str) -> bool:
        """Tell whether one of the switches *names* is given, and not as false."""
        found = self.one(names)
        return found is not None and found[1] != "false"


def of_image(image: str, command: Command) -> Command | None:
    """Return *command*, the words of a container, as one of the client that its *image* is; None if it is none."""
    if command.client:
        return command
    known = client_of_image(image)
    if known is None:
        return None
    client, part = known
    several = client in PARTS or client == "teku"

    return evolve(command, client=client, part=part or (command.part if several else ""))


def openings(command: Command) -> Iterator[Opening]:
    """Yield what the flags of *command* open."""
    given = _Given(command)
    for listener in LISTENERS.get((command.client, command.part), ()):
        if _listens(listener, given):
            yield from _of_listener(listener, command, given)
    for client, flag, value, severity, words, better in _LOCKS:
        found = given.one((flag,)) if client == command.client else None
        if found and (found[1] or "true") == value:
            yield Opening(f"{client}/{flag}", f"{client} {words} ({found[0]})", severity, None, better)
    if command.client == "geth" and (found := given.one(("unlock",))):
        yield Opening("geth/unlock", f"geth keeps accounts unlocked ({found[0]})", Severity.HIGH, None, "a signer")


def unseen(command: Command) -> str | None:
    """Return what decides and was not seen, as a phrase; None if all was."""
    variable = next((name for name, value in command.flags if value == VARIABLE), None)
    if variable:
        return f"the value of {variable} of {command.client} is a variable that is set elsewhere"

    return next((f"{command.client} {_UNSEEN[each]}" for each in command.unseen), None)


_UNSEEN: Final = {
    "variable": "takes flags out of a variable that is set elsewhere",
    "file": "reads flags from a file that is not in it",
    "unit": "is started by a unit that is not in it",
}


def _listens(listener: Listener, given: _Given) -> bool:
    if given.is_on(*listener.off):
        return False
    found = given.one(listener.switch)

    return listener.default if found is None else found[1] != "false"


def _of_listener(listener: Listener, command: Command, given: _Given) -> Iterator[Opening]:
    client = command.client
    key = f"{client}/{listener.name}"
    host = given.one(listener.host)
    port = _port(listener, given)
    bound = host is not None and host[1] in _EVERYWHERE and _is_published(command, port)
    if host and bound:
        words = f"{client} binds its {listener.name}, port {port}, on all addresses ({_told(host)})"
        outside = _outside(command, port)
        better = "127.0.0.1, or the address of a private network"
        yield Opening(f"{key}/host", words, Severity.MEDIUM, outside, better, port)
        # It has no TLS; the flag says that this was read.
        if (client, command.part) == ("lighthouse", "validator"):
            words = "lighthouse lets keys be managed from other hosts without TLS (--unencrypted-http-transport)"
            yield Opening(f"{key}/tls", words, Severity.HIGH, None, "127.0.0.1 behind what speaks TLS")
    modules = given.one(listener.modules)
    powerful = sorted(_POWERFUL & set((modules[1] if modules else "").lower().split(",")))
    if modules and powerful and not given.is_on(*filter(None, (listener.guard,))):
        inside = host is None or host[1] in _OWN_HOST or not _is_published(command, port)
        words = f"{client} answers to {', '.join(powerful)} on its {listener.name} ({modules[0]})"
        severity = Severity.LOW if inside else Severity.HIGH
        yield Opening(f"{key}/modules", words, severity, None, "only what applications call, such as eth, net, web3")
    for kind, names, words in (
        ("hosts", listener.hosts, "by any name"),
        ("origins", listener.origins, "by any web page"),
    ):
        found = given.one(names)
        if found and found[1] == "*":
            told = f"{client} lets its {listener.name} be called {words} ({_told(found)})"
            yield Opening(f"{key}/{kind}", told, Severity.LOW, None, "the names that are used")


def _told(flag: tuple[str, str]) -> str:
    return f"{flag[0]}={flag[1]}"


def _port(listener: Listener, given: _Given) -> int:
    found = given.one(listener.ports)
    return int(found[1]) if found and found[1].isdigit() else listener.port


def _is_published(command: Command, port: int) -> bool:
    """Tell whether other hosts get to *port* of the command's container; without a container they do."""
    return command.published is None or any(_serves(each, port) for each in command.published)


def _outside(command: Command, port: int) -> int | None:
    """Return the host's own port for *port* of the command's container; None if Docker chooses one."""
    told = next((each for each in command.published or () if _serves(each, port)), str(port))
    host, colon, _ = told.partition(":")
    if not colon:
        return None if told == "*" else port

    return int(host) if host.isdigit() else None


def _serves(published: str, port: int) -> bool:
    inside = published.rpartition(":")[2]
    first, _, last = inside.partition("-")

    return inside == "*" or int(first) <= port <= int(last or first)
