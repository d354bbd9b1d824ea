"""
How a scan looks for secrets: with the detectors of `awsaudit.secrets`, without what the user says is harmless, and where
the extra ``secrets`` is installed, with Kingfisher's rules besides.

Kingfisher takes about a second to start, so it is asked once a scan, at the end. Until then the texts that no typed
detector took for a secret wait in memory, each with the plain value that stands for it in the evidence; what Kingfisher
finds is written into that value. Types whose facts hang on it are made afterwards.

Kingfisher validates nothing and asks nothing of the network, and no credentials are in its environment. It reads the
texts from a pipe, and what it writes lies in a folder that only the user can enter and that is removed in any case.
"""

from __future__ import annotations

import bisect
import importlib
import json
import os
import re
import subprocess
import tempfile

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from awsaudit import log
from awsaudit.errors import ConfigError
from awsaudit.gist import gist_of, without_references
from awsaudit.secrets import Hit, digest, hit_of, hits, no_example, strings
from awsaudit.user_data import started_by, unpacked


_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


def _checked(harmless: Any) -> tuple[str, ...]:
    values = [harmless] if isinstance(harmless, str) else harmless
    if not isinstance(values, list | tuple):
        raise ConfigError("[secrets] allow: a list of texts is needed")
    for at, value in enumerate(values, 1):
        # What is no hash may be the secret itself: it is not repeated.
        if not isinstance(value, str) or not _DIGEST.fullmatch(value):
            raise ConfigError(
                f"[secrets] allow: number {at} is not 'sha256:' and 64 hexadecimal digits; "
                "`awsaudit secrets hash` makes one of a value"
            )

    return tuple(values)


def _switch(_: SecretSettings, __: Any, value: Any) -> None:
    if not isinstance(value, bool):
        raise ConfigError(f"[secrets] kingfisher: true or false is needed, not {value!r}")


@frozen(kw_only=True)
class SecretSettings:
    """
    What the user says of secrets, under ``[secrets]``.

    Args:
        allow: The hash of each value that is known to be harmless; `awsaudit.secrets.digest` makes it.

        kingfisher: Whether to ask Kingfisher, too, where it is installed.

    Raises:
        ConfigError: A value has not the form that is asked for.
    """

    allow: tuple[str, ...] = field(
        default=(),
        converter=_checked,
        metadata={
            "help": "Values that are known to be harmless, as `awsaudit secrets hash` prints them.",
            "example": (f"sha256:{'0' * 64}",),
        },
    )
    kingfisher: bool = field(
        default=True,
        validator=_switch,
        metadata={
            "help": "Look with Kingfisher's rules, too, where the extra 'secrets' is installed.",
            "example": True,
        },
    )


@frozen
class _Waiting:
    """A text that Kingfisher is to look at: what it is called, and the plain hits, or gist, that stand for it."""

    name: str
    text: str
    kept: list[Any]
    gist: dict[str, Any] | None


class Detection:
    """
    The detectors of one scan; it may be used from several threads.

    Args:
        settings: What the user says of secrets.

        binary: Kingfisher; None to do without.
    """

    def __init__(self, settings: SecretSettings | None = None, binary: Path | None = None) -> None:
        self._allowed = frozenset(settings.allow) if settings else frozenset()
        self._binary = binary
        self._waiting: list[_Waiting] = []

    @property
    def defers(self) -> bool:
        """Whether what is kept of sensitive values is whole only after `finish`."""
        return self._binary is not None

    def hits(self, value: Any, name: str) -> list[dict[str, Any]]:
        """Return the plain form of the secrets in *value*, as for `awsaudit.secrets.hits`."""
        kept = [hit.as_json() for hit in hits(value, name, allowed=self._allowed)]
        if self._binary:
            self._remember(value, name, kept, None)

        return kept

    def gist(self, text: str, name: str, words: Sequence[str]) -> dict[str, Any]:
        """Return the plain form of the gist of *text*, as for `awsaudit.gist.gist_of`."""
        gist = gist_of(text, name, words, allowed=self._allowed).as_json()
        if self._binary:
            self._remember(without_references(text), name, gist["hits"], gist)

        return gist

    def user_data(self, value: str, name: str) -> dict[str, Any]:
        """Return the plain form of what is kept of user data, as for `awsaudit.user_data.UserData`; empty for blank text."""
        text = unpacked(value)
        if text.whole and not any(part.strip() for part in text.parts):
            return {}
        kept = [hit.as_json() for hit in hits(text.lines(), name, allowed=self._allowed)]
        if self._binary:
            self._remember(list(text.parts), name, kept, None)

        return {"hits": kept, "commands": text.commands(), "readable": text.whole}

    def words(self, value: Any, name: str) -> dict[str, Any]:
        """Return the same of the words that a container is started with, or of the value of the variable *name*."""
        return {"hits": self.hits(value, name), "commands": started_by(value, name), "readable": True}

    def _remember(self, value: Any, name: str, kept: list[Any], gist: dict[str, Any] | None) -> None:
        typed = {hit["name"] for hit in kept if hit["typed"]}
        self._waiting += [
            _Waiting(where, text, kept, gist)
            for where, text in strings(value, name)
            if where not in typed and len(text) >= _SHORTEST
        ]

    def finish(self) -> None:
        """Ask Kingfisher about what waits; where it gives no answer, what waits becomes unreadable, not clean."""
        waiting, self._waiting = self._waiting, []
        if not self._binary or not waiting:
            return
        try:
            found = list(_found(self._binary, waiting))
        except (OSError, subprocess.SubprocessError, KeyError, TypeError, ValueError) as error:
            # Neither its output nor the exception's text is told: a value may stand in it.
            log.warning("secrets.kingfisher_failed", error=type(error).__name__)
            _blot(waiting)
            return
        for one, hit, secret in found:
            if self._allowed.isdisjoint({digest(secret), digest(one.text)}):
                _take(one, hit)

    def abandon(self) -> None:
        """Let go of what waits, unseen; it becomes unreadable."""
        waiting, self._waiting = self._waiting, []
        _blot(waiting)


