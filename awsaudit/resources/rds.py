"""
Amazon RDS and Aurora. Its calls also return the databases of Neptune and DocumentDB.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/
"""

from __future__ import annotations

import datetime

from typing import ClassVar

from attrs import evolve, frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import (
    flag,
    integer,
    many,
    moment,
    optional,
    optional_flag,
    optional_integer,
    optional_moment,
    optional_text,
    record,
    text,
    texts,
)
from awsaudit.parser import tags as tag_map


INSTANCES = Call("DescribeDBInstances", result="DBInstances[]")
CLUSTERS = Call("DescribeDBClusters", result="DBClusters[]")
GLOBAL_CLUSTERS = Call("DescribeGlobalClusters", result="GlobalClusters[]")
SUBNET_GROUPS = Call("DescribeDBSubnetGroups", result="DBSubnetGroups[]")
PROXIES = Call("DescribeDBProxies", result="DBProxies[]")
EVENT_SUBSCRIPTIONS = Call("DescribeEventSubscriptions", result="EventSubscriptionsList[]")
# Only manual snapshots can be shared, and only they outlive their database for good. There may be a hundred times as many
# automated ones, whose settings are the database's.
SNAPSHOTS = Call("DescribeDBSnapshots", result="DBSnapshots[]", params={"SnapshotType": "manual"})
CLUSTER_SNAPSHOTS = Call("DescribeDBClusterSnapshots", result="DBClusterSnapshots[]", params={"SnapshotType": "manual"})

# Sent once for each version in use, whatever the number of databases. An EngineVersion may name a whole series of versions,
# so that several come back.
RELEASES = Call(
    "DescribeDBEngineVersions",
    result="DBEngineVersions[]",
    params={"Engine": "$Engine", "EngineVersion": "$EngineVersion", "IncludeAll": True},
    when='$!(starts_with(Engine, \'custom-\') || contains(`["neptune", "docdb"]`, Engine))',
)
# What can be switched on with a version and an instance class.
ORDERABLE = Call(
    "DescribeOrderableDBInstanceOptions",
    result="OrderableDBInstanceOptions[]",
    params={"Engine": "$Engine", "EngineVersion": "$EngineVersion", "DBInstanceClass": "$DBInstanceClass"},
    when='$!(starts_with(Engine, \'custom-\') || contains(`["neptune", "docdb"]`, Engine))',
)
# AWS tells lifecycles of open-source engines only.
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SupportedEngineLifecycle.html
LIFECYCLES = Call(
    "DescribeDBMajorEngineVersions",
    result="DBMajorEngineVersions[]",
    params={"Engine": "$Engine"},
    when='$contains(`["mysql", "postgres", "aurora-mysql", "aurora-postgresql"]`, Engine)',
)
PROXY_TARGETS = Call(
    "DescribeDBProxyTargets",
    result="Targets[]",
    params={"DBProxyName": "$DBProxyName"},
    gone=("DBProxyNotFoundFault",),
)
AUTHORITIES = Call("DescribeCertificates", result="Certificates[]", when="$CertificateDetails.ValidTill")
PARAMETERS = Call(
    "DescribeDBParameters",
    result="Parameters[]",
    params={
        "DBParameterGroupName": "$DBParameterGroups[0].DBParameterGroupName",
        "Filters": [{"Name": "parameter-name", "Values": ["rds.force_ssl", "require_secure_transport"]}],
    },
    when="$!DBClusterIdentifier && (starts_with(Engine, 'sqlserver-') || "
    'contains(`["mysql", "mariadb", "postgres"]`, Engine))',
)
CLUSTER_PARAMETERS = Call(
    "DescribeDBClusterParameters",
    result="Parameters[]",
    params={
        "DBClusterParameterGroupName": "$DBClusterParameterGroup",
        "Filters": [
            {
                "Name": "parameter-name",
                "Values": [
                    "rds.force_ssl",
                    "require_secure_transport",
                    "server_audit_logging",
                    "server_audit_events",
                ],
            }
        ],
    },
    when='$contains(`["mysql", "postgres", "aurora-mysql", "aurora-postgresql"]`, Engine)',
)

