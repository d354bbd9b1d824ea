from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit_checks.codebuild.webhook import is_runner, webhook_of, whose, wide_groups


@check(
    "codebuild-runner-scope",
    title="CodeBuild runners are limited to named repositories",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Give every group of filters a REPOSITORY_NAME with the repositories that may start builds, anchored by ^; for "
        "an enterprise an ORGANIZATION_NAME as well. Which those are is yours to say, so there is no command.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/github-global-organization-webhook.html",
    ),
)
def runner_scope(project: Project) -> Iterator[Problem]:
    """
    A webhook of an organization, enterprise or group starts builds for each of its repositories, and a runner does whatever
    their workflows say: whoever may make a repository there acts with the role of the project. A webhook whose groups of
    filters all name repositories passes; one of a single repository is limited by that.
    """
    hook = webhook_of(project)
    found = wide_groups(hook)
    if found:
        what = "runners that do what its workflows say" if any(map(is_runner, found)) else "builds"
        yield Problem(
            f"every repository of {whose(hook)} starts {what}",
            expected="REPOSITORY_NAME, anchored, in every group of filters",
            found="; ".join(", ".join(f"{f.kind} {f.pattern}" for f in group) or "no filters" for group in found),
        )
