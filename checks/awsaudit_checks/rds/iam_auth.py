from collections.abc import Iterator

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBInstance
from awsaudit_checks.rds.offer import refuse_unoffered
from awsaudit_checks.rds.scope import refuse_custom, refuse_member, refuse_outside_scope


@check(
    "rds-iam-auth",
    title="Instances accept IAM authentication",
    severity=Severity.LOW,
    equivalents=("prowler:rds_instance_iam_authentication_enabled",),
    remediation=Remediation(
        text="Turn on IAM authentication, then let database users log in with it; passwords go on working.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} "
        "--enable-iam-database-authentication --apply-immediately",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html",
    ),
)
def iam_auth(instance: DBInstance) -> Iterator[Problem | Note]:
    """
    A password of a database user is shared, kept somewhere, and works from wherever it leaks to; a token of IAM belongs to
    one role and is over after a quarter of an hour. Engines and versions that know no IAM authentication are not judged, nor
    are members of clusters, whose setting is the cluster's.
    """
    refuse_outside_scope(instance)
    refuse_member(instance)
    refuse_custom(instance)
    if instance.iam_auth_pending:
        yield Note("it is about to be switched on")
        return
    if instance.iam_auth:
        return
    if not instance.engine.startswith(("mysql", "mariadb", "postgres")):
        raise NotApplicable(f"{instance.engine} knows no IAM authentication")
    refuse_unoffered(instance, [offer.iam for offer in instance.offers], "IAM authentication")
    yield Problem("IAM authentication is off", expected="on", found="off")