SNAPSHOT_SHARES = Call(
    "DescribeDBSnapshotAttributes",
    result="DBSnapshotAttributesResult",
    params={"DBSnapshotIdentifier": "$DBSnapshotIdentifier"},
    gone=("DBSnapshotNotFound",),
)
CLUSTER_SNAPSHOT_SHARES = Call(
    "DescribeDBClusterSnapshotAttributes",
    result="DBClusterSnapshotAttributesResult",
    params={"DBClusterSnapshotIdentifier": "$DBClusterSnapshotIdentifier"},
    gone=("DBClusterSnapshotNotFoundFault",),
)
# What a KMS key encrypts cannot be shared with everyone, so that there is nothing to ask.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
SNAPSHOT_PUBLICITY = evolve(SNAPSHOT_SHARES, when="$!Encrypted && StorageEncryptionType != 'sse-kms'")
CLUSTER_SNAPSHOT_PUBLICITY = evolve(
    CLUSTER_SNAPSHOT_SHARES, when="$!StorageEncrypted && StorageEncryptionType != 'sse-kms'"
)


@frozen
class MasterSecret:
    """
    The secret in which RDS keeps the master password.

    Args:
        arn: The secret's ARN.

        status: ``creating``, ``active``, ``rotating`` or ``impaired``.

        kms_key_id: The key that encrypts the secret.
    """

    arn: str | None
    status: str | None
    kms_key_id: str | None


@frozen
class Membership:
    """
    A security group of a database.

    Args:
        id: The group's id.

        status: ``active``, ``adding`` or ``removing``.
    """

    id: str
    status: str | None


@frozen
class ParameterGroupUse:
    """
    A parameter group of an instance.

    Args:
        name: The group's name.

        status: ``in-sync``, ``applying`` or ``pending-reboot``.
    """

    name: str
    status: str | None


@frozen
class ClusterMember:
    """
    An instance of a cluster.

    Args:
        instance: The instance's identifier.

        writer: Whether it is the writer.

        parameter_status: Whether the cluster's parameters are applied: ``in-sync`` or ``pending-reboot``.
    """

    instance: str
    writer: bool
    parameter_status: str | None


@frozen
class GlobalMember:
    """
    A cluster of a global database.

    Args:
        cluster_arn: The cluster's ARN.

        writer: Whether it is the primary.
    """

    cluster_arn: str
    writer: bool


@frozen
class GroupSubnet:
    """
    A subnet of a subnet group.

    Args:
        id: The subnet's id.

        zone: Its availability zone.

        outpost_arn: The Outpost it is on; None in a region.
    """

    id: str
    zone: str | None
    outpost_arn: str | None


@frozen
class Upgrade:
    """
    A version that another one can be upgraded to directly.

    Args:
        engine: The engine; RDS can become Aurora in an upgrade.

        version: The version.

        is_major: Whether the step changes the major version.
    """

    engine: str
    version: str
    is_major: bool


@frozen
class Release:
    """
    A version of an engine, as AWS offers it.

    Args:
        version: The version.

        status: ``available`` or ``deprecated``.

        exports_logs: Whether logs can be exported to CloudWatch Logs.

        log_types: The types of log that can be exported.

        renews_online: Whether the server certificate is renewed without a restart.

        upgrades: What it can be upgraded to directly, ascending.
    """

    version: str
    status: str | None
    exports_logs: bool | None
    log_types: tuple[str, ...]
    renews_online: bool | None
    upgrades: tuple[Upgrade, ...]


@frozen
class MajorVersion:
    """
    A major version of an open-source engine.

    Args:
        name: The version, such as ``8.0`` or ``13``.

        standard_until: When standard support ends, and Extended Support begins; None if AWS does not say.
    """

    name: str
    standard_until: datetime.datetime | None


@frozen
class Offer:
    """
    What can be switched on for an instance class with a version of an engine.

    Args:
        monitoring: Enhanced Monitoring; None where AWS does not say.

        insights: Performance Insights; None where AWS does not say.

        iam: Authentication with IAM; None where AWS does not say.
    """

    monitoring: bool | None
    insights: bool | None
    iam: bool | None


@frozen
class ProxyTarget:
    """
    A database behind a proxy.

    Args:
        id: The identifier of the instance or cluster; None where AWS does not say.

        cluster: The cluster that an instance is a member of; None for none.

        kind: ``RDS_INSTANCE``, ``TRACKED_CLUSTER`` or ``RDS_SERVERLESS_ENDPOINT``.
    """

    id: str | None
    cluster: str | None
    kind: str | None


@frozen
class Authority:
    """
    A certificate authority of RDS.

    Args:
        id: Its identifier, such as ``rds-ca-rsa2048-g1``.

        until: When its certificate expires.
    """

    id: str
    until: datetime.datetime


