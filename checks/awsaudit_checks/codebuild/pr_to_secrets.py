from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import is_administrator, unread_controls
from awsaudit.resources.codebuild import BuildspecKind, Project
from awsaudit.resources.iam import Role
from awsaudit_checks.codebuild.reach import REACH, Reached, given, reached, told
from awsaudit_checks.codebuild.webhook import strangers, whose
from awsaudit_checks.iam.certain import certain


@check(
    "codebuild-pr-to-secrets",
    title="Pull-request builds cannot reach secrets or production",
    severity=Severity.HIGH,
    uses=(*REACH, Project.role_arn, Project.source, Project.webhook),
    remediation=Remediation(
        text="Build pull requests in a project of their own, whose role writes its logs and nothing else, and which has no "
        "variables out of Secrets Manager; keep what deploys for what was merged.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/webhooks.html",
    ),
)
def pr_to_secrets(project: Project, account: Inventory) -> Iterator[Problem]:
    """
    Where a stranger starts builds, the stranger's code runs with the role of the project: what that role reaches is theirs.
    Asked are secrets and secure parameters, images, buckets of state, artifacts and production, roles of other accounts and
    roles to pass, by way of further roles as well. A role that reaches none of them passes. Critical for an administrator.
    """
    who = strangers(project)
    if not who:
        raise NotApplicable("nobody starts its builds but those who are named, or whom somebody approves")
    role = account.by_arn(Role, project.role_arn) if project.role_arn else None
    start = _start(project, who)
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    if role is not None and is_administrator(role, account):
        everything = Hop(f"arn:{role.partition}:iam::{role.account}:*", "everything", "it is an administrator")
        yield Problem(
            f"{who} may do everything in the account, with the role {role.name}{hidden}",
            expected="a role that reaches nothing",
            found="administrator",
            severity=Severity.CRITICAL,
            path=(*start, _runs(role), everything),
        )
        return
    found = _found(project, role, account)
    if found:
        between = () if role is None or found[0].is_given else (_runs(role),)
        yield Problem(
            f"{who} {told(found)}{hidden}",
            expected="a role that reaches nothing",
            found=", ".join(dict.fromkeys(thing.name for thing in found)),
            path=(*start, *between, *found[0].hops),
        )


def _found(project: Project, role: Role | None, account: Inventory) -> tuple[Reached, ...]:
    """Return what builds come by; nothing that could not be seen hides what was found."""
    asks = [lambda: given(project, account)] + ([lambda: reached(project, role, account)] if role else [])
    return tuple(thing for things in certain(asks, lambda ask: ask() or None) for thing in things)


def _start(project: Project, who: str) -> tuple[Hop, ...]:
    hook, source = project.webhook, project.source
    where = whose(hook) if hook and hook.scope else source.location or source.type
    ours = source.buildspec.kind is BuildspecKind.REPOSITORY
    brings = "their build specification comes along" if ours else "their code comes along"

    return (
        Hop(who, "outside"),
        Hop(where, "repository", "its webhook sends the event"),
        Hop(project.arn, Project.type, f"builds it without approval; {brings}"),
    )


def _runs(role: Role) -> Hop:
    return Hop(role.arn, Role.type, "its builds run with the role")
