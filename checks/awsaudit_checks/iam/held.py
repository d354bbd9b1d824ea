"""The policies of users, roles and groups, with the commands that put others in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from awsaudit import Inventory, NotApplicable
from awsaudit.access import Policy, PolicyKind, readable
from awsaudit.access.pattern import glob
from awsaudit.access.policy import read_policy
from awsaudit.resources.iam import Group, ManagedPolicy, Role, User
from awsaudit_checks.repair import statements_of, with_statements


Holder: TypeAlias = "Role | User | Group"

PUT: Final[Mapping[type, str]] = {
    Role: "aws iam put-role-policy --role-name {holder} --policy-name {policy} --policy-document {document}",
    User: "aws iam put-user-policy --user-name {holder} --policy-name {policy} --policy-document {document}",
    Group: "aws iam put-group-policy --group-name {holder} --policy-name {policy} --policy-document {document}",
}
DELETE: Final[Mapping[type, str]] = {
    Role: "aws iam delete-role-policy --role-name {holder} --policy-name {policy}",
    User: "aws iam delete-user-policy --user-name {holder} --policy-name {policy}",
    Group: "aws iam delete-group-policy --group-name {holder} --policy-name {policy}",
}
DETACH: Final[Mapping[type, str]] = {
    Role: "aws iam detach-role-policy --role-name {holder} --policy-arn {policy}",
    User: "aws iam detach-user-policy --user-name {holder} --policy-arn {policy}",
    Group: "aws iam detach-group-policy --group-name {holder} --policy-arn {policy}",
}
NEW_VERSION: Final = "aws iam create-policy-version --policy-arn {policy} --set-as-default --policy-document {document}"

HOLDERS: Final = (
    Role.arn, Role.name, Role.attached, User.arn, User.name, User.attached, Group.arn, Group.name, Group.attached,
)  # fmt: skip
"""What `holders_of` looks at."""


@frozen
class Held:
    """
    A policy that is part of a user, role or group, or attached to some.

    Args:
        name: Its name; of a managed policy its ARN.

        policy: What it says.

        document: The same as AWS has it.

        fill: What fills the commands.

        put: The command that puts another document in its place; None where it is AWS's own.

        delete: The command that takes it away; None where that is not one command.
    """

    name: str
    policy: Policy
    document: Mapping[str, Any]
    fill: Mapping[str, str] = field(factory=dict)
    put: str | None = None
    delete: str | None = None


def inline_of(holder: Holder) -> Iterator[Held]:
    """
    Yield the inline policies of *holder*, named as the engine names them.

    Raises:
        EvidenceMissing: They were refused.
        Undecided: One is no policy.
    """
    kind = type(holder)
    whose = f"of the group {holder.name}" if isinstance(holder, Group) else f"of {holder.name}"
    for inline in holder.inline:
        read = readable(read_policy(inline.document, PolicyKind.IDENTITY, f"the inline policy {inline.name} {whose}"))
        if read:
            fill = {"holder": holder.name, "policy": inline.name}
            yield Held(inline.name, read, inline.document, fill, PUT[kind], DELETE[kind])


def managed(policy: ManagedPolicy) -> Held | None:
    """
    Return the managed policy in the version that is in force; None where AWS does not tell it.

    Raises:
        EvidenceMissing: It was refused.
        Undecided: It is no policy.
    """
    document = policy.document
    if document is None:
        return None
    name = f"the policy {policy.arn.rpartition('/')[2]}"
    read = readable(read_policy(document, PolicyKind.IDENTITY, name))
    put = None if is_of_aws(policy.arn) else NEW_VERSION

    return Held(policy.arn, read, document, {"policy": policy.arn}, put) if read else None


def is_of_aws(arn: str) -> bool:
    """Tell whether the managed policy with *arn* is AWS's own."""
    return ":iam::aws:policy/" in arn


