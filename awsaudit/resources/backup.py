"""
AWS Backup.

https://docs.aws.amazon.com/aws-backup/latest/devguide/api-reference.html
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Kind, Resource
from awsaudit.parser import document, flag, integer, optional_flag, optional_moment, optional_text, text


PROTECTED = Call("ListProtectedResources", result="Results[]")


class ProtectedResource(Resource):
    """A resource of which AWS Backup holds a recovery point."""

    service: ClassVar[str] = "backup"
    type: ClassVar[str] = "AWS::Backup::ProtectedResource"
    listing: ClassVar[Call] = PROTECTED
    label: ClassVar[str] = "arn"

    arn = Fact(PROTECTED, "ResourceArn", text, "The ARN of the resource itself.")
    last_backup = Fact(PROTECTED, "LastBackupTime", optional_moment, "When it was last backed up.")


VAULTS = Call("ListBackupVaults", result="BackupVaultList[]")
VAULT_POLICY = Call(
    "GetBackupVaultAccessPolicy",
    params={"BackupVaultName": "$BackupVaultName"},
    absent=("ResourceNotFoundException",),
)
POINTS = Call(
    "ListRecoveryPointsByBackupVault",
    result="RecoveryPoints[]",
    params={"BackupVaultName": "$parent:BackupVaultName"},
    gone=("ResourceNotFoundException",),
)


class BackupVault(Resource):
    """A vault, which holds recovery points."""

    service: ClassVar[str] = "backup"
    type: ClassVar[str] = "AWS::Backup::BackupVault"
    listing: ClassVar[Call] = VAULTS

    arn = Fact(VAULTS, "BackupVaultArn", text, "The vault's ARN.")
    name = Fact(VAULTS, "BackupVaultName", text, "The vault's name.")
    kind = Fact(VAULTS, "VaultType || 'BACKUP_VAULT'", text, "``BACKUP_VAULT``, or an air-gapped or shared one.")
    points = Fact(VAULTS, "NumberOfRecoveryPoints || `0`", integer, "How many recovery points it holds.")
    locked = Fact(VAULTS, "Locked", flag, "A lock keeps recovery points for the time that it says.")
    policy = Fact(VAULT_POLICY, "Policy", document, "Its access policy; unset without one.")


class RecoveryPoint(Resource):
    """A recovery point: a backup of one resource at one moment."""

    service: ClassVar[str] = "backup"
    type: ClassVar[str] = "AWS::Backup::RecoveryPoint"
    listing: ClassVar[Call] = POINTS
    parent: ClassVar[Kind] = BackupVault
    label: ClassVar[str] = "arn"

    arn = Fact(POINTS, "RecoveryPointArn", text, "The recovery point's ARN.")
    status = Fact(POINTS, "Status", text, "``COMPLETED``, ``AVAILABLE``, ``PARTIAL``, ``EXPIRED`` and so on.")
    encrypted = Fact(POINTS, "IsEncrypted", optional_flag, "Whether it is encrypted; unset if AWS does not tell.")
    of = Fact(POINTS, "ResourceArn", optional_text, "The ARN of what was backed up.")