@frozen
class Parameter:
    """
    A parameter of a parameter group.

    Args:
        name: Its name.

        value: Its value; None for the engine's default.
    """

    name: str
    value: str | None


@frozen
class ProxyAuth:
    """
    How a proxy logs in for a user.

    Args:
        scheme: ``SECRETS``: with a password out of Secrets Manager.

        secret_arn: The secret.

        iam: Whether clients have to use IAM themselves: ``DISABLED``, ``ENABLED`` or ``REQUIRED``.
    """

    scheme: str | None
    secret_arn: str | None
    iam: str | None


SECRET = optional(record(MasterSecret, arn="SecretArn", status="SecretStatus", kms_key_id="KmsKeyId"))
MEMBERSHIPS = many(record(Membership, id=("VpcSecurityGroupId", text), status="Status"))
PARAMETER_GROUPS = many(record(ParameterGroupUse, name=("DBParameterGroupName", text), status="ParameterApplyStatus"))
MEMBERS = many(
    record(
        ClusterMember,
        instance=("DBInstanceIdentifier", text),
        writer=("IsClusterWriter", flag),
        parameter_status="DBClusterParameterGroupStatus",
    )
)
RELEASE = record(
    Release,
    version=("EngineVersion", text),
    status="Status",
    exports_logs=("SupportsLogExportsToCloudwatchLogs", optional_flag),
    log_types=("ExportableLogTypes", texts),
    renews_online=("SupportsCertificateRotationWithoutRestart", optional_flag),
    upgrades=(
        "ValidUpgradeTarget",
        many(
            record(
                Upgrade,
                engine=("Engine", text),
                version=("EngineVersion", text),
                is_major=("IsMajorVersionUpgrade", flag),
            )
        ),
    ),
)
MAJOR_VERSION = record(
    MajorVersion,
    name=("MajorEngineVersion", text),
    standard_until=(
        "SupportedEngineLifecycles[?LifecycleSupportName == 'open-source-rds-standard-support'] | [0].LifecycleSupportEndDate",
        optional_moment,
    ),
)
OFFER = record(
    Offer,
    monitoring=("SupportsEnhancedMonitoring", optional_flag),
    insights=("SupportsPerformanceInsights", optional_flag),
    iam=("SupportsIAMDatabaseAuthentication", optional_flag),
)
AUTHORITY = record(Authority, id=("CertificateIdentifier", text), until=("ValidTill", moment))
PARAMETER = record(Parameter, name=("ParameterName", text), value="ParameterValue")
GLOBAL_MEMBERS = many(record(GlobalMember, cluster_arn=("DBClusterArn", text), writer=("IsWriter", flag)))
GROUP_SUBNETS = many(
    record(
        GroupSubnet, id=("SubnetIdentifier", text), zone="SubnetAvailabilityZone.Name", outpost_arn="SubnetOutpost.Arn"
    )
)


