from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit_checks.leak import leak


@check(
    "codebuild-env-secrets",
    title="CodeBuild plaintext variables hold no secrets",
    severity=Severity.CRITICAL,
    equivalents=("prowler:codebuild_project_no_secrets_in_variables",),
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may describe the project or a build has read it. Keep the new "
        "one in Secrets Manager or Parameter Store, and let the variable name it there.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html",
    ),
)
def env_secrets(project: Project) -> Iterator[Problem]:
    """
    Variables in plain text are shown to everybody who may describe the project or one of its builds, and so is a build
    specification that stands in the project. A value in the shape of a known credential fails; a random-looking value
    under a telling name is a guess and fails with lower severity. Names of secrets and parameters pass.
    """
    for hit in project.secrets:
        inline = hit.name.partition(".")[0] == "buildspec"
        yield leak(hit, "its build specification" if inline else f"the variable {hit.name}", Severity.MEDIUM)
