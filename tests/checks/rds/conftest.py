import pytest

from awsaudit.resources.rds import (
    CLUSTERS,
    GLOBAL_CLUSTERS,
    INSTANCES,
    SUBNET_GROUPS,
    DBCluster,
    DBInstance,
    DBSubnetGroup,
    GlobalCluster,
)
from awsaudit.testing import fake


ARN = "arn:aws:rds:eu-west-1:111122223333"


@pytest.fixture
def make_instance():
    """
    Return a function that makes a healthy PostgreSQL instance called deposits, or one that differs as it is told.
    """

    def make(**described):
        name = described.get("DBInstanceIdentifier", "deposits")
        healthy = {
            "DBInstanceIdentifier": name,
            "DBInstanceArn": f"{ARN}:db:{name}",
            "Engine": "postgres",
            "EngineVersion": "17.4",
            "DBInstanceStatus": "available",
            "DBInstanceClass": "db.m7g.large",
            "InstanceCreateTime": "2026-01-02T03:04:05+00:00",
            "AvailabilityZone": "eu-west-1a",
            "BackupRetentionPeriod": 7,
            "BackupTarget": "region",
            "DBSubnetGroup": {"DBSubnetGroupName": "private", "VpcId": "vpc-1"},
            "Endpoint": {"Address": f"{name}.example", "Port": 5432},
        }
        return fake(DBInstance, {INSTANCES: {**healthy, **described}})

    return make


@pytest.fixture
def make_cluster():
    """
    Return a function that makes a healthy Aurora cluster called beacon, or one that differs as it is told.
    """

    def make(**described):
        name = described.get("DBClusterIdentifier", "beacon")
        healthy = {
            "DBClusterIdentifier": name,
            "DBClusterArn": f"{ARN}:cluster:{name}",
            "Engine": "aurora-postgresql",
            "EngineVersion": "17.4",
            "EngineMode": "provisioned",
            "Status": "available",
            "ClusterCreateTime": "2026-01-02T03:04:05+00:00",
            "AvailabilityZones": ["eu-west-1c", "eu-west-1b", "eu-west-1a"],
            "DBClusterMembers": [
                {"DBInstanceIdentifier": f"{name}-1", "IsClusterWriter": True},
                {"DBInstanceIdentifier": f"{name}-2", "IsClusterWriter": False},
            ],
            "BackupRetentionPeriod": 7,
            "DBSubnetGroup": "private",
            "Port": 5432,
        }
        return fake(DBCluster, {CLUSTERS: {**healthy, **described}})

    return make


@pytest.fixture
def make_global():
    """
    Return a function that makes the global database of clusters, each with whether it is the writer.
    """

    def make(**writers):
        members = [{"DBClusterArn": f"{ARN}:cluster:{n}", "IsWriter": w} for n, w in writers.items()]
        arn = "arn:aws:rds::111122223333:global-cluster:world"
        described = {"GlobalClusterIdentifier": "world", "GlobalClusterArn": arn, "GlobalClusterMembers": members}
        return fake(GlobalCluster, {GLOBAL_CLUSTERS: described})

    return make


@pytest.fixture
def make_group():
    """
    Return a function that makes the subnet group private, or one that differs as it is told.
    """

    def make(**described):
        name = described.get("DBSubnetGroupName", "private")
        subnets = [
            {"SubnetIdentifier": f"subnet-{zone}", "SubnetAvailabilityZone": {"Name": f"eu-west-1{zone}"}}
            for zone in "abc"
        ]
        usual = {
            "DBSubnetGroupName": name,
            "DBSubnetGroupArn": f"{ARN}:subgrp:{name}",
            "VpcId": "vpc-1",
            "Subnets": subnets,
        }
        return fake(DBSubnetGroup, {SUBNET_GROUPS: {**usual, **described}})

    return make
