"""Launch configurations: which groups start instances from them."""

from __future__ import annotations

from typing import Final

from awsaudit import Inventory, Severity
from awsaudit.resources.autoscaling import Group, LaunchConfiguration


USERS: Final = (Group.name, Group.configuration, Group.subnet_ids, Group.members)
"""What uses a launch configuration, for the ``uses`` of a check."""


def users_of(configuration: LaunchConfiguration, account: Inventory) -> tuple[Group, ...]:
    """
    Return the groups that start instances from *configuration*, or have some that were.

    Raises:
        EvidenceMissing: They could not all be listed.
    """
    name = configuration.name
    return tuple(
        group
        for group in account.every(Group, configuration.region)
        if name == group.configuration or any(name == member.configuration for member in group.members)
    )


def graded(severity: Severity, users: tuple[Group, ...]) -> Severity:
    """Return *severity*, or less where nothing uses the configuration."""
    return severity if users else Severity.LOW


def named(users: tuple[Group, ...]) -> str:
    """Return who uses it, as the end of a sentence."""
    return f"; used by {', '.join(group.name for group in users)}" if users else "; no group uses it"
