"""
Who watches the account: GuardDuty, Security Hub and Access Analyzer at home, and the vaults of AWS Backup.

At home GuardDuty watches clusters and its findings reach somebody; at the standby it is suspended, in us-east-1 it watches
nothing but the logs. Security Hub and Access Analyzer are on at home only.
"""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.front import Refusal


_STANDBY: Final = "eu-west-1"
_DETECTORS: Final = {
    HOME: ("12abc34d567e8fa901bc2d34e56789f0", "ENABLED", ("S3_DATA_EVENTS", "EKS_AUDIT_LOGS")),
    _STANDBY: ("22abc34d567e8fa901bc2d34e56789f0", "ENABLED", ("RDS_LOGIN_EVENTS",)),
}
_ANALYZER: Final = f"arn:aws:access-analyzer:{HOME}:{ACCOUNT}:analyzer/account"
_QUIET: Final = f"arn:aws:access-analyzer:{_STANDBY}:{ACCOUNT}:analyzer/unused"
_VAULTS: Final = {"nightly": True, "weekly": False}

Params = Mapping[str, Any]


def build(company: Company) -> None:
    """Build it."""
    for operation, answer in (
        ("ListDetectors", _detectors),
        ("GetDetector", _detector),
        ("GetAdministratorAccount", lambda _, __: {"Administrator": {}}),
        ("ListPublishingDestinations", lambda _, __: {"Destinations": []}),
    ):
        company.front.answer("guardduty", operation, answer)
    company.front.answer("securityhub", "DescribeHub", _hub)
    company.front.answer("securityhub", "GetEnabledStandards", _standards)
    company.front.answer("accessanalyzer", "ListAnalyzers", _analyzers)
    company.front.answer("accessanalyzer", "ListFindingsV2", _findings)
    company.front.answer("backup", "ListBackupVaults", _vaults)
    company.front.answer("backup", "GetBackupVaultAccessPolicy", _vault_policy)
    company.front.answer("backup", "ListRecoveryPointsByBackupVault", _points)
    events = company.client("events")
    pattern = {"source": ["aws.guardduty"], "detail": {"severity": [{"numeric": [">=", 4]}]}}
    events.put_rule(Name="guardduty-findings", EventPattern=json.dumps(pattern))
    topic = company.client("sns").create_topic(Name="oncall")["TopicArn"]
    events.put_targets(Rule="guardduty-findings", Targets=[{"Id": "oncall", "Arn": topic}])


def _detectors(_: Params, region: str) -> Params:
    return {"DetectorIds": [_DETECTORS[region][0]] if region in _DETECTORS else []}


def _detector(_: Params, region: str) -> Params:
    status, features = _DETECTORS[region][1:]
    return {
        "Status": status,
        "ServiceRole": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty",
        "Features": [{"Name": name, "Status": "ENABLED"} for name in features],
    }


def _hub(_: Params, region: str) -> Params:
    if region != HOME:
        raise Refusal("InvalidAccessException", "Account is not subscribed to AWS Security Hub", 401)

    return {"HubArn": f"arn:aws:securityhub:{region}:{ACCOUNT}:hub/default"}


def _standards(_: Params, region: str) -> Params:
    standard = f"arn:aws:securityhub:{region}::standards/aws-foundational-security-best-practices/v/1.0.0"
    subscription = (
        f"arn:aws:securityhub:{region}:{ACCOUNT}:subscription/aws-foundational-security-best-practices/v/1.0.0"
    )
    told = {"StandardsArn": standard, "StandardsSubscriptionArn": subscription, "StandardsInput": {}}

    return {"StandardsSubscriptions": [{**told, "StandardsStatus": "READY"}]}


def _analyzers(_: Params, region: str) -> Params:
    arn = {HOME: _ANALYZER, _STANDBY: _QUIET}.get(region)
    if arn is None:
        return {"analyzers": []}
    told = {"arn": arn, "name": arn.rpartition("/")[2], "type": "ACCOUNT", "createdAt": "2025-03-01T00:00:00Z"}

    return {"analyzers": [{**told, "status": "ACTIVE"}]}


def _findings(params: Params, _: str) -> Params:
    if params["analyzerArn"] != _ANALYZER:
        return {"findings": []}
    moment = "2026-11-20T06:00:00Z"
    finding = {
        "id": "7f2d6a1e-0c53-4e0c-9a2a-b1f9a24f5f10",
        "resource": "arn:aws:s3:::northlight-site",
        "resourceType": "AWS::S3::Bucket",
        "resourceOwnerAccount": ACCOUNT,
        "status": "ACTIVE",
        "findingType": "ExternalAccess",
        "analyzedAt": moment,
        "createdAt": moment,
        "updatedAt": moment,
    }

    return {"findings": [finding]}


def _vaults(_: Params, region: str) -> Params:
    if region != HOME:
        return {"BackupVaultList": []}
    return {
        "BackupVaultList": [
            {
                "BackupVaultName": name,
                "BackupVaultArn": f"arn:aws:backup:{region}:{ACCOUNT}:backup-vault:{name}",
                "VaultType": "BACKUP_VAULT",
                "CreationDate": "2025-03-01T00:00:00Z",
                "NumberOfRecoveryPoints": 1,
                "Locked": locked,
            }
            for name, locked in _VAULTS.items()
        ]
    }


def _vault_policy(params: Params, region: str) -> Params:
    name = params["BackupVaultName"]
    if _VAULTS[name]:
        raise Refusal("ResourceNotFoundException", "there is no policy")
    statement = {
        "Sid": "Copies",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "backup:CopyIntoBackupVault",
        "Resource": "*",
    }
    arn = f"arn:aws:backup:{region}:{ACCOUNT}:backup-vault:{name}"

    return {
        "BackupVaultName": name,
        "BackupVaultArn": arn,
        "Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    }


def _points(params: Params, region: str) -> Params:
    name = params["BackupVaultName"]
    number = "1eb3b5e7-9eb0-435a-a80b-108b488b0d45" if name == "nightly" else "2eb3b5e7-9eb0-435a-a80b-108b488b0d45"
    return {
        "RecoveryPoints": [
            {
                "RecoveryPointArn": f"arn:aws:backup:{region}:{ACCOUNT}:recovery-point:{number}",
                "BackupVaultName": name,
                "BackupVaultArn": f"arn:aws:backup:{region}:{ACCOUNT}:backup-vault:{name}",
                "ResourceArn": f"arn:aws:rds:{region}:{ACCOUNT}:db:deposits",
                "ResourceType": "RDS",
                "Status": "COMPLETED",
                "IsEncrypted": name == "nightly",
            }
        ]
    }