class DBInstance(Resource):
    """A database instance: one of its own, or a member of a cluster."""

    service: ClassVar[str] = "rds"
    type: ClassVar[str] = "AWS::RDS::DBInstance"
    listing: ClassVar[Call] = INSTANCES
    label: ClassVar[str] = "arn"

    arn = Fact(INSTANCES, "DBInstanceArn", text, "The instance's ARN.")
    name = Fact(INSTANCES, "DBInstanceIdentifier", text, "The instance's identifier.")
    tags = Fact(INSTANCES, "TagList", tag_map, "The instance's tags.")
    engine = Fact(INSTANCES, "Engine", text, "The engine, such as ``postgres`` or ``aurora-mysql``.")
    engine_version = Fact(INSTANCES, "EngineVersion", text, "The engine's version.")
    status = Fact(INSTANCES, "DBInstanceStatus", text, "The status, such as ``available`` or ``stopped``.")
    created = Fact(INSTANCES, "InstanceCreateTime", optional_moment, "When it was created; unset while it is being so.")
    instance_class = Fact(INSTANCES, "DBInstanceClass", text, "The instance class; ``db.serverless`` in Aurora.")
    zone = Fact(INSTANCES, "AvailabilityZone", optional_text, "The availability zone; unset while it is being created.")
    standby_zone = Fact(
        INSTANCES, "SecondaryAvailabilityZone", optional_text, "The zone of the standby; unset for none."
    )
    cluster = Fact(INSTANCES, "DBClusterIdentifier", optional_text, "The cluster it is a member of; unset for none.")
    replica_of_instance = Fact(
        INSTANCES, "ReadReplicaSourceDBInstanceIdentifier", optional_text, "The instance it replicates; unset for none."
    )
    replica_of_cluster = Fact(
        INSTANCES, "ReadReplicaSourceDBClusterIdentifier", optional_text, "The cluster it replicates; unset for none."
    )
    replicas = Fact(INSTANCES, "ReadReplicaDBInstanceIdentifiers", texts, "Instances that replicate it.")
    replica_clusters = Fact(INSTANCES, "ReadReplicaDBClusterIdentifiers", texts, "Clusters that replicate it.")
    multi_az = Fact(INSTANCES, "MultiAZ", flag, "A standby in another zone takes over if this one fails.")
    multi_az_pending = Fact(
        INSTANCES, "PendingModifiedValues.MultiAZ", optional_flag, "What Multi-AZ becomes; unset if it stays."
    )
    backup_target = Fact(
        INSTANCES, "BackupTarget", optional_text, "Where backups go: ``region``, ``outposts`` or ``local``."
    )
    backup_days = Fact(INSTANCES, "BackupRetentionPeriod", integer, "Days that backups are kept; 0 makes none.")
    recovery_point_arn = Fact(
        INSTANCES, "AwsBackupRecoveryPointArn", optional_text, "The continuous backup that AWS Backup makes of it."
    )
    restorable_until = Fact(
        INSTANCES, "LatestRestorableTime", optional_moment, "The latest moment it can be restored to; unset for none."
    )
    encrypted = Fact(
        INSTANCES, "StorageEncrypted", flag, "A KMS key of this account or AWS's for RDS encrypts the storage."
    )
    encryption_type = Fact(
        INSTANCES, "StorageEncryptionType", optional_text, "``none``, ``sse-rds`` (a key AWS owns) or ``sse-kms``."
    )
    auto_minor_upgrade = Fact(
        INSTANCES, "AutoMinorVersionUpgrade", flag, "Minor versions are installed in the maintenance window."
    )
    deletion_protection = Fact(INSTANCES, "DeletionProtection", flag, "It cannot be deleted while this is on.")
    master_secret = Fact(
        INSTANCES, "MasterUserSecret", SECRET, "Where RDS keeps the master password; unset if it does not."
    )
    multi_tenant = Fact(
        INSTANCES, "MultiTenant", flag, "Oracle: it holds tenant databases with passwords of their own."
    )
    monitoring_interval = Fact(
        INSTANCES,
        "MonitoringInterval",
        optional_integer,
        "Seconds between two measurements of Enhanced Monitoring; 0 or unset where it is off.",
    )
    monitoring_role_arn = Fact(
        INSTANCES, "MonitoringRoleArn", optional_text, "The role that sends what is measured; unset where it is off."
    )
    insights = Fact(INSTANCES, "PerformanceInsightsEnabled", flag, "Performance Insights is on.")
    insights_key_id = Fact(
        INSTANCES,
        "PerformanceInsightsKMSKeyId",
        optional_text,
        "The key that encrypts what Performance Insights keeps.",
    )
    iam_auth = Fact(INSTANCES, "IAMDatabaseAuthenticationEnabled", flag, "Users can log in with IAM.")
    iam_auth_pending = Fact(
        INSTANCES,
        "PendingModifiedValues.IAMDatabaseAuthenticationEnabled",
        optional_flag,
        "What that becomes; unset if it stays.",
    )
    backup_window = Fact(
        INSTANCES, "PreferredBackupWindow", optional_text, "When backups are made every day, ``hh:mm-hh:mm`` in UTC."
    )
    maintenance_window = Fact(
        INSTANCES,
        "PreferredMaintenanceWindow",
        optional_text,
        "When it may be maintained every week, ``ddd:hh:mm-ddd:hh:mm`` in UTC.",
    )
    storage = Fact(INSTANCES, "AllocatedStorage", optional_integer, "Its storage in GiB; 1 in Aurora.")
    offers = Fact(
        ORDERABLE,
        "@",
        many(OFFER),
        "What can be switched on with its version and class, for each licence; empty if AWS offers them no more.",
    )
    public = Fact(INSTANCES, "PubliclyAccessible", flag, "Its name resolves to a public address outside the VPC.")
    endpoint = Fact(INSTANCES, "Endpoint.Address", optional_text, "The host to connect to; unset while there is none.")
    port = Fact(INSTANCES, "Endpoint.Port", optional_integer, "The port; unset while there is no endpoint.")
    listener_port = Fact(
        INSTANCES, "ListenerEndpoint.Port", optional_integer, "The port of a SQL Server Always On listener."
    )
    vpc_networking = Fact(
        INSTANCES, "VPCNetworkingEnabled", optional_flag, "False for an Aurora instance outside every VPC."
    )
    vpc_id = Fact(INSTANCES, "DBSubnetGroup.VpcId", optional_text, "The VPC; unset outside every VPC.")
    subnet_group = Fact(INSTANCES, "DBSubnetGroup.DBSubnetGroupName", optional_text, "The subnet group's name.")
    subnets = Fact(INSTANCES, "DBSubnetGroup.Subnets", GROUP_SUBNETS, "The subnets that it may be placed in.")
    security_groups = Fact(INSTANCES, "VpcSecurityGroups", MEMBERSHIPS, "Its VPC security groups.")
    log_exports = Fact(
        INSTANCES, "EnabledCloudwatchLogsExports", texts, "Types of log that are exported to CloudWatch Logs."
    )
    log_exports_pending = Fact(
        INSTANCES,
        "PendingModifiedValues.PendingCloudwatchLogsExports.LogTypesToEnable",
        texts,
        "Types of log whose export is about to begin.",
    )
    parameter_groups = Fact(INSTANCES, "DBParameterGroups", PARAMETER_GROUPS, "Its parameter groups.")
    ca = Fact(INSTANCES, "CACertificateIdentifier", optional_text, "The CA that signed the server certificate.")
    ca_pending = Fact(
        INSTANCES, "PendingModifiedValues.CACertificateIdentifier", optional_text, "The CA to come; unset if it stays."
    )
    certificate_until = Fact(
        INSTANCES, "CertificateDetails.ValidTill", optional_moment, "When the server certificate expires."
    )
    extended_support = Fact(
        INSTANCES,
        "EngineLifecycleSupport",
        optional_text,
        "``open-source-rds-extended-support``, the default, or ``open-source-rds-extended-support-disabled``.",
    )
    releases = Fact(RELEASES, "@", many(RELEASE), "The engine version, with any that AWS names alike.")
    majors = Fact(LIFECYCLES, "@", many(MAJOR_VERSION), "The engine's major versions; none for commercial engines.")
    authorities = Fact(AUTHORITIES, "@", many(AUTHORITY), "The certificate authorities of the region.")
    parameters = Fact(PARAMETERS, "@", many(PARAMETER), "What its parameter group says of TLS.")

    @property
    def release(self) -> Release | None:
        """The engine version, as AWS offers it; None if AWS does not know it any more."""
        return next((release for release in self.releases if release.version == self.engine_version), None)


