from collections.abc import Iterator

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned
from awsaudit_checks.secretsmanager.share import admits_other_account


_MANAGED = "alias/aws/"


@check(
    "secretsmanager-cmk",
    title="Secrets are encrypted with a customer key",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Encrypt the secret with a key of your own, and let those who read it use the key (kms:Decrypt). A replica's "
        "key is named at its primary: take the region out of the replication and put it in again with its key.",
        cli="KEY=$(aws kms create-key --region {region} --query KeyMetadata.KeyId --output text) "
        '&& aws kms enable-key-rotation --region {region} --key-id "$KEY" '
        '&& aws secretsmanager update-secret --region {region} --secret-id {secret} --kms-key-id "$KEY"',
        terraform='resource "aws_secretsmanager_secret" "this" {\n  kms_key_id = aws_kms_key.secrets.arn\n}',
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    ),
)
def cmk(secret: Secret) -> Iterator[Problem | Note]:
    """
    Under the key that AWS manages, whoever may read a secret may decrypt it: there is no key policy to stop them, and no
    switch to turn off. It also cannot be used from other accounts, so a resource policy that shares the secret with one
    does not work: that is high. Replicas are judged in their own region, with their own key.
    """
    refuse_deleted(secret)
    refuse_owned(secret)
    key = secret.kms_key_id
    if key is not None and _MANAGED not in key:
        if _of_other_account(key, secret.account):
            return
        if secret.key_error:
            yield Note(f"its key {key} does not exist (any more)")
            return
        if secret.key_manager != "AWS":
            return
    policy = secret.default_key_policy if key is None else secret.named_key_policy
    shared = admits_other_account(policy, secret)
    yield Problem(
        "it is encrypted with a key that AWS manages"
        + (", so the other accounts that its policy admits cannot read it" if shared else ""),
        expected="a customer key",
        found=key or "aws/secretsmanager",
        severity=Severity.HIGH if shared else None,
        fill={} if secret.is_replica else {"secret": secret.arn},
    )


def _of_other_account(key: str, account: str) -> bool:
    """Tell whether *key* is an ARN of another account; its AWS managed keys cannot be named from here."""
    parts = key.split(":")
    return len(parts) > 5 and parts[4] != account  # noqa: PLR2004 - an ARN has six parts
