from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.declare import Resource
from awsaudit.resources.ecs import Cluster
from awsaudit.resources.events import ApiDestination, EventBus, Rule, Target
from awsaudit.resources.logs import LogGroup
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue
from awsaudit_checks.events.place import account_of, is_built_in, kind_of, region_of, type_of
from awsaudit_checks.events.rule import refuse_disabled, refuse_managed
from awsaudit_checks.sns.audience import problems_of


@check(
    "events-target-exists",
    title="Rule targets exist",
    severity=Severity.HIGH,
    uses=(
        Target.id, Target.destination, Target.function_arn, Target.state_machine_arn, Target.task_definition_arn,
        Target.task_arn, Target.task_status, Queue.url, Topic.arn, LogGroup.arn, EventBus.arn, ApiDestination.arn,
        Cluster.arn,
    ),
    remediation=Remediation(
        text="Create again what the target names, or take the target off the rule.",
        cli="aws events remove-targets --region {region} --rule {name} --event-bus-name {bus_name} --ids {target}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html",
    ),
)  # fmt: skip
def target_exists(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    Rules go on naming what was deleted, and drop every event for it. Looked up are functions, with their version or alias,
    queues, topics, log groups, state machines, event buses, API destinations, and the clusters and task definitions of ECS,
    which have to be active. Disabled rules and those of AWS services are not judged.
    """
    refuse_managed(rule)
    refuse_disabled(rule)
    targets = [target for target in account.children(rule, Target) if not is_built_in(target.destination)]
    if not targets:
        raise NotApplicable("no target is something that could be missing")
    yield from problems_of(targets, lambda target: _missing(target, rule, account))


def _missing(target: Target, rule: Rule, account: Inventory) -> Problem | None:
    arn = target.destination
    if account_of(arn) != rule.account:
        raise Undecided(f"target {target.id} is in the account {account_of(arn)}: {arn}")
    wrong = _wrong(target, rule.region, account)
    if wrong is None:
        return None
    what, resource = wrong

    return Problem(
        f"target {target.id} {what}",
        expected="a target that exists",
        found=resource,
        sub_key=target.id,
        fill={"target": target.id},
        path=(Hop(rule.arn, Rule.type), Hop(resource, type_of(arn), f"target {target.id}: it {what}", holds=False)),
    )


def _wrong(target: Target, region: str, account: Inventory) -> tuple[str, str] | None:
    """Return what is wrong with the target's existence, and of which resource."""
    arn = target.destination
    if kind_of(arn) == "ecs":
        return _wrong_task(target, account)
    if kind_of(arn) != "event-bus" and region_of(arn) != region:
        raise Undecided(f"target {target.id} is in {region_of(arn)}, where {region} does not look: {arn}")

    return None if _is_there(target, account) else (f"does not exist: {arn}", arn)


def _is_there(target: Target, account: Inventory) -> bool:
    arn = target.destination
    kind = kind_of(arn)
    if kind == "lambda":
        return target.function_arn is not None
    if kind == "states":
        return target.state_machine_arn is not None
    if kind not in _LISTED:
        raise Undecided(f"target {target.id} is of a service in which targets are not looked up: {arn}")

    return account.by_arn(_LISTED[kind], arn.removesuffix(":*")) is not None


_LISTED: Final[Mapping[str, type[Resource]]] = {
    "sqs": Queue,
    "sns": Topic,
    "logs": LogGroup,
    "event-bus": EventBus,
    "api-destination": ApiDestination,
}


def _wrong_task(target: Target, account: Inventory) -> tuple[str, str] | None:
    if account.by_arn(Cluster, target.destination) is None:
        return f"names a cluster that does not exist: {target.destination}", target.destination
    wanted = target.task_definition_arn
    if wanted is None:
        raise Undecided(f"target {target.id} names no task definition")
    if target.task_arn is None:
        return f"names a task definition that does not exist: {wanted}", wanted
    if target.task_status != "ACTIVE":
        return f"names a task definition that is {target.task_status}: {wanted}", wanted

    return None