class DBCluster(Resource):
    """A cluster of database instances over one storage (Aurora), or of a writer and two readers (Multi-AZ cluster)."""

    service: ClassVar[str] = "rds"
    type: ClassVar[str] = "AWS::RDS::DBCluster"
    listing: ClassVar[Call] = CLUSTERS
    label: ClassVar[str] = "arn"

    arn = Fact(CLUSTERS, "DBClusterArn", text, "The cluster's ARN.")
    name = Fact(CLUSTERS, "DBClusterIdentifier", text, "The cluster's identifier.")
    tags = Fact(CLUSTERS, "TagList", tag_map, "The cluster's tags.")
    engine = Fact(CLUSTERS, "Engine", text, "The engine; ``mysql`` and ``postgres`` are Multi-AZ clusters.")
    engine_version = Fact(CLUSTERS, "EngineVersion", text, "The engine's version.")
    engine_mode = Fact(
        CLUSTERS, "EngineMode", optional_text, "``provisioned``, also with Serverless v2; ``serverless`` is v1."
    )
    scalability = Fact(CLUSTERS, "ClusterScalabilityType", optional_text, "``standard`` or ``limitless``.")
    status = Fact(CLUSTERS, "Status", text, "The status, such as ``available`` or ``stopped``.")
    created = Fact(CLUSTERS, "ClusterCreateTime", moment, "When it was created.")
    members = Fact(CLUSTERS, "DBClusterMembers", MEMBERS, "Its instances; none in Serverless v1.")
    zones = Fact(CLUSTERS, "AvailabilityZones", texts, "The availability zones that its instances may be in.")
    multi_az = Fact(CLUSTERS, "MultiAZ", flag, "It has instances in several zones.")
    global_cluster = Fact(
        CLUSTERS, "GlobalClusterIdentifier", optional_text, "The global database it belongs to; unset for none."
    )
    replication_source = Fact(
        CLUSTERS, "ReplicationSourceIdentifier", optional_text, "The ARN of what it replicates; unset for none."
    )
    replicas = Fact(CLUSTERS, "ReadReplicaIdentifiers", texts, "What replicates it.")
    capacity = Fact(
        CLUSTERS, "Capacity", optional_integer, "Capacity units of Serverless v1 now; 0 while it is paused."
    )
    serverless_pause_seconds = Fact(
        CLUSTERS,
        "ServerlessV2ScalingConfiguration.SecondsUntilAutoPause",
        optional_integer,
        "Idle seconds after which Serverless v2 pauses; unset if it never does.",
    )
    backup_days = Fact(CLUSTERS, "BackupRetentionPeriod", integer, "Days that backups are kept; at least 1.")
    recovery_point_arn = Fact(
        CLUSTERS, "AwsBackupRecoveryPointArn", optional_text, "The continuous backup that AWS Backup makes of it."
    )
    restorable_until = Fact(
        CLUSTERS, "LatestRestorableTime", optional_moment, "The latest moment it can be restored to; unset for none."
    )
    encrypted = Fact(
        CLUSTERS, "StorageEncrypted", flag, "A KMS key of this account or AWS's for RDS encrypts the storage."
    )
    encryption_type = Fact(
        CLUSTERS, "StorageEncryptionType", optional_text, "``none``, ``sse-rds`` (a key AWS owns) or ``sse-kms``."
    )
    auto_minor_upgrade = Fact(
        CLUSTERS, "AutoMinorVersionUpgrade", flag, "Minor versions are installed in the maintenance window."
    )
    deletion_protection = Fact(CLUSTERS, "DeletionProtection", flag, "It cannot be deleted while this is on.")
    master_secret = Fact(
        CLUSTERS, "MasterUserSecret", SECRET, "Where RDS keeps the master password; unset if it does not."
    )
    backup_window = Fact(
        CLUSTERS, "PreferredBackupWindow", optional_text, "When backups are made every day, ``hh:mm-hh:mm`` in UTC."
    )
    maintenance_window = Fact(
        CLUSTERS,
        "PreferredMaintenanceWindow",
        optional_text,
        "When it may be maintained every week, ``ddd:hh:mm-ddd:hh:mm`` in UTC.",
    )
    public = Fact(CLUSTERS, "PubliclyAccessible", flag, "Multi-AZ clusters: its name resolves to a public address.")
    internet_gateway = Fact(
        CLUSTERS, "InternetAccessGatewayEnabled", flag, "Aurora: it is reached from the internet without a VPC."
    )
    vpc_networking = Fact(
        CLUSTERS, "VPCNetworkingEnabled", optional_flag, "False for an Aurora cluster outside every VPC."
    )
    port = Fact(CLUSTERS, "Port", optional_integer, "The port.")
    subnet_group = Fact(CLUSTERS, "DBSubnetGroup", optional_text, "The subnet group's name; unset outside every VPC.")
    security_groups = Fact(CLUSTERS, "VpcSecurityGroups", MEMBERSHIPS, "Its VPC security groups.")
    log_exports = Fact(
        CLUSTERS, "EnabledCloudwatchLogsExports", texts, "Types of log that are exported to CloudWatch Logs."
    )
    log_exports_pending = Fact(
        CLUSTERS,
        "PendingModifiedValues.PendingCloudwatchLogsExports.LogTypesToEnable",
        texts,
        "Types of log whose export is about to begin.",
    )
    parameter_group = Fact(CLUSTERS, "DBClusterParameterGroup", optional_text, "The cluster parameter group's name.")
    activity_stream = Fact(
        CLUSTERS, "ActivityStreamStatus", optional_text, "``stopped``, ``starting``, ``started`` or ``stopping``."
    )
    ca = Fact(CLUSTERS, "CertificateDetails.CAIdentifier", optional_text, "The CA that signed the server certificate.")
    ca_pending = Fact(
        CLUSTERS,
        "PendingModifiedValues.CertificateDetails.CAIdentifier",
        optional_text,
        "The CA to come; unset if it stays.",
    )
    certificate_until = Fact(
        CLUSTERS, "CertificateDetails.ValidTill", optional_moment, "When the server certificate expires."
    )
    extended_support = Fact(
        CLUSTERS,
        "EngineLifecycleSupport",
        optional_text,
        "``open-source-rds-extended-support``, the default, or ``open-source-rds-extended-support-disabled``.",
    )
    releases = Fact(RELEASES, "@", many(RELEASE), "The engine version, with any that AWS names alike.")
    majors = Fact(LIFECYCLES, "@", many(MAJOR_VERSION), "The engine's major versions; none for commercial engines.")
    authorities = Fact(AUTHORITIES, "@", many(AUTHORITY), "The certificate authorities of the region.")
    parameters = Fact(CLUSTER_PARAMETERS, "@", many(PARAMETER), "What its parameter group says of TLS and of auditing.")

    @property
    def release(self) -> Release | None:
        """The engine version, as AWS offers it; None if AWS does not know it any more."""
        return next((release for release in self.releases if release.version == self.engine_version), None)


