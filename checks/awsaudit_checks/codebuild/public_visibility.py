from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project


@check(
    "codebuild-public-visibility",
    title="Build projects are private",
    severity=Severity.HIGH,
    equivalents=("prowler:codebuild_project_not_publicly_accessible",),
    remediation=Remediation(
        text="Make the project private.",
        cli="aws codebuild update-project-visibility --region {region} --project-arn {arn} --project-visibility PRIVATE",
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/public-builds.html",
    ),
)
def public_visibility(project: Project) -> Iterator[Problem]:
    """
    Builds of a public project are shown to everybody on the internet, past ones included: results, artifacts, and logs with
    whatever variables and sources they repeat. That is meant for open source, and for nothing that deploys.
    """
    if project.visibility == "PUBLIC_READ":
        yield Problem("its builds, with logs and artifacts, are public", expected="PRIVATE", found=project.visibility)
