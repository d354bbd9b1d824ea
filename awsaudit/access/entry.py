"""
What acts as a role without assuming it by a policy of its own: machines, functions, builds, tasks, pods, and whoever brings
a token from outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from awsaudit.access.estate import trust_of
from awsaudit.access.policy import Form, Policy
from awsaudit.errors import EvidenceMissing
from awsaudit.gap import Gap
from awsaudit.inventory import Inventory
from awsaudit.resources.codebuild import Project
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.ecs import Service
from awsaudit.resources.eks import FargateProfile, Nodegroup, PodIdentityAssociation
from awsaudit.resources.iam import Role
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.stepfunctions import StateMachine


ENTRIES: Final = (
    Role.instance_profile_arns, Instance.id, Instance.state, Instance.profile_arn, Nodegroup.arn, Nodegroup.name,
    Nodegroup.node_role_arn, FargateProfile.arn, FargateProfile.name, FargateProfile.pod_role_arn,
    PodIdentityAssociation.arn, PodIdentityAssociation.namespace, PodIdentityAssociation.service_account,
    PodIdentityAssociation.role_arn, PodIdentityAssociation.target_role_arn, PodIdentityAssociation.cluster_name,
    Function.arn, Function.role_arn, Service.arn, Service.task_definition, Project.name, Project.role_arn,
    Pipeline.name, Pipeline.role_arn, StateMachine.arn, StateMachine.role_arn,
)  # fmt: skip
"""What `entries_of` looks at."""


@frozen
class Entry:
    """
    Something that acts as a role.

    Args:
        origin: Its ARN, or what names it.

        type: CloudFormation's name of its type, or a word.

        by: How it comes to the role's credentials, in words.

        certain: Whether it hangs on nothing.

        depends_on: What it hangs on, in words.

        outside: Whether it is outside the account.
    """

    origin: str
    type: str
    by: str
    certain: bool = True
    depends_on: tuple[str, ...] = ()
    outside: bool = False


def entries_of(role: Role, account: Inventory) -> Iterator[Entry]:
    """Yield what acts as *role*; where something could not be listed, an entry that says so."""
    seen: set[str] = set()
    for found in _compute(role, account):
        if found.origin not in seen:
            seen.add(found.origin)
            yield found
    yield from _federated(role)


def _compute(role: Role, account: Inventory) -> Iterator[Entry]:
    index = account.once("access.entries", lambda: _index(account))
    yield from index.get(role.arn, ())
    for profile in role.instance_profile_arns:
        yield from index.get(profile, ())
    yield from index.get("", ())


def _index(account: Inventory) -> dict[str, list[Entry]]:
    """Return what acts as a role by the ARN of the role or instance profile; what could not be seen under no ARN."""
    index: dict[str, list[Entry]] = {}
    for read in (_instances, _nodes, _pods, _functions, _tasks, _builds, _pipelines, _machines):
        found = read(account)
        while True:
            try:
                arn, entry = next(found)
            except StopIteration:
                break
            except EvidenceMissing as missing:
                index.setdefault("", []).append(_unseen(missing.gap))
                break
            index.setdefault(arn, []).append(entry)

    return index


def _unseen(gap: Gap) -> Entry:
    by = "what acts as the role there could not be seen"
    return Entry(f"{gap.service}:{gap.operation}", "unknown", by, certain=False, depends_on=(str(gap),))


def _instances(account: Inventory) -> Iterator[tuple[str, Entry]]:
    for instance in account.every(Instance):
        if instance.profile_arn and instance.state in {"pending", "running", "stopping", "stopped"}:
            arn = f"arn:{instance.partition}:ec2:{instance.region}:{instance.account}:instance/{instance.id}"
            yield instance.profile_arn, Entry(arn, Instance.type, "has the role's credentials by its instance profile")


def _nodes(account: Inventory) -> Iterator[tuple[str, Entry]]:
    for group in account.every(Nodegroup):
        if not group.node_role_arn:
            continue
        yield group.node_role_arn, Entry(group.arn, Nodegroup.type, "its nodes run with the role")
    for profile in account.every(FargateProfile):
        if not profile.pod_role_arn:
            continue
        yield (
            profile.pod_role_arn,
            Entry(profile.arn, FargateProfile.type, "Fargate pulls its pods' images with the role"),
        )


def _pods(account: Inventory) -> Iterator[tuple[str, Entry]]:
    for found in account.every(PodIdentityAssociation):
        who = f"{found.cluster_name}: system:serviceaccount:{found.namespace}:{found.service_account}"
        role = found.target_role_arn or found.role_arn
        yield role, Entry(who, PodIdentityAssociation.type, "its pods get the role's credentials by EKS Pod Identity")


def _functions(account: Inventory) -> Iterator[tuple[str, Entry]]:
    for function in account.every(Function):
        yield function.role_arn, Entry(function.arn, Function.type, "runs with the role")


def _tasks(account: Inventory) -> Iterator[tuple[str, Entry]]:
    for service in account.every(Service):
        task = service.task_definition
        if task and task.task_role_arn:
            yield (
                task.task_role_arn,
                Entry(service.arn, Service.type, f"its containers run with the role ({task.family})"),
            )
        if task and task.execution_role_arn:
            by = f"ECS starts its containers with the role ({task.family})"
            yield task.execution_role_arn, Entry(service.arn, Service.type, by)


def _builds(account: Inventory) -> Iterator[tuple[str, Entry]]:
    for project in account.every(Project):
        if project.role_arn:
            yield project.role_arn, Entry(project.arn, Project.type, "its builds run with the role")


def _pipelines(account: Inventory) -> Iterator[tuple[str, Entry]]:
    for pipeline in account.every(Pipeline):
        if pipeline.role_arn:
            yield pipeline.role_arn, Entry(pipeline.arn, Pipeline.type, "runs with the role")


def _machines(account: Inventory) -> Iterator[tuple[str, Entry]]:
    for machine in account.every(StateMachine):
        yield machine.role_arn, Entry(machine.arn, StateMachine.type, "runs with the role")


_FEDERATED: Final = ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")


def _federated(role: Role) -> Iterator[Entry]:
    trust = trust_of(role)
    if not isinstance(trust, Policy):
        return
    for statement in trust.statements:
        if not statement.allow or not any(statement.is_about(action) for action in _FEDERATED):
            continue
        for entry in statement.principals or ():
            if entry.form is Form.FEDERATED:
                conditions = "; ".join(c.text for c in statement.conditions)
                by = f"{trust.name}, {statement.label}" + (f", where {conditions}" if conditions else "")
                yield Entry(entry.text, "identity provider", f"its tokens are taken: {by}", outside=True)
