from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Vpc
from awsaudit.resources.rds import DBCluster, DBSubnetGroup
from awsaudit_checks.rds.scope import Database, is_aurora, refuse_member, refuse_outside_scope


INSTANCE_FIX = (
    "aws rds restore-db-instance-to-point-in-time --region {region} --source-db-instance-identifier {name} "
    "--target-db-instance-identifier {moved} --use-latest-restorable-time --db-subnet-group-name {group} "
    "--no-publicly-accessible"
)
CLUSTER_FIX = (
    "aws rds restore-db-cluster-to-point-in-time --region {region} --source-db-cluster-identifier {name} "
    "--db-cluster-identifier {moved} --use-latest-restorable-time --db-subnet-group-name {group}"
)
AURORA_FIX = (
    CLUSTER_FIX + " && aws rds wait db-cluster-available --region {region} --db-cluster-identifier {moved} && "
    "aws rds create-db-instance --region {region} --db-cluster-identifier {moved} "
    "--db-instance-identifier {moved}-1 --engine {engine} "
    '--db-instance-class "$(aws rds describe-db-instances --region {region} --filters Name=db-cluster-id,Values={name} '
    "--query 'DBInstances[0].DBInstanceClass' --output text)\""
)
MULTI_AZ_FIX = (
    CLUSTER_FIX + ' --db-cluster-instance-class "$(aws rds describe-db-clusters --region {region} '
    "--db-cluster-identifier {name} --query 'DBClusters[0].DBClusterInstanceClass' --output text)\""
)


@check(
    "rds-in-vpc",
    title="Databases are not in the default VPC",
    severity=Severity.LOW,
    equivalents=("prowler:rds_instance_inside_vpc",),
    uses=(Vpc.id, Vpc.is_default, DBSubnetGroup.name, DBSubnetGroup.vpc_id),
    remediation=Remediation(
        text="Make a DB subnet group of private subnets in a VPC of your own, unless there is one, and restore the database "
        "into it under a new name; once applications use the copy, delete the original.",
        cli=INSTANCE_FIX,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.VPC2VPC.html",
    ),
)
def in_vpc(database: Database, account: Inventory) -> Iterator[Problem]:
    """
    Every subnet of the default VPC routes to the internet, and whatever is started without a thought lands beside the
    database and in its default security group. Clusters are judged once, in place of their members.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    vpc_id = _vpc_id(database, account)
    vpc = account.first(Vpc, lambda candidate: candidate.id == vpc_id, database.region)
    if vpc is None:
        raise Undecided(f"the VPC {vpc_id} is not among those that the account sees")
    if not vpc.is_default:
        return
    engine = {"engine": database.engine}
    yield Problem(
        f"it is in the default VPC {vpc_id}",
        expected="a VPC of its own",
        found=vpc_id,
        fill=_elsewhere(database, account) | engine,
        cli=_fix(database),
    )


def _vpc_id(database: Database, account: Inventory) -> str:
    if not isinstance(database, DBCluster):
        vpc_id = database.vpc_id
    elif database.subnet_group is None:
        vpc_id = None
    else:
        name = database.subnet_group
        group = account.first(DBSubnetGroup, lambda candidate: candidate.name == name, database.region)
        if group is None:
            raise Undecided(f"the subnet group {name} is not listed")
        vpc_id = group.vpc_id
    if vpc_id is None:
        raise NotApplicable("it is outside every VPC")

    return vpc_id


def _fix(database: Database) -> str | None:
    if not isinstance(database, DBCluster):
        return None

    return AURORA_FIX if is_aurora(database) else MULTI_AZ_FIX


def _elsewhere(database: Database, account: Inventory) -> dict[str, str]:
    """Return what the command is filled with; without a subnet group in another VPC there is no command."""
    region = database.region
    own = {vpc.id for vpc in account.seen(Vpc, region) if not vpc.is_default}
    groups = sorted(group.name for group in account.seen(DBSubnetGroup, region) if group.vpc_id in own)
    if not groups:
        return {}

    return {"group": groups[0], "moved": f"{database.name[:55].rstrip('-')}-moved"}