class GlobalCluster(Resource):
    """An Aurora global database: a primary cluster and its secondaries in other regions."""

    service: ClassVar[str] = "rds"
    type: ClassVar[str] = "AWS::RDS::GlobalCluster"
    listing: ClassVar[Call] = GLOBAL_CLUSTERS
    label: ClassVar[str] = "arn"

    arn = Fact(GLOBAL_CLUSTERS, "GlobalClusterArn", text, "The global database's ARN; it names no region.")
    name = Fact(GLOBAL_CLUSTERS, "GlobalClusterIdentifier", text, "The global database's identifier.")
    members = Fact(GLOBAL_CLUSTERS, "GlobalClusterMembers", GLOBAL_MEMBERS, "Its clusters.")


class DBSubnetGroup(Resource):
    """The subnets that databases may be placed in."""

    service: ClassVar[str] = "rds"
    type: ClassVar[str] = "AWS::RDS::DBSubnetGroup"
    listing: ClassVar[Call] = SUBNET_GROUPS
    label: ClassVar[str] = "arn"

    arn = Fact(SUBNET_GROUPS, "DBSubnetGroupArn", text, "The group's ARN.")
    name = Fact(SUBNET_GROUPS, "DBSubnetGroupName", text, "The group's name.")
    vpc_id = Fact(SUBNET_GROUPS, "VpcId", optional_text, "The VPC of its subnets.")
    subnets = Fact(SUBNET_GROUPS, "Subnets", GROUP_SUBNETS, "Its subnets.")


