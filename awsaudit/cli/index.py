"""
What there is to say of every installed check without importing any of them.

To import hundreds of checks takes longer than a key press may. So what lists and completes them is kept in the user's cache,
and made again as soon as a file of any pack, or of awsaudit itself, has another size or time.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from awsaudit.check import Check, Severity
from awsaudit.errors import PluginError
from awsaudit.framework import Framework, frameworks
from awsaudit.plugins import CHECKS, load_checks


_VERSION: Final = 1


@frozen
class Entry:
    """
    What lists and selects a check.

    Args:
        id: The check.

        title: The good state.

        severity: How bad its absence is.

        resource_types: CloudFormation's names of what it judges.

        equivalents: Checks of other tools, as ``tool:id``.

        frameworks: The requirements it stands behind, by framework.

        module: Where it is written.

        name: What it is called there.
    """

    id: str
    title: str
    severity: Severity
    resource_types: tuple[str, ...]
    equivalents: tuple[str, ...]
    frameworks: Mapping[str, tuple[str, ...]]
    module: str
    name: str

    @property
    def service(self) -> str:
        """The first word of the id."""
        return self.id.partition("-")[0]

    @classmethod
    def of(cls, check: Check[Any], books: Iterable[Framework]) -> Entry:
        """Return the entry of *check*."""
        behind = {book.id: book.requirements_of(check.id) for book in books}
        return cls(
            id=check.id,
            title=check.title,
            severity=check.severity,
            resource_types=tuple(kind.type for kind in check.resources),
            equivalents=check.equivalents,
            frameworks={name: requirements for name, requirements in behind.items() if requirements},
            module=check.function.__module__,
            name=check.function.__name__,
        )

    def load(self) -> Check[Any]:
        """
        Import the check, and no other.

        Raises:
            PluginError: Its module does not import.
        """
        try:
            found = getattr(importlib.import_module(self.module), self.name)
        except Exception as error:  # a pack is a plugin
            raise PluginError(f"{self.module} failed to load: {type(error).__name__}: {error}") from error
        check: Check[Any] = found

        return check


def installed() -> dict[str, Entry]:
    """
    Return every installed check by id, sorted.

    Raises:
        PluginError: A pack cannot be loaded.
    """
    key, file = _key(), _file()
    entries = _read(file, key)
    if entries is None:
        entries = list(described(load_checks()).values())
        _write(file, key, entries)

    return {entry.id: entry for entry in entries}


def described(checks: Mapping[str, Check[Any]]) -> dict[str, Entry]:
    """Return the entries of *checks*."""
    books = frameworks().values()
    return {id_: Entry.of(check, books) for id_, check in checks.items()}


def _file() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(home) / "awsaudit" / "checks.json"


def _key() -> list[Any]:
    """Return what changes whenever a check may have."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, and `--help` does without

    packs = sorted({point.value.partition(".")[0] for point in entry_points(group=CHECKS)} | {"awsaudit"})
    files = [entry for pack in packs for folder in _folders(pack) for entry in sorted(_files(folder))]

    return [_VERSION, packs, len(files), _digest(files)]


def _digest(files: list[tuple[str, int, int]]) -> str:
    import hashlib  # noqa: PLC0415 - only needed here

    return hashlib.sha256(repr(files).encode()).hexdigest()


def _folders(pack: str) -> list[str]:
    spec = importlib.util.find_spec(pack)
    return list(spec.submodule_search_locations or ()) if spec else []


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _files(entry.path)
            elif entry.name.endswith((".py", ".toml")):
                status = entry.stat()
                yield entry.path, status.st_mtime_ns, status.st_size


def _read(file: Path, key: list[Any]) -> list[Entry] | None:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return [_entry(plain) for plain in data["checks"]] if data["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _entry(plain: Mapping[str, Any]) -> Entry:
    return Entry(
        plain["id"],
        plain["title"],
        Severity.parse(plain["severity"]),
        tuple(plain["resource_types"]),
        tuple(plain["equivalents"]),
        {name: tuple(requirements) for name, requirements in plain["frameworks"].items()},
        plain["module"],
        plain["name"],
    )


def _write(file: Path, key: list[Any], entries: list[Entry]) -> None:
    """Write the cache; where it cannot be written, there is none."""
    names = ("id", "title", "resource_types", "equivalents", "frameworks", "module", "name")
    checks = [{"severity": str(e.severity), **{name: getattr(e, name) for name in names}} for e in entries]
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"key": key, "checks": checks}), encoding="utf-8")
        beside.replace(file)
    except OSError:
        return
