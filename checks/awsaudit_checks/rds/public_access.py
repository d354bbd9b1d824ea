from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import (
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    NetworkAcl,
    PrefixList,
    RouteTable,
    SecurityGroup,
)
from awsaudit.resources.rds import DBCluster, DBSubnetGroup
from awsaudit_checks.rds.exposure import Way, place_of_cluster, place_of_instance, way_to
from awsaudit_checks.rds.scope import Database, is_aurora, refuse_passing


NEPTUNE_FIX = (
    "aws neptune modify-db-instance --region {region} --db-instance-identifier {name} --no-publicly-accessible "
    "--apply-immediately"
)
# ModifyDBCluster has no such setting.
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html
CLUSTER_FIX = (
    "aws rds restore-db-cluster-to-point-in-time --region {region} --source-db-cluster-identifier {name} "
    "--db-cluster-identifier {restored} --use-latest-restorable-time --no-publicly-accessible "
    "--db-subnet-group-name {subnet_group} --db-cluster-instance-class "
    '"$(aws rds describe-db-clusters --region {region} --db-cluster-identifier {name} '
    "--query 'DBClusters[0].DBClusterInstanceClass' --output text)\""
)
GATEWAY_FIX = (
    "aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --enable-vpc-networking "
    "--no-enable-internet-access-gateway --apply-immediately"
)


@check(
    "rds-public-access",
    title="Databases are not reachable from the internet",
    severity=Severity.CRITICAL,
    equivalents=("prowler:rds_instance_no_public_access",),
    uses=(
        SecurityGroup,
        RouteTable,
        NetworkAcl,
        PrefixList,
        BlockPublicAccess,
        BlockPublicAccessExclusion,
        DBSubnetGroup,
    ),
    remediation=Remediation(
        text="Take the public address away; it takes effect at once. Clients outside the VPC then need a VPN, a bastion or "
        "an RDS Proxy. A Multi-AZ cluster keeps the setting it was made with: restore a private copy and move to it.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --no-publicly-accessible "
        "--apply-immediately",
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
)
def public_access(database: Database, account: Inventory) -> Iterator[Problem]:
    """
    A database with a public address is found by scanners within minutes, and its password is all that protects it. It is
    critical where security group, route and network ACL let the whole internet in, and medium while one of them does not:
    one rule then opens it. Databases of Neptune and DocumentDB are judged too, members of Aurora clusters one by one.
    """
    refuse_passing(database)
    if isinstance(database, DBCluster):
        yield from _of_cluster(database, account)
        return
    if database.cluster is not None and database.engine in {"mysql", "postgres"}:
        raise NotApplicable(f"a member of the Multi-AZ cluster {database.cluster}, which is judged in its place")
    if database.public:
        way = way_to(place_of_instance(database), account)
        yield _problem(way, cli=NEPTUNE_FIX if database.engine == "neptune" else None)


def _of_cluster(cluster: DBCluster, account: Inventory) -> Iterator[Problem]:
    if cluster.internet_gateway:
        yield Problem(
            "it is reached over an internet access gateway, outside every VPC",
            expected="VPC networking",
            found="internet access gateway",
            severity=Severity.HIGH,
            cli=GATEWAY_FIX,
        )
    elif cluster.public:
        fill = {"restored": f"{cluster.name[:55].rstrip('-')}-private"}
        if cluster.subnet_group:
            fill["subnet_group"] = cluster.subnet_group
        yield _problem(way_to(place_of_cluster(cluster, account), account), cli=CLUSTER_FIX, fill=fill)
    elif cluster.vpc_networking is not False and (is_aurora(cluster) or cluster.engine in {"neptune", "docdb"}):
        raise NotApplicable("the address is that of each member, where it is judged")


def _problem(way: Way, cli: str | None, fill: dict[str, str] | None = None) -> Problem:
    return Problem(
        f"it has a public address, and {way.words}" if way.is_open else f"it has a public address, yet {way.words}",
        expected="a private address",
        found="publicly accessible",
        severity=Severity.CRITICAL if way.is_open else Severity.MEDIUM,
        fill=fill or {},
        cli=cli,
    )
