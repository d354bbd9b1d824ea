from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBClusterSnapshot, DBSnapshot
from awsaudit_checks.rds.scope import OTHER_SERVICES


# Copying does not encrypt a snapshot of a cluster, restoring does.
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBClusterSnapshot.html
_CLUSTER: Final = (
    "aws rds restore-db-cluster-from-snapshot --region {region} --snapshot-identifier {arn} --engine {engine} "
    "--db-cluster-identifier {copy} --kms-key-id alias/aws/rds%s && "
    "aws rds wait db-cluster-available --region {region} --db-cluster-identifier {copy} && "
    "aws rds create-db-cluster-snapshot --region {region} --db-cluster-identifier {copy} "
    "--db-cluster-snapshot-identifier {copy} && "
    "aws rds wait db-cluster-snapshot-available --region {region} --db-cluster-snapshot-identifier {copy} && "
    "aws rds delete-db-cluster --region {region} --db-cluster-identifier {copy} --skip-final-snapshot && "
    "aws rds delete-db-cluster-snapshot --region {region} --db-cluster-snapshot-identifier {name}"
)
_AURORA: Final = _CLUSTER % ""
_MULTI_AZ: Final = _CLUSTER % " --db-cluster-instance-class db.m6gd.large"


@check(
    "rds-snapshot-encrypted",
    title="Manual snapshots are encrypted",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_snapshots_encrypted",),
    remediation=Remediation(
        text="Make an encrypted copy and delete the original once the copy is there. Give a key of your own in place of "
        "alias/aws/rds if other accounts shall restore the copy.",
        cli="aws rds copy-db-snapshot --region {region} --source-db-snapshot-identifier {name} "
        "--target-db-snapshot-identifier {copy} --kms-key-id alias/aws/rds --copy-tags && "
        "aws rds wait db-snapshot-available --region {region} --db-snapshot-identifier {copy} && "
        "aws rds delete-db-snapshot --region {region} --db-snapshot-identifier {name}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    ),
)
def snapshot_encrypted(snapshot: DBSnapshot | DBClusterSnapshot) -> Iterator[Problem]:
    """
    A manual snapshot outlives its database, and unencrypted it can be shared with anyone, even publicly, by one call that no
    key policy stops. Encryption with a KMS key passes, and so does that with a key AWS owns. Automated snapshots follow
    their database.
    """
    if snapshot.engine in OTHER_SERVICES:
        raise NotApplicable(f"a snapshot of {OTHER_SERVICES[snapshot.engine]}, not of RDS")
    if not snapshot.encrypted and snapshot.encryption_type not in {"sse-kms", "sse-rds"}:
        yield Problem(
            "it is not encrypted",
            expected="sse-kms or sse-rds",
            found=snapshot.encryption_type or "none",
            fill={"copy": f"{snapshot.name}-encrypted"},
            cli=_command(snapshot),
        )


def _command(snapshot: DBSnapshot | DBClusterSnapshot) -> str | None:
    if isinstance(snapshot, DBSnapshot):
        return None

    return _AURORA if snapshot.engine.startswith("aurora") else _MULTI_AZ
