from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import BuildspecKind, Project
from awsaudit_checks.codebuild.pull_request import builds_pull_requests


@check(
    "codebuild-buildspec-user-controlled",
    title="Sensitive builds use a fixed buildspec",
    severity=Severity.MEDIUM,
    equivalents=("prowler:codebuild_project_user_controlled_buildspec",),
    remediation=Remediation(
        text="Keep the build specification of pull requests in the project, or in a bucket of yours, and name its ARN.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html",
    ),
)
def buildspec_user_controlled(project: Project) -> Iterator[Problem]:
    """
    A pull request that brings its own build specification decides what the build runs, with the build's role, before
    anybody has merged it. One that stands in the project or in S3 passes. For pushes alone the specification in the
    repository is the usual thing, and is not judged.
    """
    if not builds_pull_requests(project):
        raise NotApplicable("no pull request starts its builds")
    buildspec = project.source.buildspec
    if buildspec.kind is BuildspecKind.REPOSITORY:
        yield Problem(
            "pull requests are built by the build specification that they bring along",
            expected="in the project, or in S3",
            found=buildspec.place or "buildspec.yml",
        )
