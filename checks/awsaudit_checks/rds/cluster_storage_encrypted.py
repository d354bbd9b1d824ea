from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.encryption import is_encrypted
from awsaudit_checks.rds.scope import is_aurora, refuse_outside_scope


SNAPSHOT = (
    'SNAPSHOT={name}-"$(date +%Y%m%d%H%M)" && '
    "aws rds create-db-cluster-snapshot --region {region} --db-cluster-identifier {name} "
    '--db-cluster-snapshot-identifier "$SNAPSHOT" && '
    'aws rds wait db-cluster-snapshot-available --region {region} --db-cluster-snapshot-identifier "$SNAPSHOT" && '
)
RESTORE = (
    "aws rds restore-db-cluster-from-snapshot --region {region} --db-cluster-identifier {restored} "
    '--snapshot-identifier "$SNAPSHOT" --engine {engine} --engine-version {engine_version} --kms-key-id alias/aws/rds '
    "--db-subnet-group-name {subnet_group}"
)
# A restored Aurora cluster has no members, a Multi-AZ cluster must be told the class of its three.
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html
AURORA_FIX = (
    SNAPSHOT
    + RESTORE
    + " && aws rds wait db-cluster-available --region {region} --db-cluster-identifier {restored} && "
    "aws rds create-db-instance --region {region} --db-cluster-identifier {restored} --db-instance-identifier "
    '{restored}-1 --engine {engine} --db-instance-class "$(aws rds describe-db-instances --region {region} '
    "--filters Name=db-cluster-id,Values={name} --query 'DBInstances[0].DBInstanceClass' --output text)\""
)
SERVERLESS_FIX = SNAPSHOT + RESTORE + " --engine-mode serverless"
MULTI_AZ_FIX = (
    SNAPSHOT + RESTORE + ' --db-cluster-instance-class "$(aws rds describe-db-clusters --region {region} '
    "--db-cluster-identifier {name} --query 'DBClusters[0].DBClusterInstanceClass' --output text)\""
)


@check(
    "rds-cluster-storage-encrypted",
    title="Cluster storage is encrypted",
    severity=Severity.HIGH,
    equivalents=("prowler:rds_cluster_storage_encrypted",),
    remediation=Remediation(
        text="Storage cannot be encrypted in place: restore a snapshot under a KMS key. The commands leave the old cluster as "
        "it is; once applications use the new one, delete the old one and its snapshots.",
        cli=AURORA_FIX,
        terraform='resource "aws_rds_cluster" "this" {\n  storage_encrypted = true\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html",
    ),
)
def cluster_storage_encrypted(cluster: DBCluster) -> Iterator[Problem]:
    """
    Whoever gets hold of unencrypted storage or a snapshot of it reads the data; no key policy stands in the way. A KMS key
    passes, and so does the key that AWS owns, which encrypts every Aurora cluster made since February 2026 and which the
    old flag does not tell.
    """
    refuse_outside_scope(cluster)
    if is_encrypted(cluster):
        return
    fix = MULTI_AZ_FIX
    if is_aurora(cluster):
        fix = SERVERLESS_FIX if cluster.engine_mode == "serverless" else AURORA_FIX
    yield Problem(
        "the storage is not encrypted",
        expected="encrypted storage",
        found=cluster.encryption_type or "none",
        fill={
            "restored": f"{cluster.name[:50].rstrip('-')}-encrypted",
            "engine_version": cluster.engine_version,
            **({"subnet_group": cluster.subnet_group} if cluster.subnet_group else {}),
        },
        cli=fix,
    )
