"""
Where a text starts the clients of a chain: lines of scripts and units, lists of cloud-init, containers of a document.

It is no shell and no YAML parser. Variables that the text sets itself are put in; what it leaves to others is told as unseen.
"""

from __future__ import annotations

import re

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve

from awsaudit.node.client import CLIENTS, FLAGS, TOML, Kind, canonical, client_of_image, client_of_variable
from awsaudit.node.command import Command, files_of, reduced, settings, split, started, without_files


def commands_in(text: str) -> tuple[Command, ...]:
    """Return what in *text*, a script or a document, starts a client of a chain."""
    prepared = _prepared(text)
    words = (*_containers(prepared), *_lines(prepared))
    found = [command for each in words if (command := started(each))]
    clients = {command.client for command in found}
    found += [unit for unit in _units(prepared) if unit.client not in clients]
    variables = _VARIABLE.findall(prepared)

    return tuple(dict.fromkeys(_completed(command, prepared, variables) for command in found))


_COMMENT: Final = re.compile(r"(?m)^\s*#(?!!).*$")
_CONTINUED: Final = re.compile(r"\\\n\s*")
_ASSIGNMENT: Final = re.compile(
    r"(?m)^\s*(?:export\s+|readonly\s+)?([A-Za-z_]\w*)=(\"[^\"\n]*\"|'[^'\n]*'|[^\s;&|]*)\s*$"
)
_REFERENCE: Final = re.compile(r"\$\{(?P<braced>\w+)(?::?-(?P<default>[^{}\n]*))?\}|\$(?P<plain>[A-Za-z_]\w*)")
_ROUNDS: Final = 3
_LONGEST: Final = 20_000  # characters


def _prepared(text: str) -> str:
    """Return *text* without comments and continuations, with the variables that it sets itself put in."""
    text = _CONTINUED.sub(" ", _COMMENT.sub("", text.replace("\r\n", "\n")))
    known = {name: value.strip("\"'")[:_LONGEST] for name, value in _ASSIGNMENT.findall(text)}

    def value(match: re.Match[str]) -> str:
        name, default = match["braced"] or match["plain"], match["default"]
        return str(known.get(name, match.group() if default is None else default))

    lines = text.splitlines()
    for _ in range(_ROUNDS):
        lines = [_REFERENCE.sub(value, line) if len(line) < _LONGEST else line for line in lines]

    return "\n".join(lines)


_BEFORE: Final = re.compile(r"^\s*(?:-\s+|ExecStart=[-@:+!]*|command\s*=\s*)*")


def _lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each command that stands on a line of its own."""
    for line in text.splitlines():
        bare = _BEFORE.sub("", line).strip()
        if bare.startswith("[") and bare.endswith("]"):
            yield _words(bare)
        elif bare and len(bare) < _LONGEST:
            yield from split(bare)


# Containers of a document: an image, and beside it what the container is started with.

_KEY: Final = re.compile(r"^(?P<indent>\s*(?:-\s+)?)[\"']?(?P<key>[\w.-]+)[\"']?\s*:(?:\s+(?P<value>.*))?$")
_ITEM: Final = re.compile(r"^\s*-\s+")
_QUOTED: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s,\[\]]+)")
_PAIR: Final = re.compile(r"([A-Z][A-Z0-9_]+)\s*(?:=|:\s)\s*(\S+)")
_BESIDE: Final = ("entrypoint", "command", "args", "ports", "environment", "network_mode", "hostNetwork")


def _containers(text: str) -> Iterator[list[str]]:
    """Yield for each container of a document the words of the command that would start it."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        match = _KEY.match(line)
        image = (match["value"] or "").strip().strip("\"'") if match and match["key"] == "image" else ""
        if match and client_of_image(image):
            yield _as_run(image, _beside(lines, at, len(match["indent"])))


