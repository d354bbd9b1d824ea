"""
Finds packs of checks and report formats.

Our own packs come in by the same door as anybody's: the entry-point groups ``awsaudit.checks`` and ``awsaudit.reports``.
"""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import pkgutil
import sys

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from awsaudit.check import Check
from awsaudit.errors import PluginError


if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


Render = Callable[[Any, Mapping[str, Any]], str | bytes]
"""What a report format is: from a `awsaudit.report.Report` and options to the text or bytes of a file."""

CHECKS = "awsaudit.checks"
REPORTS = "awsaudit.reports"


def package_of(service: str) -> str:
    """Return the name of the package with the checks of *service*: its own, but for words that Python keeps to itself."""
    return f"{service}_" if keyword.iskeyword(service) else service


def load_checks(paths: Iterable[Path] = ()) -> dict[str, Check[Any]]:
    """
    Return every installed check by id, sorted.

    Args:
        paths: Python files, or folders of them, with more checks.

    Raises:
        PluginError:
            A pack does not import, two checks share an id, or there is no pack: a scan without checks would read as a
            clean account.
    """
    checks: dict[str, Check[Any]] = {}
    for point in _points(CHECKS):
        _add(checks, _checks_in(_load(point), point.value))
    if not checks:
        raise PluginError("no pack of checks is installed; install awsaudit again")
    for path in paths:
        _add(checks, _checks_below(path))

    return dict(sorted(checks.items()))


def load_formats() -> dict[str, EntryPoint]:
    """Return every installed report format by name, not imported yet."""
    return {point.name: point for point in _points(REPORTS)}


def load_format(name: str) -> Render:
    """
    Return the report format *name*.

    Raises:
        PluginError: There is none, or it does not import.
    """
    formats = load_formats()
    if name not in formats:
        raise PluginError(f"there is no report format {name!r}; there are {', '.join(sorted(formats))}")
    render: Render = _load(formats[name])

    return render


def load_frameworks() -> Iterator[tuple[str, Path]]:
    """Yield the folders ``frameworks`` of the installed packs, with the pack's name."""
    for point in _points(CHECKS):
        package = _load(point)
        folder = Path(str(package.__path__[0])) / "frameworks" if hasattr(package, "__path__") else None
        if folder and folder.is_dir():
            yield point.value, folder


def _points(group: str) -> tuple[EntryPoint, ...]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, and `--help` does without

    return tuple(sorted(entry_points(group=group), key=lambda p: (p.name, p.value)))


def _load(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:  # a pack is a plugin
        raise PluginError(f"pack {point.value!r} failed to load: {type(error).__name__}: {error}") from error


def _checks_in(package: ModuleType, name: str) -> Iterator[Check[Any]]:
    yield from _checks_of(package)
    if not hasattr(package, "__path__"):
        return
    for info in sorted(pkgutil.walk_packages(package.__path__, f"{package.__name__}."), key=lambda i: i.name):
        try:
            module = importlib.import_module(info.name)
        except Exception as error:  # a pack is a plugin
            raise PluginError(f"pack {name!r}: {info.name} failed to load: {type(error).__name__}: {error}") from error
        yield from _checks_of(module)


def _checks_of(module: ModuleType) -> Iterator[Check[Any]]:
    # A check that is imported into another module counts once, where it was written.
    yield from (v for v in vars(module).values() if isinstance(v, Check) and v.function.__module__ == module.__name__)


def _checks_below(path: Path) -> Iterator[Check[Any]]:
    if not path.exists():
        raise PluginError(f"--checks-from: there is no {path}")
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    found = [check for file in files for check in _checks_of(_module(file))]
    if not found:
        raise PluginError(f"--checks-from: no check in {path}")
    yield from found


def _module(file: Path) -> ModuleType:
    import hashlib  # noqa: PLC0415 - only needed here

    digest = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:12]
    name = f"awsaudit_checks_from_{digest}_{file.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise PluginError(f"--checks-from: {file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # a pack is a plugin
        del sys.modules[name]
        raise PluginError(f"--checks-from: {file} failed to load: {type(error).__name__}: {error}") from error

    return module


def _add(checks: dict[str, Check[Any]], found: Iterable[Check[Any]]) -> None:
    for check in found:
        if checks.get(check.id, check) is not check:
            other, this = checks[check.id].function.__module__, check.function.__module__
            raise PluginError(f"two checks are called {check.id}: one in {other}, one in {this}")
        checks[check.id] = check
