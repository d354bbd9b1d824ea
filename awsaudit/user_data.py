"""
What may be kept of the user data that hosts are started with, and of the words that containers are: never the text.

User data is a script, a document of cloud-init, or both in the parts of a MIME message; compressed or not, and in base64 once
or twice. What the secret detectors say of it is kept, and which clients of a chain it starts with which flags.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
https://cloudinit.readthedocs.io/en/latest/explanation/format.html
"""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import re
import zlib

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from awsaudit.node.command import Command, command_of, flags_in
from awsaudit.node.script import commands_in
from awsaudit.secrets import Hit


@frozen
class UserData:
    """
    What is kept of user data.

    Args:
        hits: What the secret detectors found.

        commands: What starts clients of a chain.

        readable: Whether all of it could be unpacked and looked at.
    """

    hits: tuple[Hit, ...]
    commands: tuple[Command, ...]
    readable: bool

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> UserData:
        """Return what *plain*, the form that evidence holds, describes."""
        hits = tuple(map(Hit.from_json, plain["hits"]))
        return cls(hits, tuple(map(Command.from_json, plain["commands"])), plain["readable"])


@frozen
class Unpacked:
    """
    Text out of user data.

    Args:
        parts: The text of each part.

        whole: Whether everything could be unpacked.
    """

    parts: tuple[str, ...]
    whole: bool

    def lines(self) -> list[Any]:
        """Return what the secret detectors look at: each line, and what is set on one under its name."""
        return [each for part in self.parts for each in _lines(_PUBLIC.sub(" ", _CERTIFICATE.sub("", part)))]

    def commands(self) -> list[Any]:
        """Return the plain form of what starts clients of a chain."""
        return [command.as_json() for part in self.parts for command in commands_in(part)]


_LARGEST: Final = 4_000_000  # bytes, of what AWS takes 16 KiB of
_DEEPEST: Final = 4
_GZIP: Final = b"\x1f\x8b"
_MIME: Final = re.compile(rb"(?i)(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/\s]{16,}={0,2}\s*")


def unpacked(value: str) -> Unpacked:
    """Return the text of *value*, user data as the API gives it."""
    try:
        raw = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return Unpacked((value,), whole=True)
    parts = list(_parts(raw, 0))

    return Unpacked(tuple(part for part in parts if part is not None), whole=None not in parts)


def _parts(raw: bytes, depth: int) -> Iterator[str | None]:
    """Yield the text of each part of *raw*, and None for one that cannot be read."""
    if depth > _DEEPEST:
        yield None
    elif raw.startswith(_GZIP):
        inner = _inflated(raw)
        yield from [None] if inner is None else _parts(inner, depth + 1)
    elif _MIME.match(raw):
        yield from _of_message(raw, depth)
    else:
        yield from _of_text(raw, depth)


def _inflated(raw: bytes) -> bytes | None:
    inflater = zlib.decompressobj(wbits=31)
    try:
        inner = inflater.decompress(raw, _LARGEST)
    except zlib.error:
        return None

    return inner if inflater.eof else None


def _of_message(raw: bytes, depth: int) -> Iterator[str | None]:
    for part in email.message_from_bytes(raw, policy=email.policy.compat32).walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            yield from _parts(payload, depth + 1) if isinstance(payload, bytes) else [None]


def _of_text(raw: bytes, depth: int) -> Iterator[str | None]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield None
        return
    # What was encoded before it was given to an API that encodes is so twice.
    if depth == 0 and _BASE64.fullmatch(text):
        inner = _decoded(text)
        if inner:
            yield from _parts(inner, depth + 1)
            return
    yield text
    for encoded in _CONTENT.findall(text):
        inner = _decoded(encoded)
        if inner:
            yield from (part for part in _parts(inner, depth + 1) if part is not None)


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


# Files of cloud-init's write_files, and what scripts decode themselves.
_CONTENT: Final = re.compile(
    r"(?:content:[ \t]*(?:!!binary[ \t]*)?[|>]?-?\s*|echo[ \t]+[\"']?)([A-Za-z0-9+/]{24,}(?:\s+[A-Za-z0-9+/]{24,})*={0,2})"
)
_CERTIFICATE: Final = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
# What is to be trusted is no secret: https://github.com/awslabs/amazon-eks-ami (bootstrap.sh, nodeadm)
_PUBLIC: Final = re.compile(
    r"(?:--b64-cluster-ca|B64_CLUSTER_CA|certificate-?authority(?:-data)?|cluster-certificate)[\"']?[\s:=]+\S+",
    re.IGNORECASE,
)
_SET: Final = re.compile(
    r"^[\s-]*(?:export\s+|Environment=\"?)?[\"']?(?P<name>[A-Za-z_][\w.-]{0,80})[\"']?\s*[:=]\s*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"';&|]+)\"?),?\s*$"
)


def _lines(text: str) -> Iterator[Any]:
    for line in re.sub(r"\\\r?\n\s*", " ", text).splitlines():
        match = _SET.match(line)
        if match:
            value = match["double"] or match["single"] or match["bare"]
            if value:
                yield {match["name"]: value}
        elif line.strip():
            yield line.strip()


USER_DATA: Final = "user-data"
"""What stands for user data in a tree of `awsaudit.projection`."""

WORDS: Final = "words"
"""What stands there for the words that a container is started with, or one of its variables."""


class user_data:  # noqa: N801 - it reads as a parser beside the others
    """
    Parse the user data in a structure; nothing else of it is kept. None where there is none, or it is blank.

    Args:
        member: What it is called in the structure.
    """

    def __init__(self, member: str) -> None:
        self.member = member

    @property
    def tree(self) -> dict[str, str]:
        """What is kept of the structure."""
        return {self.member: USER_DATA}

    def __call__(self, value: Any) -> UserData | None:
        """
        Return what was kept of the user data.

        Raises:
            TypeError: It is there, and nothing was kept of it.
        """
        if value is None or self.member not in value:
            return None
        kept = value[self.member]
        if not isinstance(kept, Mapping):
            raise TypeError("nothing was kept of the user data")

        return UserData.from_json(kept) if kept else None


class _Words:
    """Parse the words that a container is started with, or the value of one of its variables; None where there are none."""

    tree: Final = WORDS
    """What is kept of them: see `awsaudit.projection`."""

    def __call__(self, value: Any) -> UserData | None:
        return None if value is None else UserData.from_json(value)


words: Final = _Words()


def started_by(value: Any, name: str) -> list[Any]:
    """
    Return the plain form of the client that a container's words start.

    Args:
        value: The words, or the value of a variable.

        name: What the variable is called.
    """
    if isinstance(value, str):
        return [flags_in((), {name: value}).as_json()]
    listed = [str(word) for word in value]
    found = command_of(listed)
    if found:
        return [found.as_json()]
    # A script whose shell is the entry point of the container.
    scripts = [command.as_json() for word in listed if re.search(r"\s", word) for command in commands_in(word)]

    return scripts or [flags_in(listed).as_json()]
