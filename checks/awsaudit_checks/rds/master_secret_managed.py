from collections.abc import Iterator

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBCluster
from awsaudit_checks.rds.scope import Database, refuse_custom, refuse_member, refuse_outside_scope, refuse_replica


@check(
    "rds-master-secret-managed",
    title="The master password is managed in Secrets Manager",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Let RDS keep the master password in Secrets Manager and rotate it. The password changes at once: let "
        "applications that use the master user read it from the secret first.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --manage-master-user-password "
        "--apply-immediately",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
    ),
)
def master_secret_managed(database: Database) -> Iterator[Problem | Note]:
    """
    A master password that people set stays as it is for years, and lies in infrastructure state, wikis and shell
    histories. In Secrets Manager nobody needs to know it and RDS changes it every week. What cannot have it is not judged:
    replicas, global databases, Serverless v1, RDS Custom, Oracle with tenant databases.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    refuse_replica(database)
    refuse_custom(database)
    _refuse_unable(database)
    if database.master_secret is not None:
        return
    replicas = _replicas(database)
    if replicas:
        yield Note(f"a source of replicas cannot be switched; it is that of {', '.join(replicas)}")
    else:
        yield Problem(
            "the master password is set by hand",
            expected="a secret that RDS manages",
            found="none",
            cli=CLUSTER_FIX if isinstance(database, DBCluster) else None,
        )


CLUSTER_FIX = (
    "aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --manage-master-user-password "
    "--apply-immediately"
)


def _refuse_unable(database: Database) -> None:
    if not isinstance(database, DBCluster):
        if database.multi_tenant:
            raise NotApplicable("each tenant database has a master password of its own")
        return
    if database.engine_mode == "serverless":
        raise NotApplicable("Aurora Serverless v1 cannot manage its password")
    if database.global_cluster is not None:
        raise NotApplicable(f"a cluster of the global database {database.global_cluster} cannot manage its password")
    if database.vpc_networking is False:
        raise NotApplicable("a cluster without a VPC has no master password")


def _replicas(database: Database) -> tuple[str, ...]:
    if isinstance(database, DBCluster):
        return database.replicas
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
    if database.engine.startswith("sqlserver"):
        return ()

    return (*database.replicas, *database.replica_clusters)
