"""
What starts a client of a chain: which client, and those of its flags that say who may reach it.

Nothing else is kept of a command. Of a flag's value no more is kept than what decides something: an address, a port, true or
false, names of API modules, ``*`` for everybody. ``…`` stands for another value, ``$`` for one that a variable holds and
the text does not tell.
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
import shlex

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from awsaudit.node.client import (
    ERRANDS,
    FLAGS,
    PARTS,
    PROGRAMS,
    TEKU_VALIDATOR,
    Kind,
    canonical,
    client_of_image,
    client_of_variable,
    flag_of_variable,
    set_of,
)


OTHER: Final = "…"
"""What stands for a value that decides nothing, and is not kept."""

VARIABLE: Final = "$"
"""What stands for a value that is not told."""


@frozen
class Command:
    """
    What starts a client, or stands for it.

    Args:
        client: The client; empty where only its image tells it.

        part: ``beacon``, ``validator`` or ``signer`` where one client is several programs; empty else.

        flags: Spelling and value of each flag that is kept, in order; the value of a switch may be empty.

        published: Ports of a container that are given to other hosts, after a colon where the host's own is another, ``*``
            for any; None where it has the host's network, or is no container.

        unseen: What else decides and was not seen: ``variable``, ``file`` or ``unit``.
    """

    client: str
    part: str = ""
    flags: tuple[tuple[str, str], ...] = ()
    published: tuple[str, ...] | None = None
    unseen: tuple[str, ...] = ()

    def as_json(self) -> list[object]:
        """Return the plain form that evidence holds."""
        published = None if self.published is None else list(self.published)
        return [self.client, self.part, [list(flag) for flag in self.flags], published, list(self.unseen)]

    @classmethod
    def from_json(cls, plain: Sequence[object]) -> Command:
        """Return the command that *plain* describes."""
        client, part, flags, published, unseen = plain
        if not isinstance(flags, list) or not isinstance(unseen, list) or not isinstance(published, list | None):
            raise TypeError("not the plain form of a command")
        given = None if published is None else tuple(map(str, published))

        return cls(str(client), str(part), tuple((str(n), str(v)) for n, v in flags), given, tuple(map(str, unseen)))


def command_of(words: Sequence[str], variables: Mapping[str, str] | None = None) -> Command | None:
    """
    Return what the words of one command start; None if that is no client.

    Args:
        words: The command's words, as a shell or a container's definition gives them.

        variables: Variables of its environment.
    """
    found = started(words)
    if found is None:
        return None
    own = {n: v for n, v in (variables or {}).items() if client_of_variable(n) == found.client}

    return without_files(evolve(found, flags=(*settings(own.items()), *found.flags)))


def flags_in(words: Sequence[str], variables: Mapping[str, str] | None = None) -> Command:
    """Return the flags among *words*, with which a container is started whose image alone tells the client."""
    flags, unseen = _flags(words)
    part = next((_ANY_PART[word] for word in _bare(words) if word in _ANY_PART), "")
    return without_files(Command("", part, (*settings((variables or {}).items()), *flags), None, unseen))


# No word stands for one part of one client and for another of another one.
_ANY_PART: Final = {
    **{word: part for parts in PARTS.values() for word, part in parts.items()},
    **dict.fromkeys(TEKU_VALIDATOR, "validator"),
}


def files_of(command: Command) -> tuple[str, ...]:
    """Return the files that a command as `started` returns it reads its flags from."""
    return tuple(value for name, value in command.flags if FLAGS.get(canonical(name)) is Kind.FILE)


def without_files(command: Command, told: Iterable[str] = ()) -> Command:
    """
    Return *command* without the names of its files, which are unseen then.

    Args:
        command: The command.

        told: Files whose contents are known.
    """
    flags = tuple(flag for flag in command.flags if FLAGS.get(canonical(flag[0])) is not Kind.FILE)
    hidden = [file for file in files_of(command) if file not in set(told) and not _says_nothing(command, file)]
    unseen = (*command.unseen, "file") if hidden else command.unseen

    return evolve(command, flags=flags, unseen=tuple(dict.fromkeys(unseen)))


def _says_nothing(command: Command, file: str) -> bool:
    # reth's file is about stages and peers; nethermind brings the configurations of networks along, by name.
    bundled = command.client == "nethermind" and re.fullmatch(r"[\w-]+", file)
    return command.client == "reth" or bool(bundled)


# Commands

_RUNTIMES: Final = frozenset({"docker", "podman", "nerdctl"})
_SHELLS: Final = frozenset({"bash", "sh", "su", "screen", "tmux", "runuser", "ash", "zsh"})
_WRAPPERS: Final = _SHELLS | set_of(
    "sudo nohup exec nice ionice time env setsid stdbuf taskset numactl command chpst setpriv gosu tini dumb-init "
    "systemd-run dotnet start-stop-daemon chrt nsenter doas"
)
_WITH_VALUE: Final = frozenset({"-u", "-g", "-n", "-c", "-p", "-S", "-dmS", "--user", "--group", "--unit", "--chuid"})
_NAMING: Final = frozenset({"--name", "-h", "--hostname", "--network", "--net", "-v", "--volume", "-w", "-u"})


def started(words: Sequence[str]) -> Command | None:
    """Return what *words* start, files of flags among the flags; None if that is no client."""
    runtime = next((i for i, word in enumerate(words) if posixpath.basename(word) in _RUNTIMES), None)
    if runtime is not None and {"run", "create"} & set(words[runtime + 1 :]):
        return _in_container(words[runtime + 1 :])

    return _on_host(words)


def _on_host(words: Sequence[str]) -> Command | None:
    at = 0
    while at < len(words):
        word = words[at]
        name = posixpath.basename(word).lower()
        inner = next((w for w in words[at + 1 :] if " " in w.strip()), None) if name in _SHELLS else None
        if inner is not None:
            return next((found for each in split(inner) if (found := started(each))), None)
        known = _program(word)
        if known:
            return _running(*known, words[at + 1 :], None)
        if word in _WITH_VALUE and at:
            at += 2
        elif name in _WRAPPERS or re.match(r"[A-Za-z_]\w*=", word) or (word.startswith("-") and at):
            at += 1
        else:
            return None

    return None


def _program(word: str) -> tuple[str, str] | None:
    name = posixpath.basename(word).lower()
    return PROGRAMS.get(name) or (("prysm", "validator") if name == "validator" and "prysm" in word else None)


def _in_container(words: Sequence[str]) -> Command | None:
    for at, word in enumerate(words):
        named = at and (words[at - 1] in _NAMING or words[at - 1] == "-e")
        known = None if named or word.startswith("-") or "=" in word else client_of_image(word)
        if known:
            break
    else:
        return None
    before, rest = words[:at], list(words[at + 1 :])
    while rest and _program(rest[0]) and rest[0] not in PARTS.get(known[0], ()):
        rest.pop(0)
    found = _running(*known, rest, _published(before))
    pairs = [(name, value) for each in _options(before, "-e", "--env") for name, _, value in [each.partition("=")]]

    return found and evolve(found, flags=(*settings(pairs), *found.flags))


def _options(words: Sequence[str], *names: str) -> Iterator[str]:
    """Yield the values of the options called *names*."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in names:
            yield value if equals else next(iter(words[at + 1 : at + 2]), "")


