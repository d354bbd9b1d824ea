"""Which clients of a chain the containers of a task run, and what a service does for the chain."""

from __future__ import annotations

from typing import Final

from awsaudit.node.command import Command
from awsaudit.resources.ecs import Service
from awsaudit.resources.task_definition import ContainerText, TaskText
from awsaudit.user_data import UserData
from awsaudit_checks.asg.fleet import started_role
from awsaudit_checks.ec2.role import NodeRole, role_in, role_told
from awsaudit_checks.node_flag import of_image


OWN_NETWORK: Final = frozenset({"awsvpc", "host"})
"""The network modes in which every port that a container listens on is one of an interface."""


def commands_of(text: TaskText | None) -> tuple[tuple[ContainerText, Command], ...]:
    """Return the containers of a revision that run a client, with what starts it."""
    found = ((each, _command(each, text.network_mode)) for each in text.containers) if text else ()
    return tuple((each, command) for each, command in found if command)


def _command(container: ContainerText, network_mode: str | None) -> Command | None:
    """Return what *container* starts, with the flags of its variables, entry point and command; None if that is no client."""
    given = [data for data in (*container.variables, container.entry_point, container.command) if data]
    commands = [command for data in given for command in data.commands]
    first = next((command for command in commands if command.client), None)
    whole = Command(
        first.client if first else "",
        first.part if first else next((command.part for command in commands if command.part), ""),
        tuple(flag for command in commands for flag in command.flags),
        _published(container, network_mode),
        tuple(dict.fromkeys(unseen for command in commands for unseen in command.unseen)),
    )

    return of_image(container.image, whole)


def _published(container: ContainerText, network_mode: str | None) -> tuple[str, ...] | None:
    """Return the ports of *container* that other hosts get to; None where its network is the task's own, or the host's."""
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html
    if network_mode in OWN_NETWORK:
        return None

    return () if network_mode == "none" else container.ports


def role_of_service(service: Service) -> NodeRole | None:
    """Return what the tasks of *service* do, by its tags, the clients that they run, and its name; None if nothing tells."""
    told = role_told(service.tags)
    if told:
        return told
    commands = tuple(command for _, command in commands_of(service.task_text))

    return started_role(UserData((), commands, readable=True)) or role_in(service.arn.rpartition("/")[2])
