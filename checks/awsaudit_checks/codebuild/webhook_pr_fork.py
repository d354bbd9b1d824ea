from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit_checks.codebuild.webhook import (
    UPDATE,
    is_reviewed,
    loose_approvers,
    open_groups,
    reviewed,
    webhook_of,
)


@check(
    "codebuild-webhook-pr-fork",
    title="Pull requests from forks do not build unreviewed",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Let those who may write approve pull requests before they are built, or list the accounts whose pull requests "
        "are built in a filter ACTOR_ACCOUNT_ID.",
        cli=UPDATE,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/pull-request-build-policy.html",
    ),
)
def webhook_pr_fork(project: Project) -> Iterator[Problem]:
    """
    A pull request brings the code that the build runs, its build specification included: whoever may fork the repository
    acts with the role of the project. Pull requests that somebody approves first pass, and so do those of listed accounts
    and webhooks that build what is pushed, merged or closed. Medium where whoever may read the repository needs no approval.
    """
    hook, unguarded = webhook_of(project), open_groups(project)
    if not unguarded:
        return
    expected = "approval by comment, or a list of accounts"
    if not is_reviewed(hook):
        yield Problem(
            "a pull request of anybody starts a build, and nobody has to approve it",
            expected=expected,
            found=f"requiresCommentApproval {hook.approval or 'unset'}",
            fill={"request": reviewed(project)},
        )
        return
    readers = loose_approvers(hook)
    if readers:
        yield Problem(
            f"a pull request of anybody who may read the repository starts a build: {', '.join(readers)} needs no approval",
            expected="approval by those who may write",
            found=", ".join(hook.approvers),
            severity=Severity.MEDIUM,
            fill={"request": reviewed(project)},
        )