def _published(words: Sequence[str]) -> tuple[str, ...] | None:
    if "host" in _options(words, "--network", "--net"):
        return None
    if {"-P", "--publish-all"} & set(words):
        return ("*",)
    ports = (_public_port(each.partition("/")[0]) for each in _options(words, "-p", "--publish"))

    return tuple(port for port in ports if port is not None)


def _public_port(published: str) -> str | None:
    """Return the ports of ``[[address:]host:]container``; None where they are given to the host alone."""
    before, _, port = published.rpartition(":")
    if re.match(r"\[?(?:127\.|::1|localhost)", before):
        return None
    if not re.fullmatch(r"[0-9]{1,5}(?:-[0-9]{1,5})?", port):
        return "*"
    host = before.rpartition(":")[2]

    return port if host == port or "-" in port else f"{host if host.isdigit() else '*'}:{port}"


def _running(client: str, part: str, words: Sequence[str], published: tuple[str, ...] | None) -> Command | None:
    """Return the command; None where the client is told to do something else than run."""
    if ERRANDS & set(_bare(words)):
        return None
    parts = PARTS.get(client)
    if parts and not part:
        told = next((parts[word] for word in words if word in parts), None)
        if told is None:
            return None
        part = told
    elif client == "teku" and TEKU_VALIDATOR & set(words):
        part = "validator"
    flags, unseen = _flags(words)

    return Command(client, part, flags, published, unseen)


