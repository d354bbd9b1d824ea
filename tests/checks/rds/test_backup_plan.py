from awsaudit import Status
from awsaudit.resources.backup import PROTECTED, ProtectedResource
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.backup_plan import backup_plan


def protected(name="db:deposits"):
    return fake(ProtectedResource, {PROTECTED: {"ResourceArn": f"arn:aws:rds:eu-west-1:111122223333:{name}"}})


def test_flags_a_database_without_a_copy(make_instance):
    """
    A copy of another one does not count.
    """
    (finding,) = run_check(backup_plan, make_instance(), protected("db:other"))

    assert Status.FAIL is finding.status
    assert "AWS Backup holds no copy of it, and its own backups are kept 7 days" == finding.message


def test_passes_copies_and_long_backups(make_instance):
    """
    A recovery point, or 35 days of its own; how many is an option.
    """
    assert [Status.PASS] == statuses(run_check(backup_plan, make_instance(), protected()))
    assert [Status.PASS] == statuses(run_check(backup_plan, make_instance(BackupRetentionPeriod=35)))
    assert [Status.PASS] == statuses(run_check(backup_plan, make_instance(), min_days=7))


def test_members_are_judged_at_the_cluster(make_instance):
    """
    They have no backups of their own.
    """
    member = make_instance(Engine="aurora-postgresql", DBClusterIdentifier="beacon")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(backup_plan, member))


def test_is_unknown_where_copies_cannot_be_seen(make_instance):
    """
    There may be one.
    """
    assert [Status.UNKNOWN] == statuses(run_check(backup_plan, make_instance(), unlisted=[ProtectedResource]))
