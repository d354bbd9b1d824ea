from collections.abc import Iterator
from functools import partial

from attrs import evolve

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.node.command import Command
from awsaudit.reachability import Reach
from awsaudit.resources.ecs import TaskFamily
from awsaudit.resources.task_definition import ContainerText, TaskText
from awsaudit_checks.ecs.definition import TEXTS, judged, text_of
from awsaudit_checks.ecs.node import commands_of
from awsaudit_checks.ecs.reach import TASK_REACH, Door, way_to_tasks
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.node_flag import Opening, openings, unseen


@check(
    "ecs-taskdef-node-flags",
    title="Containerised node start flags do not expose RPC",
    severity=Severity.MEDIUM,
    uses=(*TEXTS, *TASK_REACH),
    remediation=Remediation(
        text="Let security groups and load balancers admit those who call the interface alone, and bind it to 127.0.0.1 where "
        "only containers of the same task do. Name the hosts and modules that they need; give the Engine API its secret and "
        "the key manager its token. Register that revision, and let the service use it.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
    ),
)
def taskdef_node_flags(family: TaskFamily, account: Inventory) -> Iterator[Problem | Note]:
    """
    Command, entry point and variables of a client of a chain decide who reaches the node. Containers have to bind their
    interfaces to all addresses to be reached at all: that fails where a security group opens the port to the whole internet,
    high where the internet gets to it, be it through a load balancer. The other flags are graded as in
    ec2-userdata-node-flags: modules such as admin and debug, an Engine API without its secret, a key manager without token
    or TLS, any host name or web page. Flags out of files are unknown.
    """
    yield from judged(family, account, text_of, partial(_exposed, family.region, account))


def _exposed(region: str, account: Inventory, text: TaskText) -> Iterator[Problem]:
    commands = commands_of(text)
    if not commands:
        raise NotApplicable("none of its containers runs a client of a chain")
    opened = [(container, o) for container, command in commands for o in dict.fromkeys(openings(command))]
    found = certain(opened, lambda each: _problem(*each, text, region, account))
    if not found:
        _require_seen(commands)
    yield from found


def _require_seen(commands: tuple[tuple[ContainerText, Command], ...]) -> None:
    for container, command in commands:
        hidden = unseen(command)
        if hidden:
            raise Undecided(f"what it tells is in order, but {hidden}")
        if container.files:
            raise Undecided(
                f"what it tells is in order, but variables come from {container.files[0]}, which is not read"
            )


def _problem(
    container: ContainerText, opening: Opening, text: TaskText, region: str, account: Inventory
) -> Problem | None:
    """Return what is wrong with *opening*; None for a port that nothing opens."""
    words = f"{opening.words} in the container {container.name}"
    if opening.inside is None:
        return _told(container, opening, words)
    door = Door(text.arn, region, text.network_mode, container.name, opening.inside)
    way = way_to_tasks(door, account)
    if way is None:
        return None
    public = way.reach is Reach.PUBLIC
    path = (*way.path, Hop(text.arn, TaskFamily.type, opening.words)) if public else way.path
    problem = _told(container, opening, f"{words}; {'the internet gets to it: ' if public else ''}{way.words}")

    return evolve(problem, path=path, severity=Severity.HIGH if public else opening.severity)


def _told(container: ContainerText, opening: Opening, words: str) -> Problem:
    return Problem(
        words,
        expected=opening.better,
        found=opening.words,
        sub_key=f"{container.name}/{opening.key}",
        severity=opening.severity,
    )
