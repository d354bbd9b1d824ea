from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.exemption import refuse_exempt
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned, refuse_replica


@check(
    "secretsmanager-rotation-enabled",
    title="Secrets rotate automatically",
    severity=Severity.MEDIUM,
    equivalents=("prowler:secretsmanager_automatic_rotation_enabled",),
    remediation=Remediation(
        text="Turn on rotation with a rotation function; AWS has templates for databases and one to write your own from. "
        "Where a function is still attached from before, the command turns rotation on again, from its next window on.",
        cli="aws secretsmanager rotate-secret --region {region} --secret-id {arn} "
        "--rotation-lambda-arn {rotation_function} --rotation-rules AutomaticallyAfterDays=30 --no-rotate-immediately",
        terraform='resource "aws_secretsmanager_secret_rotation" "this" {\n  secret_id           = {arn}\n'
        "  rotation_lambda_arn = {rotation_function}\n\n  rotation_rules {\n    automatically_after_days = 30\n  }\n}",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
    ),
)
def rotation_enabled(secret: Secret, *, exempt_tag: str = "") -> Iterator[Problem]:
    """
    A credential that never changes is as good years after it leaked as on the first day. Rotation by a function, by AWS
    itself or by a partner passes. Secrets that an AWS service made for itself are that service's business, replicas
    follow their primary, and *exempt_tag* names a tag for those that cannot rotate.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    refuse_owned(secret)
    refuse_exempt(secret.tags, exempt_tag)
    if not secret.rotates:
        before = f"; {secret.rotation_function} used to rotate it" if secret.rotation_function else ""
        yield Problem(f"rotation is off{before}", expected="on", found="off")
