"""
The function's code: ``python -m awsaudit.deploy.zip build/awsaudit.zip``.

It is copied out of the environment that awsaudit is installed in, file by file as the installed distributions list them, so
that it needs no network and the same environment gives the same bytes. Nothing in it is compiled, so that it runs on either
architecture and on any Python from 3.11. What botocore knows of services that no check reads is left out.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import zipfile

from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from awsaudit.errors import ConfigError
from awsaudit.plan import plan
from awsaudit.plugins import load_checks


LIMIT: Final = 40_000_000
"""How many bytes the zip may have; Lambda takes 50 MB, and 250 MB unzipped."""

OWN: Final = ("awsaudit", "awsaudit_checks", "awsaudit_reports")
"""Our packages; an editable install does not list their files."""

ALWAYS: Final = frozenset({"organizations", "s3", "sns", "sso", "sso-oidc", "sts"})
"""Services that are asked besides those of the checks: for credentials, accounts, reports and messages."""

# They are faster with a compiled part and work without.
_WITHOUT_COMPILED: Final = frozenset({"markupsafe"})

# What a folder has of its own: where it was installed from, and when.
_OF_THE_INSTALL: Final = frozenset({"direct_url.json", "INSTALLER", "RECORD", "REQUESTED", "WHEEL", "uv_cache.json"})

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o100644 << 16


def build(to: Path, services: Iterable[str] = ()) -> int:
    """
    Write the zip and return how many bytes it has.

    Args:
        to: The file.

        services: More services, as botocore calls them, for packs that read others.

    Raises:
        ConfigError: A distribution is missing or compiled, or the zip is too big.
    """
    wanted = {operation.service for operation in plan(load_checks().values()).operations()} | ALWAYS | {*services}
    files = dict(_files(wanted))
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = _READABLE
            packed.writestr(entry, files[name].read_bytes())
    size = to.stat().st_size
    if size > LIMIT:
        raise ConfigError(f"{to} has {size:,} bytes, more than {LIMIT:,}")

    return size


def _files(services: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Yield what goes into the zip, by name there."""
    wanted = frozenset(services)
    for found in _distributions("awsaudit"):
        for file in found.files or ():
            name = file.as_posix()
            if _belongs(name, wanted):
                yield name, Path(str(file.locate()))
    for package in OWN:
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise ConfigError(f"the package {package} is not installed")
        folder = Path(spec.submodule_search_locations[0])
        for path in folder.rglob("*"):
            name = f"{package}/{path.relative_to(folder).as_posix()}"
            if path.is_file() and _belongs(name, wanted):
                yield name, path


def _distributions(name: str, seen: set[str] | None = None) -> Iterator[Distribution]:
    """Yield a distribution and what it needs to run, each once."""
    seen = set() if seen is None else seen
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in seen:
        return
    seen.add(key)
    found = distribution(name)
    yield found
    for requirement in found.requires or ():
        needed, _, marker = requirement.partition(";")
        if "extra" in marker:
            continue
        try:
            yield from _distributions(re.split(r"[^\w.-]", needed.strip(), maxsplit=1)[0], seen)
        except PackageNotFoundError as error:
            if not marker:
                raise ConfigError(f"{name} needs {needed.strip()}, which is not installed") from error


def _belongs(name: str, services: frozenset[str]) -> bool:
    parts = name.split("/")
    if name.startswith(("..", "/")) or "__pycache__" in parts or parts[-1] in _OF_THE_INSTALL:
        return False
    if parts[-1].endswith((".pth", ".pyc", ".pyi", ".c")) or (len(parts) == 1 and name.startswith("_editable")):
        return False
    if parts[-1].endswith((".so", ".pyd")):
        if parts[0] not in _WITHOUT_COMPILED:
            raise ConfigError(f"{name} is compiled, and would run on one architecture alone")
        return False
    if parts[:2] == ["boto3", "data"] or parts[:2] == ["boto3", "examples"]:
        return False  # resources, of which only clients are used
    if parts[:2] == ["botocore", "data"] and len(parts) > 3:  # noqa: PLR2004 - data/<service>/<version>/<file>
        return parts[2] in services and not parts[-1].startswith("examples-")

    return True


def main(arguments: list[str]) -> int:
    """
    Build the zip.

    Args:
        arguments: Where to, and more services.

    Returns:
        The exit code.
    """
    try:
        to = Path(arguments[0] if arguments else "build/awsaudit.zip")
        size = build(to, arguments[1:])
    except ConfigError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write(f"wrote {to}, {size / 1e6:.1f} MB\n")

    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
