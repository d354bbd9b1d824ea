import pytest

from awsaudit import Severity, Status
from awsaudit.resources.rds import CLUSTERS, INSTANCES, LIFECYCLES, DBCluster, DBInstance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.extended_support import extended_support


def major(name, until):
    return {
        "MajorEngineVersion": name,
        "SupportedEngineLifecycles": [
            {
                "LifecycleSupportName": "open-source-rds-extended-support",
                "LifecycleSupportEndDate": "2032-01-01T00:00:00Z",
            },
            {"LifecycleSupportName": "open-source-rds-standard-support", "LifecycleSupportEndDate": until},
        ],
    }


MAJORS = [
    major("8", "2020-01-01T00:00:00Z"),
    major("8.0", "2026-07-31T23:59:59Z"),
    major("13", "2026-02-28T23:59:59Z"),
    major("14", "2027-02-28T23:59:59Z"),
    major("17", "2030-02-28T23:59:59Z"),
    major("1", "2020-01-01T00:00:00Z"),
    {"MajorEngineVersion": "19"},
]


def instance(version, engine="postgres", **fields):
    item = {
        "DBInstanceIdentifier": "deposits",
        "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:deposits",
        "DBInstanceStatus": "available",
        "Engine": engine,
        "EngineVersion": version,
        **fields,
    }
    return fake(DBInstance, {INSTANCES: item, LIFECYCLES: MAJORS})


def cluster(version, engine, **fields):
    item = {
        "DBClusterIdentifier": "ledger",
        "Status": "available",
        "Engine": engine,
        "EngineVersion": version,
        **fields,
    }
    return fake(DBCluster, {CLUSTERS: item, LIFECYCLES: MAJORS})


@pytest.mark.parametrize("fields", [{}, {"EngineLifecycleSupport": "open-source-rds-extended-support"}])
def test_flags_a_major_version_after_standard_support(fields):
    """
    Extended Support is on unless it was turned off, and charged; the command takes the newest version in reach.
    """
    (finding,) = run_check(extended_support, instance("13.20", **fields))

    assert Status.FAIL is finding.status
    assert Severity.MEDIUM is finding.severity
    assert "standard support of postgres 13 ended on 2026-02-28; Extended Support is charged for it" == finding.message
    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits --allow-major-version-upgrade "
        '--engine-version "$(aws rds describe-db-engine-versions --region eu-west-1 --include-all --engine postgres '
        "--engine-version 13.20 --query 'DBEngineVersions[0].ValidUpgradeTarget[?IsMajorVersionUpgrade && "
        """Engine=='"'"'postgres'"'"'].EngineVersion | [-1]' --output text)\"""" == finding.fix
    )


def test_a_forced_upgrade_weighs_more():
    """
    Where Extended Support is off, AWS upgrades by force.
    """
    fields = {"EngineLifecycleSupport": "open-source-rds-extended-support-disabled"}
    (finding,) = run_check(extended_support, cluster("8.0.mysql_aurora.3.08.2", "aurora-mysql", **fields))

    assert Severity.HIGH is finding.severity
    assert "standard support of aurora-mysql 8.0 ended on 2026-07-31; AWS upgrades it by force" == finding.message
    assert finding.fix.startswith("aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier ledger ")


def test_accepts_standard_support():
    """
    A major version whose standard support goes on passes, without a note where the end is far.
    """
    (finding,) = run_check(extended_support, instance("17.6"))

    assert Status.PASS is finding.status
    assert () == finding.notes


def test_notes_an_end_that_is_near():
    """
    Half a year ahead there is a note; the option sets when.
    """
    (near,) = run_check(extended_support, instance("14.19"))
    (later,) = run_check(extended_support, instance("14.19"), notice_days=30)

    assert ("standard support of postgres 14 ends on 2027-02-28",) == near.notes
    assert Status.PASS is later.status
    assert () == later.notes


@pytest.mark.parametrize(
    "resource",
    [
        instance("10.11.14", engine="mariadb"),
        instance("8.0.42", engine="aurora-mysql", DBClusterIdentifier="ledger"),
        instance("1.3", engine="neptune"),
        cluster("5.0.0", "docdb"),
    ],
)
def test_leaves_out_engines_without_extended_support_and_members(resource):
    """
    Other engines have none; members are judged at their cluster.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(extended_support, resource))


@pytest.mark.parametrize("version", ["12.4", "19.1"])
def test_says_unknown_where_aws_tells_no_date(version):
    """
    A major version that is not listed, or without dates, is not guessed at: 1 is no beginning of 12.4.
    """
    assert [Status.UNKNOWN] == statuses(run_check(extended_support, instance(version)))