def _bare(words: Sequence[str]) -> Iterator[str]:
    """Yield those of *words* that are no values of flags before them."""
    before = ""
    for word in words:
        taken = before.startswith("-") and "=" not in before and FLAGS.get(canonical(before)) is not Kind.SWITCH
        if word.startswith("-") or not taken:
            yield word
        before = word


def split(line: str) -> Iterator[list[str]]:
    """Yield the words of each command on a *line* of a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    try:
        for word in lexer:
            if word and set(word) <= set(";&|()"):
                yield words
                words = []
            else:
                words.append(word)
    except ValueError:
        # A quote that does not end on the line.
        words = line.replace('"', " ").replace("'", " ").split()
    yield words


# Flags

_NAME: Final = re.compile(r"-{1,2}[A-Za-z][\w.-]*")
_ALL_OF_A_VARIABLE: Final = re.compile(r"\$(?:@|\*|\w+|\{[^}]*\})")


def _flags(words: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the flags that are kept, those that name files whole, and what is unseen besides."""
    found: list[tuple[str, str]] = []
    unseen: list[str] = []
    pending = list(reversed(words))
    valued = False
    while pending:
        name, equals, value = pending.pop().partition("=")
        kind = FLAGS.get(canonical(name)) if _NAME.fullmatch(name) else None
        if kind is None:
            # A whole argument out of a variable may be any flag, unless it is the value of the one before.
            if not valued and _ALL_OF_A_VARIABLE.fullmatch(name):
                unseen.append("variable")
            valued = not equals and bool(_NAME.fullmatch(name))
            continue
        follows = pending[-1] if pending else "--none"
        takes = follows.lower() in {"true", "false"} if kind is Kind.SWITCH else not _NAME.fullmatch(follows)
        if not equals and takes:
            value = pending.pop()
        valued = False
        # Where it names no file it is a shell's -c, whose script is given apart.
        if kind is Kind.FILE and not value:
            continue
        found.append((name, value if kind is Kind.FILE else reduced(kind, value)))

    return tuple(found), tuple(unseen)


def settings(variables: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return those *variables* that stand for flags that are kept, reduced like these."""
    kinds = ((name, value, FLAGS.get(canonical(flag_of_variable(name) or ""))) for name, value in variables)
    return tuple((name, reduced(kind, value)) for name, value, kind in kinds if kind and kind is not Kind.FILE)


def reduced(kind: Kind, value: str) -> str:
    """Return what is kept of the *value* of a flag; doing it twice changes nothing."""
    bare = value.strip().strip("\"'")
    if VARIABLE in bare:
        return VARIABLE
    if kind is Kind.SWITCH:
        return bare.lower() if bare.lower() in {"", "true", "false"} else OTHER
    if kind is Kind.PORT:
        return bare if re.fullmatch(r"[0-9]{1,5}", bare) else OTHER
    if kind is Kind.HOST:
        return _host(bare)
    items = [item for item in re.split(r"[,\s\[\]\"']+", bare) if item]
    if kind is Kind.MODULES:
        return ",".join(item if item.lower() in MODULES else OTHER for item in items)

    return "*" if {"*", "all", "any"} & {item.lower() for item in items} else OTHER


MODULES: Final = set_of(
    "admin all clique debug engine erigon eth ethash execution flashbots health ibft les miner mev net ots parity perm "
    "personal plugins priv proof qbft rbuilder reth rpc subscribe trace txpool validation vault web3"
)
"""The API modules whose names are kept."""


def _host(text: str) -> str:
    if text.lower() in {"localhost", "*"}:
        return text.lower()
    # The address of erigon's private API ends in its port.
    address = re.sub(r"^\[(.*)\](?::[0-9]{1,5})?$", r"\1", text)
    address = re.sub(r"^([0-9.]+):[0-9]{1,5}$", r"\1", address)
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return OTHER
