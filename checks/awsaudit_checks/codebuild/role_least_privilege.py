from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import is_administrator, unread_controls
from awsaudit.resources.codebuild import Project
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.candidate import CANDIDATES
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.escalation import escalations


@check(
    "codebuild-role-least-privilege",
    title="The build role is not an administrator",
    severity=Severity.HIGH,
    uses=CANDIDATES,
    remediation=Remediation(
        text="Give each project a role of its own with the rights of what it builds: its logs, its artifacts, its "
        "repository. What deploys belongs to another project, with another role, that no pull request starts.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html",
    ),
)
def role_least_privilege(project: Project, account: Inventory) -> Iterator[Problem]:
    """
    A build runs what its repository and all of its dependencies bring along: one bad package acts with the role. A role that
    may do everything, or can make itself mightier, hands over the account. Asked are the roles of builds and batches and the
    one that shows public builds. A role with listed rights passes.
    """
    roles = {role.arn: (role, does) for role, does in _roles(project, account)}
    if not roles:
        raise NotApplicable("it has no role of the account")
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    for role, does, words, hop in certain(roles.values(), lambda each: _might(*each, account)):
        yield Problem(
            f"{does} with the role {role.name}, which may {words}{hidden}",
            expected="the rights of what it builds",
            found=words,
            sub_key=role.arn,
            path=(Hop(project.arn, Project.type), Hop(role.arn, Role.type, f"{does} with the role"), hop),
        )


def _roles(project: Project, account: Inventory) -> Iterator[tuple[Role, str]]:
    """Yield the roles of *project* that exist, each with what is done with it."""
    for arn, does in (
        (project.role_arn, "its builds run"),
        (project.batch_role_arn, "its batches of builds run"),
        (project.resource_access_role_arn, "its logs are shown to everybody"),
    ):
        role = account.by_arn(Role, arn) if arn else None
        if role is not None:
            yield role, does


def _might(role: Role, does: str, account: Inventory) -> tuple[Role, str, str, Hop] | None:
    if is_administrator(role, account):
        everything = Hop(f"arn:{role.partition}:iam::{role.account}:*", "everything", "it is an administrator")
        return role, does, "do everything", everything
    way = next(iter(escalations(role, account)), None)
    if way is None:
        return None
    best = way.targets[0]
    by = f"{', '.join(way.actions)}: {best.by}"

    return role, does, f"make itself mightier: {way.recipe.does.format(best.words)}", Hop(best.arn, best.type, by)
