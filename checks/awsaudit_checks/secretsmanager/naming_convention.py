import re

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned, refuse_replica


@check(
    "secretsmanager-naming-convention",
    title="Secret names follow the convention",
    severity=Severity.INFO,
    remediation=Remediation(
        text="Make the secret again under a name that follows the convention, move its readers to that and delete the old "
        "one; a secret cannot be renamed. Set *pattern* to the convention that you have.",
        cli=None,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    ),
)
def naming_convention(secret: Secret, *, pattern: str = r"[a-z0-9-]+/(dev|test|stage|prod)/.+") -> Iterator[Problem]:
    """
    Policies give access by names with wildcards: a name that tells the application and the environment lets ``app/prod/*``
    be just that, and one that does not is granted by hand or by accident. The whole name has to match *pattern*, a regular
    expression. Names that an AWS service chose are not judged.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    refuse_owned(secret)
    try:
        follows = re.fullmatch(pattern, secret.name)
    except re.error as wrong:
        raise Undecided(f"the pattern {pattern} is no regular expression: {wrong}") from wrong
    if not follows:
        yield Problem("its name does not follow the convention", expected=pattern, found=secret.name)
