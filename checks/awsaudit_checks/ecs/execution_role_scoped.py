from collections.abc import Iterator
from functools import partial
from typing import Final

from awsaudit import EvidenceMissing, Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import (
    RIGHTS,
    SECRETS,
    Policy,
    Question,
    answer,
    identity_of,
    may,
    question,
    readable,
    settled,
    trust_of,
    unread_controls,
)
from awsaudit.gap import Gap
from awsaudit.resources.iam import Role
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.ssm import Parameter
from awsaudit.resources.task_definition import TaskDefinition
from awsaudit_checks.ecs.definition import DEFINITIONS, definition_of, every_in_use
from awsaudit_checks.ecs.reference import READ_PARAMETER, READ_SECRET, Reference, means, references_of
from awsaudit_checks.iam.certain import certain


_TASKS: Final = "ecs-tasks.amazonaws.com"
_SHOWN: Final = 3


@check(
    "ecs-execution-role-scoped",
    title="Execution roles read only the secrets their tasks reference",
    severity=Severity.MEDIUM,
    uses=(*DEFINITIONS, *RIGHTS, *SECRETS, Secret.deleted, Parameter.name),
    remediation=Remediation(
        text="Name the ARNs of what the task definitions reference in the role's policy, and for kms:Decrypt the key, or the "
        "condition kms:ViaService. Where tasks of different applications share the role, give each its own.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    ),
)
def execution_role_scoped(role: Role, account: Inventory) -> Iterator[Problem]:
    """
    Whoever may register a task definition and pass the role gets every secret that the role may read into a container of
    their own. Asked is what it may do in effect, with the policies of secrets: to everything at once, and to each secret and
    parameter that no task definition in use with this role names. Roles that may read only what is named pass.
    """
    _refuse_other_roles(role)
    tasks, hidden = _tasks_with(role, account)
    if not tasks and hidden:
        raise EvidenceMissing(hidden)
    if not tasks:
        raise NotApplicable("no task definition in use has it as its execution role")
    asks = (
        partial(_wide, role, account),
        partial(_beside, role, account, tasks, hidden, secrets=True),
        partial(_beside, role, account, tasks, hidden, secrets=False),
    )
    problems: dict[str, Problem] = {}
    for found in certain(asks, lambda ask: tuple(ask()) or None):
        for problem in found:
            problems.setdefault(problem.sub_key, problem)
    yield from problems.values()


def _refuse_other_roles(role: Role) -> None:
    trust = readable(trust_of(role))
    named = {entry.text for s in (trust.statements if trust else ()) if s.allow for entry in s.principals or ()}
    if _TASKS not in named:
        raise NotApplicable("tasks of ECS cannot have it")


def _tasks_with(role: Role, account: Inventory) -> tuple[tuple[TaskDefinition, ...], Gap | None]:
    """Return the revisions in use with *role* as execution role, as far as could be seen, and what hides more."""
    found: list[TaskDefinition] = []
    gaps: list[Gap] = []
    for region in account.regions:
        uses, hidden = every_in_use(region, account, definition_of)
        found += [use.revision for use in uses if use.revision.execution_role_arn in {role.arn, role.name}]
        gaps += [hidden] if hidden else []

    return tuple(found), next(iter(gaps), None)


def _wide(role: Role, account: Inventory) -> Iterator[Problem]:
    """Yield what it may do to everything at once, in one region of each."""
    for action, below, what in _EVERYTHING:
        service = action.partition(":")[0]
        arns = [f"arn:{role.partition}:{service}:{region}:{role.account}:{below}" for region in account.regions]
        found = certain(arns, partial(_allowed, role, action, account), most=1)
        if found:
            yield _problem(role, action, f"may {what}", found[0], account)


def _allowed(role: Role, action: str, account: Inventory, arn: str) -> str | None:
    return arn if settled(may(role, action, account, arn)) else None


_EVERYTHING: Final = (
    (READ_SECRET, "secret:*", "read every secret"),
    (READ_PARAMETER, "parameter/*", "read every parameter"),
    ("kms:Decrypt", "key/*", "decrypt with every key"),
)


def _beside(
    role: Role, account: Inventory, tasks: tuple[TaskDefinition, ...], hidden: Gap | None, *, secrets: bool
) -> Iterator[Problem]:
    """Yield that it may read secrets, or parameters, that none of *tasks* names."""
    named = [reference for task in tasks for reference in references_of(task) if reference.is_secret is secrets]
    action = READ_SECRET if secrets else READ_PARAMETER
    if not secrets and not _speaks_of(role, action, account):
        return
    asked = _secrets(named, account) if secrets else _parameters(named, account)
    found = certain(asked, lambda each: each if settled(answer(each, role, account)) else None)
    if found and hidden:
        raise EvidenceMissing(hidden)
    if found:
        names = ", ".join(_tail(each.resource) for each in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        yield _problem(role, action, f"may read {names}{more}, which no task names", found[0].resource, account)


def _secrets(named: list[Reference], account: Inventory) -> Iterator[Question]:
    for secret in account.every(Secret):
        if not secret.deleted and not any(means(reference, secret) for reference in named):
            yield question(READ_SECRET, secret, account)


def _parameters(named: list[Reference], account: Inventory) -> Iterator[Question]:
    arns = {reference.arn for reference in named}
    for parameter in account.every(Parameter):
        if parameter.arn not in arns:
            yield Question(READ_PARAMETER, parameter.arn, parameter.account)


def _speaks_of(role: Role, action: str, account: Inventory) -> bool:
    """Tell whether a policy of *role* is about *action*: parameters have none of their own that would let it in."""
    return any(
        not isinstance(layer, Policy) or any(s.allow and s.is_about(action) for s in layer.statements)
        for layer in identity_of(role, account)
    )


def _problem(role: Role, action: str, words: str, arn: str, account: Inventory) -> Problem:
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    return Problem(
        f"it {words}{hidden}",
        expected="what its tasks name",
        found=f"{action} on {arn}",
        sub_key=action,
        path=(Hop(role.arn, Role.type), Hop(arn, _TYPES[action], f"may {action}")),
    )


_TYPES: Final = {READ_SECRET: Secret.type, READ_PARAMETER: Parameter.type, "kms:Decrypt": "AWS::KMS::Key"}


def _tail(arn: str) -> str:
    return arn.split(":", 5)[-1].removeprefix("secret:").removeprefix("parameter/")
