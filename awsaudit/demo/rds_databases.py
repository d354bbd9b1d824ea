"""
The company's databases: sound ones for deposits and the beacon chain, laxer ones beside them.

At home: the instances ``deposits``, ``withdrawals`` with its replica ``withdrawals-reports``, ``rewards``, ``faucet`` and
``archive``; the clusters ``beacon``, ``signer``, ``attestations``, ``payouts``, ``ledger``, ``explorer``, and the Neptune
cluster ``provenance``. At the standby: ``beacon-standby``, the secondary of the global database ``beacon-world``. The
subnet groups are ``databases`` (private subnets, also at the standby), ``edge`` (public ones) and ``default``.

Leaves ``rds`` in `Company.ids`: what moto does not keep of each database, by region and name, to be added to.
"""

from __future__ import annotations

import datetime

from collections.abc import Iterable, Mapping
from secrets import token_urlsafe
from typing import Any, Final

from awsaudit.demo.company import HOME, Company


STANDBY: Final = "eu-west-1"
USER: Final = "operator"
AURORA: Final = {"Engine": "aurora-postgresql", "EngineVersion": "16.6"}
POSTGRES: Final = {"Engine": "postgres", "EngineVersion": "17.4"}
MYSQL: Final = {"Engine": "mysql", "EngineVersion": "8.4.5"}

Described = dict[tuple[str, str], dict[str, Any]]


def build(company: Company) -> None:
    """Build them."""
    described: Described = {}
    company.ids["rds"] = described
    _subnet_groups(company)
    _instances(company)
    _clusters(company)
    _describe(company, described)
    _answer(company, described)


# What there is


def _subnet_groups(company: Company) -> None:
    default = company.client("ec2").describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])
    groups = (
        (HOME, "databases", company.ids["subnets:private"]),
        (HOME, "edge", company.ids["subnets:public"]),
        (HOME, "default", [subnet["SubnetId"] for subnet in default["Subnets"]]),
        (STANDBY, "databases", company.ids["subnets:private@eu-west-1"]),
    )
    for region, name, subnets in groups:
        company.client("rds", region).create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnets
        )


def _instances(company: Company) -> None:
    """Make the instances that are not members of clusters."""
    rds = company.client("rds")
    kms = company.client("kms")
    key = kms.create_key(Description="Master passwords")["KeyMetadata"]["KeyId"]
    sound = {"StorageEncrypted": True, "BackupRetentionPeriod": 14, "DeletionProtection": True}
    for name, settings in {
        "deposits": {**POSTGRES, **sound, "MultiAZ": True, "ManageMasterUserPassword": True},
        "withdrawals": {**POSTGRES, **sound, "BackupRetentionPeriod": 3},
        "rewards": {
            **MYSQL,
            "BackupRetentionPeriod": 0,
            "AutoMinorVersionUpgrade": False,
            "PubliclyAccessible": True,
            "DBSubnetGroupName": "edge",
            "VpcSecurityGroupIds": [company.ids["sg:open"]],
        },
        "faucet": {**POSTGRES, **sound, "PubliclyAccessible": True, "DBSubnetGroupName": "edge"},
        "archive": {
            "Engine": "mariadb",
            "EngineVersion": "11.4.5",
            **sound,
            "DBSubnetGroupName": "default",
            "VpcSecurityGroupIds": [_default_group(company)],
            "ManageMasterUserPassword": True,
            "MasterUserSecretKmsKeyId": key,
        },
    }.items():
        usual = {
            "DBInstanceClass": "db.m7g.large",
            "AllocatedStorage": 100,
            "DBSubnetGroupName": "databases",
            "VpcSecurityGroupIds": [company.ids["sg:closed"]],
            "AutoMinorVersionUpgrade": True,
            "MasterUsername": USER,
            "Tags": [{"Key": "team", "Value": "staking"}],
        }
        password = {} if "ManageMasterUserPassword" in settings else {"MasterUserPassword": token_urlsafe(16)}
        rds.create_db_instance(DBInstanceIdentifier=name, **usual | password | settings)
    kms.disable_key(KeyId=key)
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="withdrawals-reports",
        SourceDBInstanceIdentifier="withdrawals",
        DBInstanceClass="db.m7g.large",
        AvailabilityZone=f"{HOME}b",
    )