def own_policies(thing: ManagedPolicy | Holder, account: Inventory) -> tuple[Held, ...]:
    """
    Return the policies to judge at *thing*: itself if it is a policy in use, else those that are part of it.

    Raises:
        NotApplicable: It is AWS's own, grants nothing to anybody, or there is none.
        EvidenceMissing: They were refused.
        Undecided: One is no policy.
    """
    if not isinstance(thing, ManagedPolicy):
        if isinstance(thing, Role) and thing.path.startswith("/aws-service-role/"):
            raise NotApplicable("a service-linked role, which nobody but AWS edits")
        found = tuple(inline_of(thing))
        if not found:
            raise NotApplicable("it has no inline policies; managed policies are judged by themselves")
        return found
    if is_of_aws(thing.arn):
        raise NotApplicable("AWS manages the policy, and writes it")
    if not thing.attachments:
        used = "it is only the permissions boundary of others" if thing.boundary_uses else "it is attached to nobody"
        raise NotApplicable(f"{used}, and grants nothing")
    whole = managed(thing)

    return (_with_detachment(whole, account),) if whole else ()


def _with_detachment(held: Held, account: Inventory) -> Held:
    """Return *held* with the command that takes it from its holder, if there is only one."""
    who = tuple(holders_of(held.name, account))
    if len(who) != 1:
        return held

    return Held(
        held.name, held.policy, held.document, {**held.fill, "holder": who[0].name}, held.put, DETACH[type(who[0])]
    )


def holders_of(arn: str, account: Inventory) -> Iterator[Holder]:
    """Yield the roles, users and groups that could be seen and that the managed policy with *arn* is attached to."""
    everybody: tuple[Holder, ...] = (*account.seen(Role), *account.seen(User), *account.seen(Group))
    for holder in everybody:
        if any(policy.arn == arn for policy in holder.attached):
            yield holder


def to_whom(held: Held, account: Inventory) -> str:
    """Return in words whom *held* is attached to; empty for an inline policy, or where nobody was seen."""
    names = [f"the {type(h).__name__.lower()} {h.name}" for h in holders_of(held.name, account)]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004 - enough

    return f"; {shown} {'has' if len(names) == 1 else 'have'} it" if names else ""


def held_by(holder: Role | User, account: Inventory) -> Iterator[Held]:
    """
    Yield every policy that *holder* has, those of its groups too.

    Raises:
        EvidenceMissing: They were refused.
        Undecided: One is no policy.
    """
    groups = [g for g in account.every(Group) if g.name in holder.groups] if isinstance(holder, User) else []
    sources: tuple[Holder, ...] = (holder, *groups)
    for source in sources:
        yield from inline_of(source)
    wanted = {attached.arn for source in sources for attached in source.attached}
    for policy in account.every(ManagedPolicy):
        whole = managed(policy) if policy.arn in wanted else None
        if whole:
            yield whole


def bound(
    held: Held, numbers: Collection[int], action: str, condition: tuple[str, str, str | list[str]]
) -> Mapping[str, str]:
    """
    Return what fills the command that gives *held* a condition on *action*; what else its statements allow stays as it is.

    Args:
        held: The policy.

        numbers: The statements, counted from 1.

        action: The action.

        condition: Operator, key and value.

    Returns:
        Nothing but what *held* has, and so no command, where the action stands behind a wildcard.
    """
    operator, key, value = condition
    changed: list[Mapping[str, Any]] = []
    for number, statement in enumerate(statements_of(held.document), 1):
        read = held.policy.statements[number - 1]
        if number not in numbers:
            changed.append(statement)
            continue
        others = [each for each in read.actions if each.lower() != action.lower()]
        if read.not_actions or any(glob(each, fold=True).matches(action) for each in others):
            return held.fill
        lines = {**statement.get("Condition", {})}
        apart = {
            **statement,
            "Action": action,
            "Condition": {**lines, operator: {**lines.get(operator, {}), key: value}},
        }
        changed.append(apart)
        if others:
            left = {name: each for name, each in statement.items() if name != "Sid"}
            changed.append({**left, "Action": others})
    document = with_statements(held.document, changed)

    return {**held.fill, "document": document} if document else held.fill