def _beside(lines: Sequence[str], at: int, indent: int) -> Mapping[str, list[str]]:
    """Return the words of what stands beside the key on line *at*, by key."""
    first = at
    while first > 0 and not _ends(lines[first], indent) and _depth(lines[first - 1]) >= indent:
        first -= 1
    found: dict[str, list[str]] = {key: [] for key in _BESIDE}
    key = ""
    for number, line in enumerate(lines[first:], first):
        if number > at and line.strip() and (_depth(line) < indent or _ends(line, indent)):
            break
        match = _KEY.match(line)
        if match and len(match["indent"]) == indent:
            key = match["key"]
            words = _words(re.sub(r"^[>|][-+]?\s*$", "", match["value"] or ""))
        else:
            words = _words(_ITEM.sub("", line))
        if key in found:
            found[key] += words

    return found


def _ends(line: str, indent: int) -> bool:
    """Tell whether *line* begins the next item of a list of mappings whose keys stand at *indent*."""
    match = _KEY.match(line)
    return bool(match and len(match["indent"]) == indent and match["indent"].rstrip().endswith("-"))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip()) if line.strip() else _LONGEST


def _words(text: str) -> list[str]:
    if text.strip().startswith("["):
        return [part for parts in _QUOTED.findall(text) for part in parts if part]

    return [word for words in split(text.strip()) for word in words]


def _as_run(image: str, beside: Mapping[str, Sequence[str]]) -> list[str]:
    shared = "host" in beside["network_mode"] or "true" in beside["hostNetwork"]
    ports = [word for port in beside["ports"] for word in ("-p", port)]
    pairs = _PAIR.findall(" ".join(beside["environment"]))
    variables = [word for name, value in pairs for word in ("-e", f"{name}={value}")]
    options = [*(("--network", "host") if shared else ()), *ports, *variables]

    return ["docker", "run", *options, image, *beside["entrypoint"], *beside["command"], *beside["args"]]


# What else says something of a command: variables, files, units.

_VARIABLE: Final = re.compile(
    r"(?m)\b((?:BESU|TEKU|WEB3SIGNER|GETH|NETHERMIND)_[A-Z0-9_]+)[ \t]*[=:][ \t]*[\"']?([^\s\"']+)"
)
_SETTING: Final = re.compile(r"(?m)^\s*[\"']?([A-Za-z][\w.-]+)[\"']?[ \t]*[=:][ \t]*(\S.*?),?[ \t]*$")
_UNIT: Final = re.compile(r"\bsystemctl\s+(?:--\S+\s+)*(?:start|restart|enable\s+--now)\s+([^\n;&|]+)")


def _completed(command: Command, text: str, variables: Sequence[tuple[str, str]]) -> Command:
    """Return *command* with what variables and its files say, where *text* holds them."""
    own = [(name, value) for name, value in variables if client_of_variable(name) == command.client]
    # A file that the text writes is named there twice. Nethermind's are nested, and not looked into.
    told = [file for file in files_of(command) if text.count(file) > 1 and command.client != "nethermind"]
    before = [*settings(own), *(_of_file(text, command.client) if told else ())]
    known = {name for name, _ in command.flags}

    return without_files(
        evolve(command, flags=(*(flag for flag in before if flag[0] not in known), *command.flags)), told
    )


def _of_file(text: str, client: str) -> Iterator[tuple[str, str]]:
    """Yield the flags of *client* that lines of *text* set, in the form that files have."""
    for key, value in _SETTING.findall(text):
        name = TOML.get(key.lower(), "") if client == "geth" else key
        kind = FLAGS.get(canonical(name))
        if kind and kind is not Kind.FILE:
            yield f"--{name}", reduced(kind, value)
            if client == "geth" and name in {"http.addr", "ws.addr"}:
                yield f"--{name.partition('.')[0]}", ""


def _units(text: str) -> Iterator[Command]:
    """Yield the clients that units start of which the text tells no more than the name."""
    for names in _UNIT.findall(text):
        for name in names.split():
            words = set(re.split(r"[^a-z0-9]+", name.lower()))
            yield from (Command(client, unseen=("unit",)) for client in CLIENTS if client in words)