PLAIN: Final = Detection()
"""The detectors alone."""


def _take(one: _Waiting, hit: Hit) -> None:
    # The guess says of the same value that it may be one.
    one.kept[:] = [kept for kept in one.kept if kept["typed"] or kept["name"] != one.name]
    if hit.as_json() not in one.kept:
        one.kept.insert(0, hit.as_json())
    if one.gist is not None:
        one.gist["shown"] = None


def _blot(waiting: list[_Waiting]) -> None:
    """Make each value that would pass for clean, and was not looked at to the end, unreadable."""
    for one in waiting:
        if not one.kept:
            one.kept.append(None)


_SHORTEST: Final = 12  # characters; no vendor's key is shorter
_PATIENCE: Final = 120.0  # seconds
_CLEAN, _LEAKY = 0, 200
_KINGFISHER: Final = (
    "scan",
    "-",
    "--no-validate",
    "--no-update-check",
    "--redact",
    "--quiet",
    "--format=jsonl",
    "--no-dedup",
    "--no-ignore",
    "--no-extract-archives",
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_RULE: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")


def find_kingfisher() -> Path | None:
    """Return the binary of the installed package kingfisher-bin; None if there is none."""
    try:
        distribution("kingfisher-bin")
    except PackageNotFoundError:
        return None
    try:
        return Path(importlib.import_module("kingfisher").get_binary_path())
    except (ImportError, AttributeError, OSError) as error:
        log.warning("secrets.kingfisher_unusable", error=type(error).__name__)
        return None


def _found(binary: Path, waiting: Sequence[_Waiting]) -> Iterator[tuple[_Waiting, Hit, str]]:
    """Yield what Kingfisher finds in the texts that wait: in which of them, the hit, and the secret."""
    lines: list[bytes] = []
    starts: list[int] = []
    for one in waiting:
        starts.append(len(lines))
        leaf = one.name.rpartition(".")[2]
        # Rules look at what a value is called, and no rule may look from one text into the next.
        lines += _CONTROL.sub(" ", f"{leaf} = {one.text}" if leaf else one.text).encode("utf-8", "replace").split(b"\n")
        lines += [b""] * 3
    for line in _output(binary, b"\n".join(lines)).splitlines():
        rule, place = (json.loads(line).get(key) for key in ("rule", "finding"))
        # Rules of no vendor guess by name and look, and know less of what is harmless than ours.
        if not rule or "generic" in rule["id"]:
            continue
        at = place["line"] - 1
        secret = lines[at][place["column_start"] : place["column_end"] + 1].decode("utf-8", "replace")
        one = waiting[bisect.bisect_right(starts, at) - 1]
        if no_example(secret) and _RULE.fullmatch(rule["name"]):
            yield one, hit_of(one.name, f"kingfisher:{rule['name']}", secret, typed=True), secret


def _output(binary: Path, texts: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="awsaudit-") as folder:
        # Its own rules, compiled, are kept below HOME; that takes it eight seconds.
        environment = {"TMPDIR": folder, **_some_of(os.environ, ("HOME", "XDG_CACHE_HOME", "PATH", "SYSTEMROOT"))}
        done = subprocess.run(  # noqa: S603 - the package's own binary, without a shell
            [binary, *_KINGFISHER],
            input=texts,
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
            cwd=folder,
            env=environment,
        )
    if done.returncode not in {_CLEAN, _LEAKY}:
        raise subprocess.SubprocessError

    return done.stdout


def _some_of(variables: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    return {name: variables[name] for name in names if name in variables}
