"""
What is read of a task definition of ECS, by whatever starts its tasks.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
"""

from __future__ import annotations

from typing import Any, Final

from attrs import frozen

from awsaudit.parser import flag, integer, many, optional, record, secret_hits, text, texts
from awsaudit.projection import SECRET, Tree
from awsaudit.secrets import Hit
from awsaudit.user_data import UserData, words


@frozen
class Container:
    """
    A container of a task.

    Args:
        name: Its name, unique in the task.

        image: Its image, as written there.

        essential: The task ends with it.

        waits_for: The containers whose end it waits for before it starts.

        privileged: It has the rights of root on its host.

        log_driver: Where its log goes; None for whatever Docker on the host does.

        routes_logs: It takes the logs of the others (FireLens).

        credentials: The secret by which its registry lets it in: an ARN or a name; None without one.
    """

    name: str
    image: str
    essential: bool
    waits_for: tuple[str, ...]
    privileged: bool
    log_driver: str | None
    routes_logs: bool
    credentials: str | None


@frozen
class TaskDefinition:
    """
    A revision of a task definition; values of environment variables are not among what is read of it.

    Args:
        arn: Its ARN, which ends in family and revision.

        family: The family's name.

        revision: The revision.

        execution_role_arn: The role that pulls images, reads secrets and writes logs, or its name; None without one.

        task_role_arn: The role of the containers themselves, or its name; None without one.

        images: The image of each container, as written there.

        secrets: What containers, their logging and their registries' credentials name in Secrets Manager and Parameter
            Store: an ARN, which may go on with a JSON key, a version's label and its id, or a parameter's name.

        pid_mode: Whose processes containers see: ``host`` or ``task``; None for their own.

        launch_types: What it was validated for: ``EC2``, ``FARGATE``, ``EXTERNAL`` or ``MANAGED_INSTANCES``.

        system: The operating system, such as ``LINUX`` or ``WINDOWS_SERVER_2022_CORE``; None where it does not say.

        containers: Its containers.
    """

    arn: str
    family: str
    revision: int
    execution_role_arn: str | None
    task_role_arn: str | None
    images: tuple[str, ...]
    secrets: tuple[str, ...]
    pid_mode: str | None
    launch_types: tuple[str, ...]
    system: str | None
    containers: tuple[Container, ...]


_SECRETS = (
    "containerDefinitions[].[secrets[].valueFrom, logConfiguration.secretOptions[].valueFrom, "
    "[repositoryCredentials.credentialsParameter]][][] | [?@]"
)


def _each_once(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts(value)))


def _unless_denied(value: Any) -> bool:
    return value is None or flag(value)


TASK_DEFINITION: Final = optional(
    record(
        TaskDefinition,
        arn=("taskDefinitionArn", text),
        family=("family", text),
        revision=("revision", integer),
        execution_role_arn="executionRoleArn",
        task_role_arn="taskRoleArn",
        images=("containerDefinitions[].image", texts),
        secrets=(_SECRETS, _each_once),
        pid_mode="pidMode",
        launch_types=("requiresCompatibilities", texts),
        system="runtimePlatform.operatingSystemFamily",
        containers=(
            "containerDefinitions",
            many(
                record(
                    Container,
                    name=("name || ''", text),
                    image=("image", text),
                    essential=("essential", _unless_denied),
                    waits_for=("dependsOn[?condition == 'COMPLETE' || condition == 'SUCCESS'].containerName", texts),
                    privileged=("privileged", flag),
                    log_driver="logConfiguration.logDriver",
                    routes_logs=("firelensConfiguration.type", lambda kind: kind is not None),
                    credentials="repositoryCredentials.credentialsParameter",
                )
            ),
        ),
    )
)
"""Parses a task definition; None where there is none."""


class _Found:
    """Parse what the secret detectors say of a value; nothing else of it is kept."""

    tree: Tree = SECRET

    def __call__(self, value: Any) -> tuple[Hit, ...]:
        return secret_hits(value)


_FOUND = _Found()


@frozen
class ContainerText:
    """
    What is kept of the texts of a container: secrets, and flags of clients of a chain.

    Args:
        name: The container's name.

        image: Its image.

        variables: What is kept of each of its variables.

        entry_point: What is kept of its entry point; None without one.

        command: What is kept of its command; None without one.

        health_check: Secrets in the command of its health check.

        labels: Secrets in its labels.

        log_options: Secrets in the options of its log driver.

        router_options: Secrets in those of the log router that it is.

        files: ARNs of the files in S3 that hold more variables; they are not read.

        ports: The ports that Docker gives to other hosts where the task has no network of its own: the container's, after a
            colon where the host's is another, ``*`` for one that Docker chooses. Those of UDP are left out.
    """

    name: str
    image: str
    variables: tuple[UserData | None, ...]
    entry_point: UserData | None
    command: UserData | None
    health_check: tuple[Hit, ...]
    labels: tuple[Hit, ...]
    log_options: tuple[Hit, ...]
    router_options: tuple[Hit, ...]
    files: tuple[str, ...]
    ports: tuple[str, ...]


@frozen
class TaskText:
    """
    What is kept of the texts of a task definition.

    Args:
        arn: The ARN of the revision.

        network_mode: ``awsvpc``, ``bridge``, ``host`` or ``none``; None for Docker's default, which is as ``bridge``.

        containers: The texts of its containers.
    """

    arn: str
    network_mode: str | None
    containers: tuple[ContainerText, ...]


def _ports(value: Any) -> tuple[str, ...]:
    return tuple(_port(*mapping) for mapping in value or () if mapping[0] is not None or mapping[2])


def _port(container: int | None, host: int | None, several: str | None) -> str:
    # Of a range Docker chooses the host's ports, and of a port without one, too.
    if several:
        return f"*:{several}"

    return str(container) if container == host else f"{host or '*'}:{container}"


TASK_TEXT: Final = optional(
    record(
        TaskText,
        arn=("taskDefinitionArn", text),
        network_mode="networkMode",
        containers=(
            "containerDefinitions",
            many(
                record(
                    ContainerText,
                    name=("name || ''", text),
                    image=("image", text),
                    variables=("environment[].value", many(words)),
                    entry_point=("entryPoint", words),
                    command=("command", words),
                    health_check=("healthCheck.command", _FOUND),
                    labels=("dockerLabels", _FOUND),
                    log_options=("logConfiguration.options", _FOUND),
                    router_options=("firelensConfiguration.options", _FOUND),
                    files=("environmentFiles[].value", texts),
                    ports=(
                        "portMappings[?protocol != 'udp'].[containerPort, hostPort, containerPortRange]",
                        _ports,
                    ),
                )
            ),
        ),
    )
)
"""Parses what is kept of the texts of a task definition; None where there is none."""
