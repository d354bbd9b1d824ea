"""
The company's database snapshots, proxies and parameters, and the databases that nobody looked after.

At home: the instances ``proofs`` and ``indexer``, the cluster ``validators``, the proxies ``rewards`` and ``withdrawals``,
the subnet group ``narrow`` in two zones and the unused ``spare``, and manual snapshots of ``rewards``, ``withdrawals``,
``deposits``, ``signer`` and ``validators``. The organization has two accounts more: one for backups, one for the website.
"""

from __future__ import annotations

import datetime

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import HOME, NAME, Company
from awsaudit.demo.rds_engines import answer_engines


AUDITOR: Final = "210987654321"
"""An account of nobody's: that of last year's auditor."""


def build(company: Company) -> None:
    """Build them."""
    answer_engines(company)
    _databases(company)
    _describe(company)
    _snapshots(company, _backup_account(company))
    _proxies(company)


def _databases(company: Company) -> None:
    rds = company.client("rds")
    private = company.ids["subnets:private"]
    for name, subnets in (("narrow", private[:2]), ("spare", private)):
        rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnets)
    usual = {
        "DBSubnetGroupName": "databases",
        "VpcSecurityGroupIds": [company.ids["sg:closed"]],
        "StorageEncrypted": True,
        "DeletionProtection": True,
        "BackupRetentionPeriod": 14,
        "AutoMinorVersionUpgrade": True,
        "ManageMasterUserPassword": True,
        "MasterUsername": "operator",
    }
    for name, engine, version in (("proofs", "postgres", "13.20"), ("indexer", "mariadb", "10.6.14")):
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            Engine=engine,
            EngineVersion=version,
            DBInstanceClass="db.m6g.large",
            AllocatedStorage=200,
            MultiAZ=True,
            **usual | {"DBSubnetGroupName": "narrow"},
        )
    _parameters(rds)
    rds.create_db_cluster(
        DBClusterIdentifier="validators",
        Engine="aurora-mysql",
        EngineVersion="8.0.mysql_aurora.3.10.1",
        DBClusterParameterGroupName="validators",
        **usual,
    )
    for number, zone in enumerate("ab", start=1):
        rds.create_db_instance(
            DBInstanceIdentifier=f"validators-{number}",
            DBClusterIdentifier="validators",
            Engine="aurora-mysql",
            DBInstanceClass="db.r7g.large",
            DBSubnetGroupName="databases",
            AvailabilityZone=f"{HOME}{zone}",
        )


def _parameters(rds: Any) -> None:
    """Make the parameter groups of validators, sound, and of rewards, whose TLS nobody requires."""
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="validators", DBParameterGroupFamily="aurora-mysql8.0", Description="TLS and audits"
    )
    values = {
        "require_secure_transport": "ON",
        "server_audit_logging": "1",
        "server_audit_events": "CONNECT,QUERY_DCL,QUERY_DDL",
    }
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName="validators",
        Parameters=[
            {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "immediate"}
            for name, value in values.items()
        ],
    )
    rds.create_db_parameter_group(
        DBParameterGroupName="rewards", DBParameterGroupFamily="mysql8.4", Description="Larger packets"
    )
    rds.modify_db_instance(DBInstanceIdentifier="rewards", DBParameterGroupName="rewards")


# What moto does not keep


def _describe(company: Company) -> None:
    """Add certificates and log exports to what is described of the databases."""
    today = company.today.replace(microsecond=0)
    fine = today + datetime.timedelta(days=290)
    exported = {
        "deposits": ["postgresql", "upgrade"],
        "withdrawals": ["postgresql"],
        "withdrawals-reports": ["postgresql"],
        "rewards": ["error"],
        "beacon": ["postgresql"],
        "payouts": ["postgresql"],
        "validators": ["audit"],
    }
    certificates = {
        "rewards": ("rds-ca-2019", datetime.datetime(2024, 8, 22, 17, 8, 50, tzinfo=datetime.UTC)),
        "archive": ("rds-ca-rsa2048-g1", today + datetime.timedelta(days=61)),
        "faucet": ("rds-ca-2019", today + datetime.timedelta(days=150)),
    }
    described = company.ids["rds"]
    for name, types in exported.items():
        described.setdefault((HOME, name), {})["EnabledCloudwatchLogsExports"] = types
    described[HOME, "faucet"] = {
        **described.get((HOME, "faucet"), {}),
        "PendingModifiedValues": {"CACertificateIdentifier": "rds-ca-rsa2048-g1"},
    }

    def certify(database: dict[str, Any], name: str) -> None:
        authority, until = certificates.get(name, ("rds-ca-rsa2048-g1", fine))
        database["CertificateDetails"] = {"CAIdentifier": authority, "ValidTill": until}

    def instances(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for instance in parsed["DBInstances"]:
            certify(instance, instance["DBInstanceIdentifier"])
            instance["CACertificateIdentifier"] = instance["CertificateDetails"]["CAIdentifier"]

    def clusters(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for cluster in parsed["DBClusters"]:
            if cluster["Engine"] in {"mysql", "postgres"}:
                certify(cluster, cluster["DBClusterIdentifier"])

    company.front.amend("rds", "DescribeDBInstances", instances)
    company.front.amend("rds", "DescribeDBClusters", clusters)


# Snapshots and the accounts that they are shared with


def _backup_account(company: Company) -> str:
    """Make the organization, and return the id of its account for backups."""
    organizations = company.client("organizations", "us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    made = [
        organizations.create_account(AccountName=f"{NAME}-{name}", Email=f"aws+{name}@northlight.example")
        for name in ("backup", "website")
    ]

    return str(made[0]["CreateAccountStatus"]["AccountId"])


def _snapshots(company: Company, backup: str) -> None:
    rds = company.client("rds")
    for database, name, shared in (
        ("rewards", "rewards-before-migration", ["all"]),
        ("withdrawals", "withdrawals-audit", [AUDITOR]),
        ("deposits", "deposits-genesis", [backup]),
    ):
        rds.create_db_snapshot(DBInstanceIdentifier=database, DBSnapshotIdentifier=name)
        rds.modify_db_snapshot_attribute(DBSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=shared)
    for cluster in ("signer", "validators"):
        rds.create_db_cluster_snapshot(DBClusterIdentifier=cluster, DBClusterSnapshotIdentifier=f"{cluster}-handover")


def _proxies(company: Company) -> None:
    for name, family, tls in (("rewards", "MYSQL", False), ("withdrawals", "POSTGRESQL", True)):
        company.client("rds").create_db_proxy(
            DBProxyName=name,
            EngineFamily=family,
            Auth=[
                {
                    "AuthScheme": "SECRETS",
                    "SecretArn": f"arn:aws:secretsmanager:{HOME}:{company.account}:secret:{name}-proxy",
                    "IAMAuth": "DISABLED",
                }
            ],
            RoleArn=f"arn:aws:iam::{company.account}:role/{NAME}-proxy",
            VpcSubnetIds=company.ids["subnets:private"],
            VpcSecurityGroupIds=[company.ids["sg:closed"]],
            RequireTLS=tls,
        )
