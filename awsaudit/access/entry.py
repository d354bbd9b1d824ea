"""
What acts as a role without assuming it by a policy of its own: machines, functions, builds, tasks and pods; and whoever
brings a token from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from attrs import frozen

from awsaudit.access.evaluate import Verdict
from awsaudit.access.policy import Form, Policy, Statement
from awsaudit.access.question import Question, answer_outsider
from awsaudit.access.request import DIRECT, saml_identity, web_identity
from awsaudit.access.truth import Doubt
from awsaudit.declare import Resource
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


R = TypeVar("R", bound=Resource)

ENTRIES: Final = (
    Role.instance_profile_arns, Instance.id, Instance.state, Instance.profile_arn, Nodegroup.arn, Nodegroup.name,
    Nodegroup.node_role_arn, FargateProfile.arn, FargateProfile.name, FargateProfile.pod_role_arn,
    PodIdentityAssociation.arn, PodIdentityAssociation.namespace, PodIdentityAssociation.service_account,
    PodIdentityAssociation.role_arn, PodIdentityAssociation.target_role_arn, PodIdentityAssociation.cluster_name,
    Function.arn, Function.role_arn, Service.arn, Service.task_definition, Project.name, Project.role_arn,
    Pipeline.name, Pipeline.role_arn, StateMachine.arn, StateMachine.role_arn,
)  # fmt: skip
"""What `entries_of` looks at."""

UNKNOWN: Final = "unknown"
"""The type of what stands for those who could not be seen."""


@frozen
class Entry:
    """
    Something that acts as a role.

    Args:
        origin: Its ARN, or what names it.

        type: CloudFormation's name of its type, or a word.

        by: How it comes to the role's credentials, in words.

        doubts: What it hangs on.

        outside: Whether it is outside the account.
    """

    origin: str
    type: str
    by: str
    doubts: tuple[Doubt, ...] = ()
    outside: bool = False

    @property
    def certain(self) -> bool:
        """Whether it hangs on nothing."""
        return not self.doubts

    @property
    def depends_on(self) -> tuple[str, ...]:
        """What it hangs on, in words."""
        return tuple(dict.fromkeys(map(str, self.doubts)))


def entries_of(role: Role, account: Inventory) -> Iterator[Entry]:
    """Yield what runs as *role*; where something could not be seen, an entry of type `UNKNOWN` that says so."""
    seen: set[str] = set()
    for found in _running(role, account):
        if found.origin not in seen:
            seen.add(found.origin)
            yield found


def _running(role: Role, account: Inventory) -> Iterator[Entry]:
    index = account.once("access.entries", lambda: _index(account))
    yield from index.get(role.arn, ())
    try:
        for profile in role.instance_profile_arns:
            yield from index.get(profile, ())
    except EvidenceMissing as missing:
        yield _unseen(missing.gap)
    yield from index.get("", ())


def _index(account: Inventory) -> dict[str, list[Entry]]:
    """Return what acts as a role by the ARN of the role or instance profile; what could not be seen under no ARN."""
    index: dict[str, list[Entry]] = {}
    for read in _READERS:
        for arn, entry in read(account):
            index.setdefault(arn, []).append(entry)

    return index


_Found = Iterator[tuple[str, Entry]]


def _each(kind: type[R], read: Callable[[R], _Found]) -> Callable[[Inventory], _Found]:
    """Return what reads all resources of a type: one that cannot be read hides no other."""

    def of(account: Inventory) -> _Found:
        for unlisted in account.unlisted(kind):
            yield "", _unseen(unlisted.gap)
        for resource in account.seen(kind):
            try:
                yield from tuple(read(resource))
            except EvidenceMissing as missing:
                yield "", _unseen(missing.gap)

    return of


def _unseen(gap: Gap) -> Entry:
    by = "what acts as the role there could not be seen"
    where = gap.resource or gap.region
    return Entry(f"{gap.service}:{gap.operation} ({where})", UNKNOWN, by, (Doubt(str(gap), where),))


def _instance(instance: Instance) -> _Found:
    if instance.profile_arn and instance.state in {"pending", "running", "stopping", "stopped"}:
        arn = f"arn:{instance.partition}:ec2:{instance.region}:{instance.account}:instance/{instance.id}"
        yield instance.profile_arn, Entry(arn, Instance.type, "has the role's credentials by its instance profile")


def _nodes(group: Nodegroup) -> _Found:
    if group.node_role_arn:
        yield group.node_role_arn, Entry(group.arn, Nodegroup.type, "its nodes run with the role")


def _fargate(profile: FargateProfile) -> _Found:
    if profile.pod_role_arn:
        by = "Fargate pulls its pods' images with the role"
        yield profile.pod_role_arn, Entry(profile.arn, FargateProfile.type, by)


def _pods(found: PodIdentityAssociation) -> _Found:
    who = f"{found.cluster_name}: system:serviceaccount:{found.namespace}:{found.service_account}"
    by = "its pods get the role's credentials by EKS Pod Identity"
    yield found.target_role_arn or found.role_arn, Entry(who, PodIdentityAssociation.type, by)


def _function(function: Function) -> _Found:
    yield function.role_arn, Entry(function.arn, Function.type, "runs with the role")


def _tasks(service: Service) -> _Found:
    task = service.task_definition
    if task and task.task_role_arn:
        by = f"its containers run with the role ({task.family})"
        yield task.task_role_arn, Entry(service.arn, Service.type, by)
    if task and task.execution_role_arn:
        by = f"ECS starts its containers with the role ({task.family})"
        yield task.execution_role_arn, Entry(service.arn, Service.type, by)


def _builds(project: Project) -> _Found:
    if project.role_arn:
        yield project.role_arn, Entry(project.arn, Project.type, "its builds run with the role")


def _pipeline(pipeline: Pipeline) -> _Found:
    if pipeline.role_arn:
        yield pipeline.role_arn, Entry(pipeline.arn, Pipeline.type, "runs with the role")


def _machine(machine: StateMachine) -> _Found:
    yield machine.role_arn, Entry(machine.arn, StateMachine.type, "runs with the role")


_READERS: Final[tuple[Callable[[Inventory], _Found], ...]] = (
    _each(Instance, _instance),
    _each(Nodegroup, _nodes),
    _each(FargateProfile, _fargate),
    _each(PodIdentityAssociation, _pods),
    _each(Function, _function),
    _each(Service, _tasks),
    _each(Project, _builds),
    _each(Pipeline, _pipeline),
    _each(StateMachine, _machine),
)

_SAML: Final = ":saml-provider/"
_TOKENS: Final = (
    ("sts:AssumeRoleWithWebIdentity", web_identity, ":oidc-provider/"),
    ("sts:AssumeRoleWithSAML", saml_identity, _SAML),
)
PROVIDER: Final = "identity provider"
"""The type of whoever brings a token."""


def federated(role: Role, trust: Policy, account: Inventory, action: str | None = None) -> Iterator[Entry]:
    """
    Yield whose tokens *trust* takes: a provider, and after a space the subjects that it has to name.

    Args:
        role: The role.

        trust: Its trust policy.

        account: Where the policies of the organization are.

        action: By which of the actions that take tokens; unset means any.
    """
    for each, caller, mark in _TOKENS:
        for statement in trust.about(each) if action in {None, each} else ():
            for entry in statement.principals or ():
                if not statement.allow or entry.form is not Form.FEDERATED or _foreign(entry.text, mark):
                    continue
                subjects = _subjects(statement)
                asked = Question(each, role.arn, role.account, DIRECT.with_(_single(statement)), trust)
                decision = answer_outsider(asked, caller(entry.text), account)
                if decision.verdict is not Verdict.DENY:
                    conditions = "; ".join(c.text for c in statement.conditions)
                    by = f"{trust.name}, {statement.label}" + (f", where {conditions}" if conditions else "")
                    origin = f"{entry.text} {', '.join(subjects)}".rstrip()
                    yield Entry(origin, PROVIDER, f"its tokens are taken: {by}", outside=True)


def _foreign(provider: str, mark: str) -> bool:
    """Tell whether the action takes no tokens of *provider*; the OIDC providers that AWS knows itself have no ARN."""
    return mark not in provider and (provider.startswith("arn:") or mark == _SAML)


_POSITIVE: Final = frozenset({"stringequals", "stringlike", "stringequalsignorecase"})


def _subjects(statement: Statement) -> tuple[str, ...]:
    """Return the values that the token's subject has to have; empty where any will do."""
    binding = [
        c.values
        for c in statement.conditions
        if c.key.endswith(":sub")
        and c.operator.name in _POSITIVE
        and not (c.operator.negated or c.operator.if_exists or c.operator.quantifier == "forallvalues")
    ]

    return binding[0] if binding else ()


def _single(statement: Statement) -> dict[str, Any]:
    """Return the claims that the statement leaves no choice of."""
    return {
        c.key: c.values[0]
        for c in statement.conditions
        if c.operator.name == "stringequals"
        and not c.operator.negated
        and len(c.values) == 1
        and "$" not in c.values[0]
    }
