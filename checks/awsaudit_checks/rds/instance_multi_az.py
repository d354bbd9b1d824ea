from collections.abc import Iterator

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.exemption import refuse_exempt
from awsaudit_checks.rds.scope import refuse_custom, refuse_member, refuse_outside_scope, refuse_replica


@check(
    "rds-instance-multi-az",
    title="RDS instances are Multi-AZ",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_instance_multi_az",),
    remediation=Remediation(
        text="Turn on Multi-AZ. It costs a second instance and no downtime; writes take a little longer.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --multi-az --apply-immediately",
        terraform='resource "aws_db_instance" "this" {\n  multi_az = true\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Migrating.html",
    ),
)
def instance_multi_az(instance: DBInstance, *, exempt_tag: str = "") -> Iterator[Problem | Note]:
    """
    An instance in one availability zone is down for as long as its zone is, and during many a maintenance; its data
    come back only out of a backup if the storage is lost. A standby in another zone takes over within minutes. Members
    of clusters and replicas are not judged, nor what has no Multi-AZ: RDS Custom, SQL Server Express, Outposts.
    """
    refuse_outside_scope(instance)
    refuse_member(instance)
    refuse_replica(instance)
    refuse_custom(instance)
    refuse_exempt(instance.tags, exempt_tag)
    if instance.engine == "sqlserver-ex":
        raise NotApplicable("SQL Server Express has no Multi-AZ")
    if instance.backup_target not in {None, "region"}:
        raise NotApplicable("it is on an Outpost or in a Local Zone, where there is no other zone")
    if instance.multi_az:
        return
    if instance.multi_az_pending:
        yield Note("Multi-AZ is about to be turned on")
    else:
        zone = instance.zone or "one zone"
        yield Problem(f"it runs in {zone} alone", expected="Multi-AZ", found="Single-AZ")