class DBProxy(Resource):
    """An RDS Proxy: a pool of connections in front of a database."""

    service: ClassVar[str] = "rds"
    type: ClassVar[str] = "AWS::RDS::DBProxy"
    listing: ClassVar[Call] = PROXIES
    label: ClassVar[str] = "arn"

    arn = Fact(PROXIES, "DBProxyArn", text, "The proxy's ARN.")
    name = Fact(PROXIES, "DBProxyName", text, "The proxy's name.")
    status = Fact(PROXIES, "Status", text, "The status, such as ``available``.")
    engine_family = Fact(PROXIES, "EngineFamily", text, "``MYSQL``, ``POSTGRESQL`` or ``SQLSERVER``.")
    requires_tls = Fact(PROXIES, "RequireTLS", flag, "Connections without TLS are refused.")
    vpc_id = Fact(PROXIES, "VpcId", optional_text, "The VPC.")
    security_groups = Fact(PROXIES, "VpcSecurityGroupIds", texts, "The ids of its VPC security groups.")
    subnet_ids = Fact(PROXIES, "VpcSubnetIds", texts, "The subnets that it is in.")
    targets = Fact(
        PROXY_TARGETS,
        "@",
        many(record(ProxyTarget, id="RdsResourceId", cluster="TrackedClusterId", kind="Type")),
        "The databases behind it.",
    )
    role_arn = Fact(PROXIES, "RoleArn", optional_text, "The role that reads its secrets.")
    default_auth_scheme = Fact(
        PROXIES,
        "DefaultAuthScheme",
        optional_text,
        "``IAM_AUTH``: it logs in with IAM, without secrets; ``NONE``: as `auth` says; unset where AWS does not say.",
    )
    auth = Fact(
        PROXIES,
        "Auth",
        many(record(ProxyAuth, scheme="AuthScheme", secret_arn=("SecretArn", optional_text), iam="IAMAuth")),
        "How it logs in, for each user.",
    )
    secret_arns = Fact(PROXIES, "Auth[].SecretArn", texts, "The secrets with the passwords that it logs in with.")


