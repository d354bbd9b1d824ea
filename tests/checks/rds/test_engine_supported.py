import pytest

from awsaudit import Status
from awsaudit.resources.rds import CLUSTERS, INSTANCES, RELEASES, DBCluster, DBInstance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.engine_supported import engine_supported


def instance(*releases, **fields):
    item = {
        "DBInstanceIdentifier": "deposits",
        "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:deposits",
        "DBInstanceStatus": "available",
        "Engine": "postgres",
        "EngineVersion": "13.9",
        **fields,
    }
    return fake(DBInstance, {INSTANCES: item, RELEASES: list(releases)})


def cluster(*releases, **fields):
    item = {
        "DBClusterIdentifier": "ledger",
        "DBClusterArn": "arn:aws:rds:eu-west-1:111122223333:cluster:ledger",
        "Status": "available",
        "Engine": "aurora-mysql",
        "EngineVersion": "5.7.mysql_aurora.2.11.1",
        **fields,
    }
    return fake(DBCluster, {CLUSTERS: item, RELEASES: list(releases)})


def release(version, status, *upgrades):
    targets = [
        {"Engine": engine, "EngineVersion": target, "IsMajorVersionUpgrade": major}
        for engine, target, major in upgrades
    ]
    return {"EngineVersion": version, "Status": status, "ValidUpgradeTarget": targets}


def test_flags_a_deprecated_version_and_takes_the_newest_minor_one():
    """
    Of the upgrades in the same engine and major version the newest is taken, by its numbers.
    """
    upgrades = [
        ("postgres", "13.22", False),
        ("postgres", "13.10", False),
        ("aurora-postgresql", "13.23", False),
        ("postgres", "17.6", True),
    ]
    (finding,) = run_check(engine_supported, instance(release("13.9", "deprecated", *upgrades)))

    assert Status.FAIL is finding.status
    assert "postgres 13.9 is deprecated" == finding.message
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --engine-version 13.22"
        == finding.fix
    )


def test_takes_the_next_major_version_where_there_is_no_minor_one():
    """
    A cluster whose series ended goes to the next major version, which has to be allowed.
    """
    upgrades = [
        ("aurora-mysql", "8.0.mysql_aurora.3.10.1", True),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.2", True),
    ]
    (finding,) = run_check(engine_supported, cluster(release("5.7.mysql_aurora.2.11.1", "deprecated", *upgrades)))

    assert (
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier ledger "
        "--engine-version 8.0.mysql_aurora.3.08.2 --allow-major-version-upgrade" == finding.fix
    )


@pytest.mark.parametrize("releases", [[], [release("13.90", "available")]])
@pytest.mark.parametrize("make", [instance, cluster])
def test_flags_a_version_that_aws_lists_no_more(make, releases):
    """
    A version that is not listed, whatever others are, is a problem; no command is known to mend it.
    """
    (finding,) = run_check(engine_supported, make(*releases))

    assert Status.FAIL is finding.status
    assert "no more" in finding.message
    assert finding.fix is None


def test_flags_a_deprecated_version_without_upgrades():
    """
    Where AWS names no upgrade there is no command.
    """
    (finding,) = run_check(engine_supported, instance(release("13.9", "deprecated")))

    assert finding.fix is None


def test_accepts_available_versions():
    """
    What AWS offers passes.
    """
    assert [Status.PASS] == statuses(run_check(engine_supported, instance(release("13.9", "available"))))
    assert [Status.PASS] == statuses(
        run_check(engine_supported, cluster(release("5.7.mysql_aurora.2.11.1", "available")))
    )


@pytest.mark.parametrize(
    "resource",
    [
        instance(DBClusterIdentifier="ledger"),
        instance(Engine="custom-oracle-ee"),
        instance(Engine="docdb"),
        cluster(Engine="neptune"),
        cluster(Status="creating"),
    ],
)
def test_leaves_out_members_custom_engines_and_other_services(resource):
    """
    Members are judged at their cluster; RDS Custom names versions of its owner's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(engine_supported, resource))


@pytest.mark.parametrize("status", [None, "pending"])
def test_says_unknown_of_a_status_that_is_neither(status):
    """
    A status that AWS does not document is not guessed at.
    """
    assert [Status.UNKNOWN] == statuses(run_check(engine_supported, instance(release("13.9", status))))
