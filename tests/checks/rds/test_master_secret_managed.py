import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.rds.master_secret_managed import master_secret_managed


SECRET = {"SecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1", "SecretStatus": "active"}


def test_flags_an_instance_with_a_password_set_by_hand(make_instance):
    """
    An instance without a managed secret fails, and the command has RDS manage it.
    """
    (finding,) = run_check(master_secret_managed, make_instance())

    assert (Status.FAIL, "the master password is set by hand") == (finding.status, finding.message)
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits "
        "--manage-master-user-password --apply-immediately" == finding.fix
    )


def test_flags_a_cluster_with_a_command_for_clusters(make_cluster):
    """
    A cluster without a managed secret fails; its command is that for clusters.
    """
    (finding,) = run_check(master_secret_managed, make_cluster())

    assert (
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier beacon --manage-master-user-password "
        "--apply-immediately" == finding.fix
    )


def test_accepts_a_managed_secret(make_instance, make_cluster):
    """
    A secret that RDS manages passes.
    """
    instances = run_check(master_secret_managed, make_instance(MasterUserSecret=SECRET))
    clusters = run_check(master_secret_managed, make_cluster(MasterUserSecret=SECRET))

    assert [Status.PASS, Status.PASS] == [*statuses(instances), *statuses(clusters)]


def test_a_source_of_replicas_passes_with_a_note(make_instance, make_cluster):
    """
    What has replicas cannot be switched, which is said and not failed.
    """
    (instance,) = run_check(master_secret_managed, make_instance(ReadReplicaDBInstanceIdentifiers=["deposits-2"]))
    (cluster,) = run_check(master_secret_managed, make_cluster(ReadReplicaIdentifiers=["beacon-us"]))

    assert [Status.PASS, Status.PASS] == statuses([instance, cluster])
    assert ("a source of replicas cannot be switched; it is that of deposits-2",) == instance.notes


def test_a_source_of_replicas_can_be_switched_in_sql_server(make_instance):
    """
    SQL Server has replicas and managed secrets together.
    """
    instance = make_instance(Engine="sqlserver-ee", ReadReplicaDBInstanceIdentifiers=["deposits-2"])

    assert [Status.FAIL] == statuses(run_check(master_secret_managed, instance))


@pytest.mark.parametrize(
    "described",
    [
        {"DBClusterIdentifier": "beacon"},
        {"ReadReplicaSourceDBInstanceIdentifier": "withdrawals"},
        {"Engine": "custom-oracle-ee"},
        {"Engine": "oracle-ee-cdb", "MultiTenant": True},
        {"Engine": "neptune"},
    ],
)
def test_leaves_alone_instances_that_cannot_have_it(make_instance, described):
    """
    Members, replicas, RDS Custom and tenant databases are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(master_secret_managed, make_instance(**described)))


@pytest.mark.parametrize(
    "described",
    [
        {"EngineMode": "serverless"},
        {"GlobalClusterIdentifier": "world"},
        {"ReplicationSourceIdentifier": "arn:aws:rds:us-east-1:111122223333:cluster:beacon"},
        {"VPCNetworkingEnabled": False},
    ],
)
def test_leaves_alone_clusters_that_cannot_have_it(make_cluster, described):
    """
    Serverless v1, global databases, replicas and clusters without a VPC are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(master_secret_managed, make_cluster(**described)))
