from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.scope import is_aurora, refuse_custom, refuse_outside_scope


@check(
    "rds-auto-minor-upgrade",
    title="Minor versions upgrade automatically",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_instance_minor_version_upgrade_enabled",),
    remediation=Remediation(
        text="Let RDS install minor versions in the maintenance window. One that is due already is installed in the next "
        "window and interrupts the database for a few minutes.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --auto-minor-version-upgrade",
        terraform='resource "aws_db_instance" "this" {\n  auto_minor_version_upgrade = true\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html",
    ),
)
def auto_minor_upgrade(instance: DBInstance) -> Iterator[Problem]:
    """
    Minor versions carry the engine's security fixes; where they wait for somebody, known holes stay open for months.
    Members of an Aurora cluster are judged one by one, since Aurora upgrades only if all of them allow it. RDS Custom must
    not have it, and Multi-AZ clusters have it at the cluster.
    """
    refuse_outside_scope(instance)
    refuse_custom(instance)
    if instance.cluster is not None and not is_aurora(instance):
        raise NotApplicable(f"a member of the Multi-AZ cluster {instance.cluster}, which is judged in its place")
    if not instance.auto_minor_upgrade:
        yield Problem("minor versions wait to be installed by hand", expected="automatic", found="off")
