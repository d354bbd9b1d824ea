from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.scope import is_aurora, refuse_outside_scope


@check(
    "rds-cluster-auto-minor-upgrade",
    title="Multi-AZ clusters upgrade minor versions automatically",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_cluster_minor_version_upgrade_enabled",),
    remediation=Remediation(
        text="Let RDS install minor versions in the maintenance window. One that is due already is installed in the next "
        "window and interrupts the cluster for a moment.",
        cli="aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --auto-minor-version-upgrade",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-upgrading.html",
    ),
)
def cluster_auto_minor_upgrade(cluster: DBCluster) -> Iterator[Problem]:
    """
    Minor versions carry the engine's security fixes; where they wait for somebody, known holes stay open for months. In a
    Multi-AZ cluster the setting is the cluster's; in Aurora it is each member's, and judged there.
    """
    refuse_outside_scope(cluster)
    if is_aurora(cluster):
        raise NotApplicable("the setting is that of each Aurora member, where it is judged")
    if not cluster.auto_minor_upgrade:
        yield Problem("minor versions wait to be installed by hand", expected="automatic", found="off")
