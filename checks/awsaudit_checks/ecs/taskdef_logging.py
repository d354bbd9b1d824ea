from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ecs import TaskFamily
from awsaudit.resources.task_definition import Container, TaskDefinition
from awsaudit_checks.ecs.definition import DEFINITIONS, definition_of, judged


_ON_HOST: Final = frozenset({"json-file", "journald", "local"})


@check(
    "ecs-taskdef-logging",
    title="All containers log",
    severity=Severity.MEDIUM,
    uses=DEFINITIONS,
    equivalents=("prowler:ecs_task_definitions_logging_enabled",),
    remediation=Remediation(
        text="Give each container a logConfiguration with the driver awslogs, or awsfirelens for another destination, register "
        "that revision, and let the service use it.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    ),
)
def taskdef_logging(family: TaskFamily, account: Inventory) -> Iterator[Problem | Note]:
    """
    Without a log driver a container's output stays with Docker on the host, and on Fargate nowhere: after a break-in, or a
    crash, there is nothing to read. Drivers that send it elsewhere pass; one that keeps it on the host is low. Log routers
    are not judged, nor what only prepares the start: containers that the task goes on without, and that another waits for.
    """
    yield from judged(family, account, definition_of, _silent)


def _silent(definition: TaskDefinition) -> Iterator[Problem]:
    first = {name for each in definition.containers for name in each.waits_for}
    containers = [c for c in definition.containers if not c.routes_logs and (c.essential or c.name not in first)]
    if not containers:
        raise NotApplicable("it has only a log router, and what prepares the start")
    where = "is kept nowhere" if "FARGATE" in definition.launch_types else "stays with Docker on the host"
    for container in containers:
        if container.log_driver is None:
            yield _problem(container, f"the log of the container {container.name} {where}", Severity.HIGH)
        elif container.log_driver in _ON_HOST:
            words = f"the log of the container {container.name} stays on the host ({container.log_driver})"
            yield _problem(container, words, Severity.LOW)


def _problem(container: Container, words: str, severity: Severity) -> Problem:
    return Problem(
        words,
        expected="a driver that sends it elsewhere",
        found=container.log_driver or "none",
        sub_key=container.name,
        severity=severity,
    )
