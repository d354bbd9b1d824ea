from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ecs import TaskFamily
from awsaudit.resources.task_definition import TaskDefinition
from awsaudit_checks.ecs.definition import DEFINITIONS, definition_of, judged, refuse_without_host


@check(
    "ecs-taskdef-privileged",
    title="Containers are not privileged",
    severity=Severity.HIGH,
    uses=DEFINITIONS,
    equivalents=("prowler:ecs_task_definitions_no_privileged_containers",),
    remediation=Remediation(
        text="Register a revision without privileged, and let the service use it. What the container needs it for is mostly a "
        "single device or Linux capability: name that under linuxParameters.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html",
    ),
)
def taskdef_privileged(family: TaskFamily, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever breaks into a privileged container is root on the host: the role of the host, and whatever other tasks run
    there, are theirs. Containers without the flag pass. Fargate and Windows have no such containers.
    """
    yield from judged(family, account, definition_of, _privileged)


def _privileged(definition: TaskDefinition) -> Iterator[Problem]:
    refuse_without_host(definition)
    for container in definition.containers:
        if container.privileged:
            yield Problem(
                f"the container {container.name} is privileged",
                expected="privileged: false",
                found="privileged: true",
                sub_key=container.name,
            )
