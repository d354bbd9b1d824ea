"""What hosts have in common that checks of single ones ask first."""

from __future__ import annotations

import fnmatch

from collections.abc import Iterable
from typing import Final

from awsaudit import NotApplicable
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.ec2.role import KEY_HOSTS, NODES, NodeRole, role_of


# Whoever makes instances for others says so by a tag that nobody else can set.
_SCALING: Final = "aws:autoscaling:groupName"


def refuse_managed(instance: Instance) -> None:
    """Raise NotApplicable for instances of EKS Auto Mode and ECS, which AWS runs."""
    if instance.managed:
        raise NotApplicable("AWS runs it, and its owner cannot change it")


def refuse_idle(instance: Instance) -> None:
    """Raise NotApplicable for instances that do not run."""
    if instance.state != "running":
        raise NotApplicable(f"it is {instance.state}")


def refuse_named(instance: Instance, globs: Iterable[str], why: str) -> None:
    """Raise NotApplicable, for the reason *why*, where one of *globs* matches the instance's id or name."""
    if is_named(instance, globs):
        raise NotApplicable(why)


def is_named(instance: Instance, globs: Iterable[str]) -> bool:
    """Tell whether one of *globs* matches the instance's id or name."""
    names = (instance.id, instance.tags.get("Name", ""))
    return any(fnmatch.fnmatchcase(name, glob) for glob in globs for name in names)


def node_role(instance: Instance) -> NodeRole:
    """
    Return what *instance* does for a chain.

    Raises:
        NotApplicable: Nothing, as far as tags and name tell.
    """
    role = role_of(instance)
    if role not in NODES:
        raise NotApplicable("neither tags nor name call it a node of a chain")

    return role


def running_node(instance: Instance) -> NodeRole:
    """
    Return what a running *instance* of the owner's does for a chain.

    Raises:
        NotApplicable: It does not run, AWS runs it, or it is no node.
    """
    role = node_role(instance)
    refuse_managed(instance)
    refuse_idle(instance)

    return role


def holds_keys(instance: Instance) -> bool:
    """Tell whether *instance* signs: a validator, a signer, or the parent of an enclave."""
    return instance.enclave or role_of(instance) in KEY_HOSTS


def scaling_group(instance: Instance) -> str | None:
    """Return the Auto Scaling group of *instance*; None if it is in none."""
    return instance.tags.get(_SCALING)
