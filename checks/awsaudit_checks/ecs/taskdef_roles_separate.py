from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ecs import TaskFamily
from awsaudit.resources.task_definition import TaskDefinition
from awsaudit_checks.ecs.definition import DEFINITIONS, definition_of, judged


@check(
    "ecs-taskdef-roles-separate",
    title="Task role and execution role differ",
    severity=Severity.MEDIUM,
    uses=DEFINITIONS,
    remediation=Remediation(
        text="Give the containers a role of their own with what the application needs, leave pulling, logging and secrets at "
        "start to the execution role, and register a revision that names both.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html",
    ),
)
def taskdef_roles_separate(family: TaskFamily, account: Inventory) -> Iterator[Problem | Note]:
    """
    The execution role reads secrets and pulls images before the containers start, and they never see it. Where it is their
    own role as well, whoever breaks into one of them reads every secret that the role may read. Two different roles pass.
    """
    yield from judged(family, account, definition_of, _same)


def _same(definition: TaskDefinition) -> Iterator[Problem]:
    task, execution = definition.task_role_arn, definition.execution_role_arn
    if not task or not execution:
        raise NotApplicable("it has not both roles")
    # Either may be a name; an ARN may have a path.
    whole = task.startswith("arn:") and execution.startswith("arn:")
    same = task == execution if whole else _name(task) == _name(execution)
    if same:
        yield Problem(
            f"the containers have the execution role {_name(task)} as their own",
            expected="two roles",
            found=_name(task),
        )


def _name(role: str) -> str:
    return role.rpartition("/")[2]
