"""What the roles of targets may do beyond their targets, and how that is taken from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import field, frozen

from awsaudit import Inventory, Undecided
from awsaudit.access import Policy, PolicyKind, Statement, may, raise_unread, read_policy, readable, trust_of
from awsaudit.access.action import expand
from awsaudit.access.estate import managed_policy
from awsaudit.access.pattern import arn_glob, resource_glob
from awsaudit.access.request import DIRECT
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.iam import Role
from awsaudit_checks.events.invocation import ACTIONS, role_of
from awsaudit_checks.events.permission import EVENTS
from awsaudit_checks.events.place import kind_of, region_of
from awsaudit_checks.repair import statements_of, with_statements


# What every role may have: it says what it did, and hides nothing.
_ACCEPTED: Final = frozenset(
    {"logs:createloggroup", "logs:createlogstream", "logs:putlogevents", "logs:describeloggroups",
     "logs:describelogstreams", "xray:puttracesegments", "xray:puttelemetryrecords", "xray:getsamplingrules",
     "xray:getsamplingtargets"}
)  # fmt: skip
_PASSING: Final = DIRECT.with_({"iam:PassedToService": "ecs-tasks.amazonaws.com"})


def targets_of(role: Role, account: Inventory) -> Iterator[Target]:
    """Yield the targets that *role* is for."""
    for target in account.every(Target):
        if isinstance(target.parent_resource, Rule) and role_of(target, target.parent_resource) == role.arn:
            yield target


@frozen
class Held:
    """
    One of the policies that a role has.

    Args:
        policy: The policy.

        document: Its document, where it is part of the role.

        name: Its name where it is part of the role, else its ARN.
    """

    policy: Policy
    document: Mapping[str, Any] | None
    name: str


@frozen
class Excess:
    """
    A statement that lets a role do more than its targets take.

    Args:
        held: The policy.

        statement: The statement.

        action: One of the actions.

        resource: The resource, as it stands there.
    """

    held: Held
    statement: Statement = field(eq=False)
    action: str
    resource: str


def _held(role: Role, account: Inventory) -> Iterator[Held]:
    for inline in role.inline:
        name = f"the inline policy {inline.name} of {role.name}"
        found = readable(read_policy(inline.document, PolicyKind.IDENTITY, name))
        if found:
            yield Held(found, inline.document, inline.name)
    for attached in role.attached:
        found = readable(managed_policy(attached.arn, PolicyKind.IDENTITY, account))
        if found:
            yield Held(found, None, attached.arn)


def excess_of(role: Role, targets: Sequence[Target], account: Inventory) -> tuple[Excess, ...]:
    """
    Return the statements that let *role* do more than *targets* take.

    Raises:
        Undecided: There are none for certain, and of some it hangs on what is not known.
    """
    judged = [
        each
        for held in _held(role, account)
        for statement in held.policy.statements
        if statement.allow
        for each in [_judged(held, statement, role, targets, account)]
    ]
    found = tuple(each for each in judged if isinstance(each, Excess))
    doubts = [each for each in judged if isinstance(each, str)]
    if doubts and not found:
        raise Undecided(doubts[0])

    return found


def _judged(
    held: Held, statement: Statement, role: Role, targets: Sequence[Target], account: Inventory
) -> Excess | str | None:
    """Return what *statement* allows beyond *targets*, or in words what that hangs on; None if it allows nothing beyond."""
    doubt: str | None = None
    for action, asked in _beyond(statement, targets):
        decision = may(role, action, account, asked, _PASSING)
        resource = "*" if statement.not_resources else asked
        for unread in decision.unread if decision.possible else ():
            raise_unread(unread)
        if decision.allowed:
            doubt = _unsettled(resource, targets, account)
            if doubt is None:
                return Excess(held, statement, action, resource)
        elif decision.possible:
            doubt = f"whether {role.name} may do {action} on {resource} hangs on {decision.depends_on[0]}"

    return doubt


def _unsettled(resource: str, targets: Sequence[Target], account: Inventory) -> str | None:
    """Return why *resource* may be needed all the same; None if it is not."""
    if not resource.strip("*"):
        return None
    for target in targets:
        if kind_of(target.destination) not in {*ACTIONS, "ecs", "sqs", "sns"}:
            return f"what target {target.id} takes is not known: {target.destination}"
    region = region_of(resource)
    if region and "*" not in region and region not in account.regions:
        return f"the role may be for rules in {region}, where the scan did not look"

    return None


def _beyond(statement: Statement, targets: Sequence[Target]) -> Iterator[tuple[str, str]]:
    """Yield actions of *statement*, each with a resource of it that is none of *targets*."""
    actions = ["*"] if statement.not_actions else [a for each in statement.actions for a in expand(each)]
    for action in actions:
        # Of what is not left out, one that no policy has in mind stands for all.
        unnamed = f"arn:aws:{action.partition(':')[0].strip('*')}:::awsaudit-unnamed"
        resources = [unnamed] if statement.not_resources else statement.resources or ("*",)
        wanted = [arn_glob(each) for each in _needed(action, targets)]
        for resource in resources:
            accepted = action.lower() in _ACCEPTED or _is_named_key(action, resource)
            if not accepted and not any(each.covers(resource_glob(resource)) for each in wanted):
                yield action, resource


def _is_named_key(action: str, resource: str) -> bool:
    return action.lower().startswith("kms:") and ":key/" in resource and "*" not in resource and "?" not in resource


def _needed(action: str, targets: Sequence[Target]) -> Iterator[str]:
    """Yield globs of what the role needs for *targets*."""
    for target in targets:
        arn, kind = target.destination, kind_of(target.destination)
        if action.lower() == "iam:passrole":
            yield from target.task_role_arns
        elif kind == "ecs":
            yield from _of_task(target)
        elif kind == "api-destination":
            # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destination-create.html
            yield from (arn, f"{arn.rpartition('/')[0]}/*")
        elif kind in {"states", "lambda"}:
            base = ":".join(arn.split(":")[:7])
            yield from (arn, base, f"{base}:*")
        else:
            yield arn


def _of_task(target: Target) -> Iterator[str]:
    yield target.destination
    for arn in (target.task_definition_arn, target.task_arn):
        if arn:
            family = arn if ":" not in arn.partition("/")[2] else arn.rpartition(":")[0]
            yield from (family, f"{family}:*")


def narrowing(role: Role, excess: Sequence[Excess], targets: Sequence[Target]) -> tuple[str | None, dict[str, str]]:
    """Return the command that narrows the policies of *role*, with its values; nothing where others assume it too."""
    needed = _scoped(targets)
    if not needed or not _only_for_events(role):
        return None, {}
    fill = {"role": role.name}
    commands: list[str] = []
    names = dict.fromkeys(each.held.name for each in excess)
    for number, name in enumerate(names):
        own = [each for each in excess if each.held.name == name]
        wide = {each.statement.number for each in own}
        document = own[0].held.document
        base: Mapping[str, Any] = document or {"Version": "2012-10-17"}
        kept = [s for place, s in enumerate(statements_of(base), 1) if place not in wide]
        inline = name if document is not None else "invoke-targets"
        fill |= {f"policy_{number}": inline, f"document_{number}": with_statements(base, [*kept, *needed]) or ""}
        commands.append(
            "aws iam put-role-policy --region {region} --role-name {role} "
            f"--policy-name {{policy_{number}}} --policy-document {{document_{number}}}"
        )
        if document is None:
            fill[f"attached_{number}"] = name
            commands.append(
                "aws iam detach-role-policy --region {region} --role-name {role} "
                f"--policy-arn {{attached_{number}}}"
            )

    return " && ".join(commands), fill


def _only_for_events(role: Role) -> bool:
    trust = readable(trust_of(role))
    entries = [e for s in (trust.statements if trust else ()) if s.allow for e in s.principals or ()]
    return bool(entries) and all(entry.text == EVENTS for entry in entries)


def _scoped(targets: Sequence[Target]) -> list[dict[str, Any]]:
    """Return the statements that let a role do what *targets* take; none where that is not known of one of them."""
    found: list[dict[str, Any]] = []
    for target in targets:
        kind = kind_of(target.destination)
        if kind not in ACTIONS:
            return []
        statement = {"Effect": "Allow", "Action": [*ACTIONS[kind]], "Resource": target.destination}
        if statement not in found:
            found.append(statement)

    return found