def _default_group(company: Company) -> str:
    """Return the default security group of the default VPC."""
    ec2 = company.client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    return str(ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"])


def _clusters(company: Company) -> None:
    """Make the clusters with their members."""
    rds = company.client("rds")
    key = company.client("kms").create_key(Description="Databases")["KeyMetadata"]["Arn"]
    sound: dict[str, Any] = {"BackupRetentionPeriod": 14, "DeletionProtection": True}
    _cluster(company, "beacon", "ab", **AURORA, **sound, StorageEncrypted=True, KmsKeyId=key)
    _cluster(company, "signer", "aa", Engine="aurora-mysql", EngineVersion="8.0.mysql_aurora.3.08.2")
    _cluster(company, "attestations", "ac", **AURORA, **sound)
    _cluster(company, "payouts", "abc", **POSTGRES, **sound, StorageEncrypted=True, ManageMasterUserPassword=True)
    _cluster(company, "ledger", "abc", **MYSQL, **sound, StorageEncrypted=True, AutoMinorVersionUpgrade=False)
    _cluster(company, "explorer", "", **AURORA, **sound)
    rds.create_db_cluster(DBClusterIdentifier="provenance", Engine="neptune", DBSubnetGroupName="databases")
    _cluster(company, "beacon-standby", "a", STANDBY, **AURORA, **sound, StorageEncrypted=True)


def _cluster(company: Company, name: str, zones: Iterable[str], region: str = HOME, **settings: Any) -> None:
    rds = company.client("rds", region)
    group = company.ids["sg:closed" if region == HOME else f"sg:closed@{region}"]
    password = {} if "ManageMasterUserPassword" in settings else {"MasterUserPassword": token_urlsafe(16)}
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        DBSubnetGroupName="databases",
        VpcSecurityGroupIds=[group],
        MasterUsername=USER,
        **password,
        **settings,
    )
    for number, zone in enumerate(zones, start=1):
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-{number}",
            DBClusterIdentifier=name,
            DBInstanceClass="db.r7g.large",
            DBSubnetGroupName="databases",
            Engine=settings["Engine"],
            AvailabilityZone=f"{region}{zone}",
            AutoMinorVersionUpgrade=name != "signer",
        )


# What moto does not keep of it


def _describe(company: Company, described: Described) -> None:
    now = company.today.replace(microsecond=0)
    world = {"GlobalClusterIdentifier": "beacon-world"}
    described |= {
        (HOME, "deposits"): {"SecondaryAvailabilityZone": f"{HOME}b"},
        (HOME, "withdrawals-reports"): {"LatestRestorableTime": None, "BackupRetentionPeriod": 0},
        (HOME, "rewards"): {"LatestRestorableTime": None},
        (HOME, "archive"): {"LatestRestorableTime": now - datetime.timedelta(days=3, hours=2)},
        (HOME, "beacon"): {**world, "StorageEncryptionType": "sse-kms"},
        (HOME, "signer"): {"StorageEncryptionType": "none"},
        # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html (the key that AWS owns)
        (HOME, "attestations"): {"StorageEncryptionType": "sse-rds"},
        (HOME, "payouts"): {"DBClusterInstanceClass": "db.m7gd.large"},
        (HOME, "ledger"): {"DBClusterInstanceClass": "db.m7gd.large"},
        (HOME, "explorer"): {
            "StorageEncryptionType": "sse-rds",
            "VPCNetworkingEnabled": False,
            "InternetAccessGatewayEnabled": True,
            "DBSubnetGroup": None,
            "VpcSecurityGroups": [],
        },
        (STANDBY, "beacon-standby"): world,
    }
    secret = company.client("rds").describe_db_instances(DBInstanceIdentifier="archive")["DBInstances"][0]
    described[HOME, "archive"]["MasterUserSecret"] = {**secret["MasterUserSecret"], "SecretStatus": "impaired"}


def _answer(company: Company, described: Described) -> None:
    created = company.today.replace(microsecond=0) - datetime.timedelta(days=200)

    def describe(database: dict[str, Any], name: str, region: str, when: str) -> None:
        database[when] = created
        database |= described.get((region, name), {})
        for gone in [field for field, value in database.items() if value is None]:
            del database[gone]

    def instances(parsed: dict[str, Any], _: Mapping[str, Any], region: str) -> None:
        for instance in parsed["DBInstances"]:
            describe(instance, instance["DBInstanceIdentifier"], region, "InstanceCreateTime")

    def clusters(parsed: dict[str, Any], _: Mapping[str, Any], region: str) -> None:
        for cluster in parsed["DBClusters"]:
            describe(cluster, cluster["DBClusterIdentifier"], region, "ClusterCreateTime")

    def world(_: Mapping[str, Any], __: str) -> Mapping[str, Any]:
        members = [(HOME, "beacon", True), (STANDBY, "beacon-standby", False)]
        return {
            "GlobalClusters": [
                {
                    "GlobalClusterIdentifier": "beacon-world",
                    "GlobalClusterArn": f"arn:aws:rds::{company.account}:global-cluster:beacon-world",
                    "GlobalClusterMembers": [
                        {"DBClusterArn": f"arn:aws:rds:{region}:{company.account}:cluster:{name}", "IsWriter": writer}
                        for region, name, writer in members
                    ],
                }
            ]
        }

    def protected(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        arn = f"arn:aws:rds:{HOME}:{company.account}:db:withdrawals"
        last = company.today - datetime.timedelta(hours=9)
        results = [{"ResourceArn": arn, "ResourceType": "RDS", "LastBackupTime": last}]
        return {"Results": results if region == HOME else []}

    company.front.amend("rds", "DescribeDBInstances", instances)
    company.front.amend("rds", "DescribeDBClusters", clusters)
    company.front.answer("rds", "DescribeGlobalClusters", world)
    company.front.answer("backup", "ListProtectedResources", protected)
