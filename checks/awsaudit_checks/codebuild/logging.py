from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit_checks.codebuild.change import change


_OFF = "DISABLED"


@check(
    "codebuild-logging",
    title="Builds are logged",
    severity=Severity.MEDIUM,
    equivalents=("prowler:codebuild_project_logging_enabled",),
    remediation=Remediation(
        text="Let builds log to CloudWatch Logs, or to a bucket; their role needs the right to write there.",
        cli=change(
            "logs-config",
            "merge(projects[0].logsConfig, "
            '{cloudWatchLogs: merge(projects[0].logsConfig.cloudWatchLogs, {status: `"ENABLED"`})})',
        ),
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html",
    ),
)
def logging(project: Project) -> Iterator[Problem]:
    """
    What a build did, which packages it pulled and what it was made to run, is told by its log alone: the machine is gone
    a minute later. CloudWatch Logs, where AWS logs unless it is told not to, or a bucket pass.
    """
    if project.logs.cloudwatch == _OFF and project.logs.s3 == _OFF:
        yield Problem("builds leave no log", expected="CloudWatch Logs or a bucket", found="both disabled")
