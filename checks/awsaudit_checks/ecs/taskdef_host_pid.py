from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ecs import TaskFamily
from awsaudit.resources.task_definition import TaskDefinition
from awsaudit_checks.ecs.definition import DEFINITIONS, definition_of, judged, refuse_without_host


@check(
    "ecs-taskdef-host-pid",
    title="Task definitions do not share the host process namespace",
    severity=Severity.HIGH,
    uses=DEFINITIONS,
    equivalents=("prowler:ecs_task_definitions_host_namespace_not_shared",),
    remediation=Remediation(
        text="Register a revision without pidMode, or with task where containers of one task have to see each other's "
        "processes, and let the service use it.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
    ),
)
def taskdef_host_pid(family: TaskFamily, account: Inventory) -> Iterator[Problem | Note]:
    """
    Containers that see the processes of the host read their command lines and variables, those of other tasks too, and as
    root end them or step into them. A namespace of the container's own, or of the task's, passes. On Fargate there is no
    host to see, and Windows knows no such mode.
    """
    yield from judged(family, account, definition_of, _shared)


def _shared(definition: TaskDefinition) -> Iterator[Problem]:
    refuse_without_host(definition)
    if definition.pid_mode == "host":
        yield Problem(
            "containers see the processes of the host", expected="pidMode: task, or none", found="pidMode: host"
        )
