from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, by_reach, closing, opened, problem, refuse_allowed


PORTS: Final = {
    3306: "MySQL",
    5432: "PostgreSQL",
    1433: "SQL Server",
    1521: "Oracle",
    2483: "Oracle",
    2484: "Oracle",
    5439: "Redshift",
    27017: "MongoDB",
    27018: "MongoDB",
    27019: "MongoDB",
    6379: "Redis",
    9042: "Cassandra",
    7000: "Cassandra",
    7001: "Cassandra",
    7199: "Cassandra",
    9160: "Cassandra",
    11211: "Memcached",
    9200: "Elasticsearch",
    9300: "Elasticsearch",
    8086: "InfluxDB",
    7687: "Neo4j",
}
UDP: Final = {1434: "SQL Server Browser", 11211: "Memcached"}


@check(
    "ec2-sg-database-ports-open",
    title="Database ports are not open to the internet",
    severity=Severity.CRITICAL,
    equivalents=(
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mysql_3306",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_postgres_5432",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_sql_server_1433_1434",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_oracle_1521_2483",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mongodb_27017_27018",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_redis_6379",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_cassandra_7199_9160_8888",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_memcached_11211",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_elasticsearch_kibana_9200_9300_5601",
    ),
    uses=USES,
    remediation=closing("Revoke the rules, and admit the security groups of the applications in their place."),
)
def sg_database_ports_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    A database or cache on the internet is found within hours; many of these ask for no password as they come. Critical
    where somebody on the internet reaches an interface. An RDS database is told of by rds-security-group-open besides.
    It is low where a rule is open and nothing leads to it yet, and a remark on groups without an interface. Groups
    named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = (*opened(group, PORTS, account), *opened(group, UDP, account, "udp"))
    yield from problem(group, found, by_reach(Severity.CRITICAL), {**PORTS, **UDP})