class EventSubscription(Resource):
    """What sends events of databases to a topic."""

    service: ClassVar[str] = "rds"
    type: ClassVar[str] = "AWS::RDS::EventSubscription"
    listing: ClassVar[Call] = EVENT_SUBSCRIPTIONS
    label: ClassVar[str] = "name"

    arn = Fact(EVENT_SUBSCRIPTIONS, "EventSubscriptionArn", text, "The subscription's ARN.")
    name = Fact(EVENT_SUBSCRIPTIONS, "CustSubscriptionId", text, "The subscription's name.")
    enabled = Fact(EVENT_SUBSCRIPTIONS, "Enabled", flag, "It sends events.")
    status = Fact(
        EVENT_SUBSCRIPTIONS,
        "Status",
        text,
        "``active``, ``creating``, ``modifying``, ``deleting``, ``no-permission`` or ``topic-not-exist``.",
    )
    source_type = Fact(
        EVENT_SUBSCRIPTIONS,
        "SourceType",
        optional_text,
        "Of what, such as ``db-instance`` or ``db-cluster``; unset for everything.",
    )
    source_ids = Fact(EVENT_SUBSCRIPTIONS, "SourceIdsList", texts, "Of which; empty for all of the type.")
    categories = Fact(EVENT_SUBSCRIPTIONS, "EventCategoriesList", texts, "Which categories; empty for all.")
    topic_arn = Fact(EVENT_SUBSCRIPTIONS, "SnsTopicArn", text, "Where they are sent to.")


class DBSnapshot(Resource):
    """A manual snapshot of an instance."""

    service: ClassVar[str] = "rds"
    type: ClassVar[str] = "AWS::RDS::DBSnapshot"
    listing: ClassVar[Call] = SNAPSHOTS
    label: ClassVar[str] = "arn"

    arn = Fact(SNAPSHOTS, "DBSnapshotArn", text, "The snapshot's ARN.")
    name = Fact(SNAPSHOTS, "DBSnapshotIdentifier", text, "The snapshot's identifier.")
    tags = Fact(SNAPSHOTS, "TagList", tag_map, "The snapshot's tags.")
    engine = Fact(SNAPSHOTS, "Engine", text, "The engine of the instance.")
    encrypted = Fact(SNAPSHOTS, "Encrypted", flag, "A KMS key of this account or AWS's for RDS encrypts it.")
    encryption_type = Fact(
        SNAPSHOTS, "StorageEncryptionType", optional_text, "``none``, ``sse-rds`` (a key AWS owns) or ``sse-kms``."
    )
    shared_with = Fact(
        SNAPSHOT_SHARES,
        "DBSnapshotAttributes[?AttributeName == 'restore'].AttributeValues[]",
        texts,
        "Ids of the accounts that may restore it; ``all`` for everyone.",
    )
    public_shares = Fact(
        SNAPSHOT_PUBLICITY,
        "DBSnapshotAttributes[?AttributeName == 'restore'].AttributeValues[]",
        texts,
        "The same, where it could be shared with everyone; empty for encrypted ones.",
    )


class DBClusterSnapshot(Resource):
    """A manual snapshot of a cluster, of Neptune and DocumentDB too."""

    service: ClassVar[str] = "rds"
    type: ClassVar[str] = "AWS::RDS::DBClusterSnapshot"
    listing: ClassVar[Call] = CLUSTER_SNAPSHOTS
    label: ClassVar[str] = "arn"

    arn = Fact(CLUSTER_SNAPSHOTS, "DBClusterSnapshotArn", text, "The snapshot's ARN.")
    name = Fact(CLUSTER_SNAPSHOTS, "DBClusterSnapshotIdentifier", text, "The snapshot's identifier.")
    tags = Fact(CLUSTER_SNAPSHOTS, "TagList", tag_map, "The snapshot's tags.")
    engine = Fact(CLUSTER_SNAPSHOTS, "Engine", text, "The engine of the cluster.")
    encrypted = Fact(
        CLUSTER_SNAPSHOTS, "StorageEncrypted", flag, "A KMS key of this account or AWS's for RDS encrypts it."
    )
    encryption_type = Fact(
        CLUSTER_SNAPSHOTS,
        "StorageEncryptionType",
        optional_text,
        "``none``, ``sse-rds`` (a key AWS owns) or ``sse-kms``.",
    )
    shared_with = Fact(
        CLUSTER_SNAPSHOT_SHARES,
        "DBClusterSnapshotAttributes[?AttributeName == 'restore'].AttributeValues[]",
        texts,
        "Ids of the accounts that may restore it; ``all`` for everyone.",
    )
    public_shares = Fact(
        CLUSTER_SNAPSHOT_PUBLICITY,
        "DBClusterSnapshotAttributes[?AttributeName == 'restore'].AttributeValues[]",
        texts,
        "The same, where it could be shared with everyone; empty for encrypted ones.",
    )
