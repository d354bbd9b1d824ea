from collections.abc import Iterator

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.kms import Key


_YEAR = 365


@check(
    "kms-rotation",
    title="Customer symmetric keys rotate",
    severity=Severity.MEDIUM,
    equivalents=("prowler:kms_cmk_rotation_enabled",),
    remediation=Remediation(
        text="Turn on automatic rotation. Key id, ARN, aliases and what is encrypted stay as they are; only the key "
        "material for what is encrypted from then on is new.",
        cli="aws kms enable-key-rotation --region {region} --key-id {id}",
        terraform='resource "aws_kms_key" "this" {\n  enable_key_rotation = true\n}',
        url="https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html",
    ),
)
def rotation(key: Key) -> Iterator[Problem | Note]:
    """
    Without rotation one piece of key material protects everything that was ever encrypted under the key. Rotation bounds
    how much that is, costs nothing in operation, and decrypts old data as before. Judged are enabled symmetric keys with
    material from KMS that the customer manages, primaries only; other keys cannot rotate by themselves, or not here.
    """
    _refuse_those_that_cannot(key)
    if not key.rotates:
        yield Problem("automatic rotation is off", expected="on", found="off")
    elif key.rotation_days and key.rotation_days > _YEAR:
        yield Note(f"it rotates every {key.rotation_days} days, less often than once a year")


def _refuse_those_that_cannot(key: Key) -> None:
    if key.manager != "CUSTOMER":
        raise NotApplicable("AWS manages the key and rotates it every year")
    if key.spec != "SYMMETRIC_DEFAULT":
        raise NotApplicable(f"{key.spec} keys cannot rotate by themselves")
    if key.origin != "AWS_KMS":
        raise NotApplicable(f"its material comes from outside KMS ({key.origin}) and cannot rotate by itself")
    if key.state != "Enabled":
        raise NotApplicable(f"it is not in use: {key.state}")
    if key.multi_region_kind == "REPLICA":
        raise NotApplicable(f"rotation is set at its primary, {key.primary_arn}")
    if key.rotation_error:
        raise NotApplicable(f"AWS says that it cannot rotate: {key.rotation_error}")
