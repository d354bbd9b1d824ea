from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.rds import DBCluster, DBInstance, GlobalCluster
from awsaudit_checks.exemption import refuse_exempt
from awsaudit_checks.rds.scope import is_aurora, refuse_outside_scope


@check(
    "rds-cluster-multi-az",
    title="Database clusters have members in two AZs",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_cluster_multi_az",),
    uses=(DBInstance.name, DBInstance.zone, DBInstance.instance_class, GlobalCluster.members),
    remediation=Remediation(
        text="Add an instance to the cluster in another availability zone, of the writer's class so that it can take over.",
        cli="aws rds create-db-instance --region {region} --db-cluster-identifier {name} --db-instance-identifier {reader} "
        "--engine {engine} --db-instance-class {instance_class} --availability-zone {zone}",
        terraform='resource "aws_rds_cluster_instance" "reader" {\n  cluster_identifier = {name}\n'
        "  identifier         = {reader}\n  engine             = {engine}\n  instance_class     = {instance_class}\n"
        "  availability_zone  = {zone}\n}",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
    ),
)
def cluster_multi_az(cluster: DBCluster, account: Inventory, *, exempt_tag: str = "") -> Iterator[Problem]:
    """
    Aurora keeps its storage in three availability zones, but somebody has to answer queries: when the zone of the only
    members fails, the database is down until a new one is made. Members in two zones pass; two in one zone do not. A
    lone member of the secondary of a global database is low, since the primary serves on. Multi-AZ clusters always
    span three zones.
    """
    refuse_outside_scope(cluster)
    refuse_exempt(cluster.tags, exempt_tag)
    _refuse_without_choice(cluster)
    if not is_aurora(cluster):
        if not cluster.multi_az:
            yield Problem("it is not Multi-AZ", expected="three zones", found="one zone")
        return
    names = {member.instance for member in cluster.members}
    found = [instance for instance in account.every(DBInstance, cluster.region) if instance.name in names]
    zones = {instance.zone for instance in found if instance.zone}
    if len(zones) > 1:
        return
    placed = {instance.name for instance in found if instance.zone}
    if placed != names:
        raise Undecided(f"the zone of {min(names - placed)} is not known yet")
    (zone,) = zones
    lone = len(names) == 1
    writers = {member.instance for member in cluster.members if member.writer} or names
    yield Problem(
        f"its only member is in {zone}" if lone else f"its {len(names)} members are all in {zone}",
        expected="members in two zones",
        found=zone,
        severity=Severity.LOW if lone and _is_secondary(cluster, account) else None,
        fill=_reader(cluster, zone, next(i.instance_class for i in found if i.name in writers)),
    )


def _refuse_without_choice(cluster: DBCluster) -> None:
    if cluster.engine_mode == "serverless":
        raise NotApplicable("Aurora Serverless v1 has no members; AWS moves it to another zone itself")
    if cluster.engine_mode == "multimaster":
        raise NotApplicable("a multi-master cluster has no readers to fail over to")
    if cluster.scalability == "limitless":
        raise NotApplicable("Aurora Limitless Database places its own nodes")
    if is_aurora(cluster) and not cluster.members:
        raise NotApplicable("it has no members")


def _is_secondary(cluster: DBCluster, account: Inventory) -> bool:
    def holds(candidate: GlobalCluster) -> bool:
        return any(m.cluster_arn == cluster.arn and not m.writer for m in candidate.members)

    return account.first(GlobalCluster, holds, cluster.region) is not None


def _reader(cluster: DBCluster, zone: str, instance_class: str) -> dict[str, str]:
    """Return what the command for one more member is filled with; without a zone to go to there is no command."""
    other = next((candidate for candidate in sorted(cluster.zones) if candidate != zone), None)
    if other is None:
        return {}
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (63 characters at most)
    name = f"{cluster.name[: 62 - len(other)].rstrip('-')}-{other}"

    return {"reader": name, "instance_class": instance_class, "zone": other}
