from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned, refuse_replica


@check(
    "secretsmanager-tags",
    title="Secrets carry owner, environment and rotation tags",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Tag the secret with `aws secretsmanager tag-resource`; only its owner knows the values. Set *required* to the "
        "tags that you use.",
        cli=None,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/managing-secrets_tagging.html",
    ),
)
def tags(
    secret: Secret, *, required: tuple[str, ...] = ("owner|team", "environment|env|stage", "rotation")
) -> Iterator[Problem]:
    """
    When a credential leaks, somebody has to be asked at once what it opens and whether it may be changed. Each element of
    *required* is a key that the secret has to carry, in any case of letters, or several with a bar between them, of which
    one is enough. Secrets that an AWS service made for itself are not judged.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    refuse_owned(secret)
    carried = {key.lower() for key in secret.tags}
    missing = [keys for keys in required if not carried & set(keys.lower().split("|"))]
    if missing:
        yield Problem(
            f"it has no tag {', '.join(keys.replace('|', ' or ') for keys in missing)}",
            expected=", ".join(required),
            found=", ".join(sorted(secret.tags)) or "none",
        )
