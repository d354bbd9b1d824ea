from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from attrs import frozen

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, Decision, is_administrator, unread_controls
from awsaudit.access.way import by_what
from awsaudit.resources.codebuild import Project
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.iam import Role, User
from awsaudit_checks.codepipeline.role import BUILDERS, builders, own_roles
from awsaudit_checks.codepipeline.stage import Place, places
from awsaudit_checks.denial import denial
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.ci import builder_of, widest_ci
from awsaudit_checks.iam.somewhere import speaks_of
from awsaudit_checks.iam.strength import ask, holds


_APPROVE: Final = "codepipeline:PutApprovalResult"
_PUT_USER: Final = (
    "aws iam put-user-policy --region {region} --user-name {holder} --policy-name {policy_name} "
    "--policy-document {document}"
)


@check(
    "codepipeline-approval-separation",
    title="Approvers are not the deploy identity",
    severity=Severity.MEDIUM,
    uses=(*RIGHTS, *BUILDERS),
    remediation=Remediation(
        text="Let a role approve that people sign in to, and that no build has. The command denies approving to the machine "
        "and leaves its other rights.",
        cli="aws iam put-role-policy --region {region} --role-name {holder} --policy-name {policy_name} "
        "--policy-document {document}",
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-iam-permissions.html",
    ),
)
def approval_separation(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    An approval that the pipeline, its builds or CI can give themselves stops nobody: who can push code approves it, too.
    Asked are the roles of the pipeline, its actions and its builds, roles that CI outside of AWS becomes by its tokens, and
    users that builds sign in as. Rights that need a second factor pass, for machines have none. Administrators are not
    judged here.
    """
    approvals = [place for place in places(pipeline) if place.action.category == "Approval"]
    if not approvals:
        raise NotApplicable("the pipeline has no approval")
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    found = certain(_machines(pipeline, account), lambda machine: _able(machine, approvals, pipeline, account))
    # What feeds the pipeline comes first, and so is what is said of a role that is CI's, too.
    for able in {able.holder.arn: able for able in reversed(found)}.values():
        yield _problem(able, pipeline, hidden)


@frozen
class _Machine:
    """
    Who may change what the pipeline deploys, and may be no person.

    Args:
        holder: Its role or user.

        tells: Returns the step before it and what it has to do with the pipeline, in words; None for a person.
    """

    holder: Role | User
    tells: Callable[[], tuple[Hop, str] | None]


@frozen
class _Able:
    holder: Role | User
    origin: Hop
    does: str
    place: Place
    arn: str
    decision: Decision


def _machines(pipeline: Pipeline, account: Inventory) -> Iterator[_Machine]:
    """Yield the machines that feed *pipeline*, and all who may be builds outside of AWS; one may come twice."""
    start = Hop(pipeline.arn, Pipeline.type)
    for used, role in own_roles(pipeline, account):
        yield _Machine(role, lambda used=used: (start, f"{used.does} with it"))  # type: ignore[misc]
    for project, arn in builders(pipeline, account):
        role_of_builds = account.by_arn(Role, arn)
        if role_of_builds:
            told = (Hop(project.arn, Project.type), f"its builds of {project.name} run with it")
            yield _Machine(role_of_builds, lambda told=told: told)  # type: ignore[misc]
    for role in account.every(Role):
        yield _Machine(role, lambda role=role: _ci_role(role, account))  # type: ignore[misc]
    for user in account.every(User):
        yield _Machine(user, lambda user=user: _ci_user(user))  # type: ignore[misc]


def _ci_role(role: Role, account: Inventory) -> tuple[Hop, str] | None:
    try:
        taken = widest_ci(role, account)
    except NotApplicable:
        return None

    return Hop(taken.provider, "AWS::IAM::OIDCProvider"), f"builds of {taken.family.value} become it"


def _ci_user(user: User) -> tuple[Hop, str] | None:
    why = builder_of(user)
    return (Hop("builds with its access key", "outside"), f"builds sign in as it, for {why}") if why else None


def _able(machine: _Machine, approvals: list[Place], pipeline: Pipeline, account: Inventory) -> _Able | None:
    """Return an approval that *machine* can give; None if there is none."""
    if not speaks_of(machine.holder, _APPROVE, account) or is_administrator(machine.holder, account):
        return None
    for place in approvals:
        arn = f"{pipeline.arn}/{place.stage.name}/{place.action.name}"
        decision = ask(machine.holder, _APPROVE, arn, account, {"aws:MultiFactorAuthPresent": None})
        told = machine.tells() if holds(decision) else None
        if told:
            return _Able(machine.holder, *told, place, arn, decision)

    return None


def _problem(able: _Able, pipeline: Pipeline, hidden: str) -> Problem:
    holder, does = able.holder, able.does
    kind = "role" if isinstance(holder, Role) else "user"
    name, by = able.place.action.name, by_what(able.decision)

    return Problem(
        f"the {kind} {holder.name} may approve {name} in {able.place.stage.name}, by {by}; {does}{hidden}",
        expected="approvers who are people",
        found=holder.arn,
        sub_key=holder.arn,
        path=(able.origin, Hop(holder.arn, type(holder).type, does), Hop(able.arn, "approval", f"{_APPROVE}: {by}")),
        fill={
            "holder": holder.name,
            "policy_name": f"no-approval-of-{pipeline.name}"[:128],
            "document": denial("MachinesDoNotApprove", [_APPROVE], [f"{pipeline.arn}/*"]),
        },
        cli=None if isinstance(holder, Role) else _PUT_USER,
    )
