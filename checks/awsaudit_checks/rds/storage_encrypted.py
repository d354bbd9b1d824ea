import json

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.encryption import is_encrypted
from awsaudit_checks.rds.scope import refuse_member, refuse_outside_scope


@check(
    "rds-storage-encrypted",
    title="Instance storage is encrypted",
    severity=Severity.HIGH,
    equivalents=("prowler:rds_instance_storage_encrypted",),
    remediation=Remediation(
        text="Storage cannot be encrypted in place: copy a snapshot under a KMS key and restore the copy. The commands leave "
        "the old instance as it is; once applications use the new one, delete the old one and its snapshots.",
        cli='SNAPSHOT={name}-"$(date +%Y%m%d%H%M)" && '
        "aws rds create-db-snapshot --region {region} --db-instance-identifier {name} "
        '--db-snapshot-identifier "$SNAPSHOT" && '
        'aws rds wait db-snapshot-available --region {region} --db-snapshot-identifier "$SNAPSHOT" && '
        'aws rds copy-db-snapshot --region {region} --source-db-snapshot-identifier "$SNAPSHOT" '
        '--target-db-snapshot-identifier "$SNAPSHOT"-encrypted --kms-key-id alias/aws/rds --copy-tags && '
        'aws rds wait db-snapshot-available --region {region} --db-snapshot-identifier "$SNAPSHOT"-encrypted && '
        "aws rds restore-db-instance-from-db-snapshot --region {region} --db-instance-identifier {restored} "
        '--db-snapshot-identifier "$SNAPSHOT"-encrypted --db-subnet-group-name {subnet_group} '
        "--vpc-security-group-ids {group_ids} --no-publicly-accessible",
        terraform='resource "aws_db_instance" "this" {\n  storage_encrypted = true\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    ),
)
def storage_encrypted(instance: DBInstance) -> Iterator[Problem]:
    """
    Whoever gets hold of unencrypted storage, a snapshot or a replica of it reads the data; no key policy stands in the way.
    A KMS key passes, and so does the key that AWS owns, which the old flag does not tell. Members of a cluster share the
    cluster's storage and are judged there.
    """
    refuse_outside_scope(instance)
    refuse_member(instance)
    if not is_encrypted(instance):
        yield Problem(
            "the storage is not encrypted",
            expected="encrypted storage",
            found=instance.encryption_type or "none",
            fill={
                "restored": f"{instance.name[:53].rstrip('-')}-encrypted",
                "group_ids": json.dumps([group.id for group in instance.security_groups]),
            },
        )
