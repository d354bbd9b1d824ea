"""
Frameworks: which checks stand behind which requirement of a standard.

They are data of the packs, one TOML file a framework; only the requirements' ids are given, the wording of the standards
is not ours to ship.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from awsaudit.errors import PluginError
from awsaudit.plugins import load_frameworks


@frozen
class Framework:
    """
    A standard.

    Args:
        id: What selects it, such as ``cis-5.0``.

        title: Its name.

        requirements: The ids of the checks behind each requirement; empty where nothing automated is.
    """

    id: str
    title: str
    requirements: Mapping[str, tuple[str, ...]]

    @property
    def checks(self) -> frozenset[str]:
        """The ids of all its checks."""
        return frozenset(check for checks in self.requirements.values() for check in checks)

    def requirements_of(self, check_id: str) -> tuple[str, ...]:
        """Return the requirements that the check stands behind."""
        return tuple(name for name, checks in self.requirements.items() if check_id in checks)


def frameworks() -> dict[str, Framework]:
    """
    Return the frameworks of all installed packs by id.

    Raises:
        PluginError: A framework file is broken.
    """
    files = [file for _, folder in load_frameworks() for file in sorted(folder.glob("*.toml"))]
    return {framework.id: framework for framework in map(_read, files)}


def _read(file: Path) -> Framework:
    import tomllib  # noqa: PLC0415 - most runs name no framework

    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        requirements = {str(name): tuple(map(str, checks)) for name, checks in data["requirements"].items()}
        return Framework(str(data["id"]), str(data["title"]), requirements)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise PluginError(f"the framework file {file.name} is broken: {error}") from error
