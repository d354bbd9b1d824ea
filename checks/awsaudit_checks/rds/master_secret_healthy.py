from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit_checks.rds.scope import Database, refuse_member, refuse_outside_scope


@check(
    "rds-master-secret-healthy",
    title="RDS-managed master secrets can rotate",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Give RDS back its access: enable the secret's KMS key, and take out of the key policy and the secret's "
        "resource policy what refuses the service. Then rotate the secret.",
        cli="aws secretsmanager rotate-secret --region {region} --secret-id {secret_arn}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
    ),
)
def master_secret_healthy(database: Database) -> Iterator[Problem]:
    """
    RDS calls a secret impaired when it has lost access to it or to its key: the password still works, but is never changed
    again, and nobody is told. A secret that is active, being created or being rotated passes.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    secret = database.master_secret
    if secret is None:
        raise NotApplicable("RDS does not manage its master password")
    if secret.status == "impaired":
        key = f" under the key {secret.kms_key_id}" if secret.kms_key_id else ""
        yield Problem(
            f"RDS can no longer rotate the secret {secret.arn}{key}",
            expected="active",
            found="impaired",
            fill={"secret_arn": secret.arn} if secret.arn else {},
        )
