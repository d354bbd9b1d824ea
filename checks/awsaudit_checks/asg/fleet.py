"""Auto Scaling groups: what their instances do for a chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable
from awsaudit.resources.autoscaling import Group, LaunchConfiguration
from awsaudit.resources.launch_template import LaunchTemplate, LaunchTemplateVersion
from awsaudit.user_data import UserData
from awsaudit_checks.ec2.role import NodeRole, role_told
from awsaudit_checks.ec2.template import is_named
from awsaudit_checks.iam.certain import certain


STARTED: Final = (
    LaunchTemplate.id,
    LaunchTemplate.name,
    LaunchTemplate.default,
    LaunchTemplate.latest,
    LaunchTemplateVersion.number,
    LaunchTemplateVersion.template_id,
    LaunchTemplateVersion.instance_tags,
    LaunchTemplateVersion.user_data,
    LaunchConfiguration.name,
    LaunchConfiguration.user_data,
)
"""What a group's instances are started from, for the ``uses`` of a check."""


def refuse_leaving(group: Group) -> None:
    """Raise NotApplicable for a group that is being deleted."""
    if group.status:
        raise NotApplicable("it is being deleted")


def role_of_group(group: Group, account: Inventory) -> NodeRole | None:
    """
    Return what the instances of *group* do, by its tags, its name, the tags that they get, and what their user data starts.

    Raises:
        EvidenceMissing: Tags and name do not tell, and what they are started from could not all be seen.
    """
    told = role_told(group.tags, group.name)
    if told:
        return told
    roles = certain(_tags(group, account), role_told, most=1) or certain(_scripts(group, account), started_role, most=1)

    return roles[0] if roles else None


def _versions(group: Group, account: Inventory) -> Iterator[LaunchTemplateVersion]:
    for template in account.every(LaunchTemplate, group.region) if group.templates else ():
        for version in account.children(template, LaunchTemplateVersion):
            if any(is_named(template, version.number, named) for named in group.templates):
                yield version


def _tags(group: Group, account: Inventory) -> Iterator[dict[str, str]]:
    for version in _versions(group, account):
        yield dict(version.instance_tags)


def _scripts(group: Group, account: Inventory) -> Iterator[UserData | None]:
    for version in _versions(group, account):
        yield version.user_data
    if group.configuration:
        for configuration in account.every(LaunchConfiguration, group.region):
            if configuration.name == group.configuration:
                yield configuration.user_data


def started_role(data: UserData | None) -> NodeRole | None:
    """Return what the clients that user data starts do, validators first; None where it starts none."""
    roles = {_role(command.client, command.part) for command in data.commands} if data else set()
    return next((role for role in _FIRST if role in roles), None)


_EXECUTION: Final = frozenset({"geth", "nethermind", "besu", "erigon", "reth"})
_FIRST: Final = (NodeRole.VALIDATOR, NodeRole.SIGNER, NodeRole.CONSENSUS, NodeRole.EXECUTION)


def _role(client: str, part: str) -> NodeRole:
    if part == "validator":
        return NodeRole.VALIDATOR
    if part == "signer" or client == "web3signer":
        return NodeRole.SIGNER

    return NodeRole.EXECUTION if client in _EXECUTION else NodeRole.CONSENSUS
