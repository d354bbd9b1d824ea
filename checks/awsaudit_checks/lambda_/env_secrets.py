from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.lambda_ import Function
from awsaudit_checks.leak import leak


@check(
    "lambda-env-secrets",
    title="Lambda environment variables hold no secrets",
    severity=Severity.CRITICAL,
    equivalents=("prowler:awslambda_function_no_secrets_in_variables",),
    remediation=Remediation(
        text="Change the secret where it was issued: whoever may list functions has read it, and published versions keep it. "
        "Put the new one into Secrets Manager or Parameter Store, let the function read it there (the Parameters and Secrets "
        "extension caches it), and take the variable away.",
        cli=None,
        url="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
)
def env_secrets(function: Function) -> Iterator[Problem]:
    """
    Variables are shown to everybody who may list functions. A value in the shape of a known credential fails; a
    random-looking value under a telling name is a guess and fails with lower severity. Names and ARNs of secrets and
    parameters pass. The unpublished version is judged. Variables under a key that the scan may not use are unknown.
    """
    if function.environment_error:
        raise Undecided(f"Lambda does not show its variables: {function.environment_error}")
    for hit in function.secrets:
        yield leak(hit, f"the variable {hit.name.removeprefix('Variables.')}", Severity.HIGH)
