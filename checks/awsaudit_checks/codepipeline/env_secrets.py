from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.leak import leak


@check(
    "codepipeline-env-secrets",
    title="Pipeline action configuration holds no secrets",
    severity=Severity.CRITICAL,
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may read the pipeline has read it. Keep the new one in Secrets "
        "Manager or Parameter Store, and let the variable name it there, or the action read it.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/parameter-store-encryption.html",
    ),
)
def env_secrets(pipeline: Pipeline) -> Iterator[Problem]:
    """
    Configurations, commands and variables of actions are shown to everybody who may read the pipeline, and stand in
    templates and state files. A value in the shape of a known credential fails; a random-looking value under a telling
    name is a guess and fails with lower severity. Names of secrets and parameters pass, and tokens that AWS has masked.
    """
    for hit in pipeline.secrets:
        yield leak(hit, hit.name, Severity.MEDIUM)
