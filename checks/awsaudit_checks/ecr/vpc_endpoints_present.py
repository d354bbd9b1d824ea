import json

from collections.abc import Collection, Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.network import default_routes, route_table_of
from awsaudit.resources.ec2 import RouteTable, Subnet, Vpc, VpcEndpoint
from awsaudit.resources.ecs import ContainerInstance, Service
from awsaudit.resources.eks import Cluster
from awsaudit_checks.ecr.workload import workload_subnets


_INTERFACES = ("ecr.api", "ecr.dkr")
_GROUP = (
    "GROUP=$(aws ec2 create-security-group --region {region} --vpc-id {id} --group-name ecr-endpoints "
    "--description ECR --query GroupId --output text) && aws ec2 authorize-security-group-ingress --region {region} "
    '--group-id "$GROUP" --ip-permissions {from_vpc}'
)
_INTERFACE = (
    "aws ec2 create-vpc-endpoint --region {region} --vpc-id {id} --vpc-endpoint-type Interface "
    'PLACE --subnet-ids {subnets} --security-group-ids "$GROUP" --private-dns-enabled'
)
_CREATE = {
    "ecr.api": _INTERFACE.replace("PLACE", "--service-name {api}"),
    "ecr.dkr": _INTERFACE.replace("PLACE", "--service-name {dkr}"),
    "s3": "aws ec2 create-vpc-endpoint --region {region} --vpc-id {id} --vpc-endpoint-type Gateway --service-name {s3} "
    "--route-table-ids {tables}",
}
_EXTEND = "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id {gateway} --add-route-table-ids {tables}"


@check(
    "ecr-vpc-endpoints-present",
    title="VPCs with EKS/ECS workloads reach ECR privately",
    severity=Severity.MEDIUM,
    uses=(Cluster, ContainerInstance, RouteTable, Service, Subnet, VpcEndpoint),
    remediation=Remediation(
        text="Make interface endpoints for ECR's API and for its Docker registry, open to the VPC on port 443, and a "
        "gateway endpoint for S3, where the layers are. Interface endpoints are paid by the hour; the gateway is free.",
        cli=" && ".join((_GROUP, *_CREATE.values())),
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    ),
)
def vpc_endpoints_present(vpc: Vpc, account: Inventory) -> Iterator[Problem]:
    """
    Without endpoints images are pulled over the internet, through a NAT gateway that is paid by the byte and fails as
    one; in subnets without one no pod starts. Endpoints for ecr.api, ecr.dkr and S3 pass; the S3 gateway has to be in
    the route tables of the workloads. Low where the workloads have a NAT route. Where endpoints may be central, behind
    a transit gateway or a private hosted zone, it is unknown.
    """
    if vpc.owner != vpc.account:
        raise Undecided(f"account {vpc.owner} shares it with this one and has its endpoints")
    found = False
    for kind, subnets in workload_subnets(vpc, account):
        found = True
        problem = _problem(vpc, kind, subnets, account)
        if problem:
            yield problem
            return
    if not found:
        raise NotApplicable("no EKS cluster or ECS workload runs in it")


def _problem(vpc: Vpc, kind: str, subnets: Collection[str], account: Inventory) -> Problem | None:
    endpoints = [e for e in account.every(VpcEndpoint, vpc.region) if e.vpc_id == vpc.id]
    tables = {subnet: route_table_of(subnet, vpc.id, vpc.region, account) for subnet in sorted(subnets)}
    table_ids = sorted({table.id for table in tables.values() if table})
    gateway = next((e for e in endpoints if _serves(e, "s3") and e.kind == "Gateway" and _works(e)), None)
    missing = [name for name in (*_INTERFACES, "s3") if not any(_serves(e, name) and _private(e) for e in endpoints)]
    lacking = sorted(set(table_ids) - set(gateway.route_table_ids)) if gateway else table_ids
    if "s3" in missing and gateway and not lacking:
        missing.remove("s3")
    if not missing:
        return None
    _refuse_elsewhere(missing, endpoints, [table for table in tables.values() if table])
    needs_group = any(name in missing for name in _INTERFACES)
    steps = [_EXTEND if name == "s3" and gateway else _CREATE[name] for name in missing]

    return Problem(
        f"{kind} workloads run in it, but it has no working endpoint for {', '.join(missing)}"
        + (f" in {', '.join(lacking)}" if missing == ["s3"] and gateway else ""),
        expected="endpoints for ecr.api, ecr.dkr and s3",
        found=", ".join(sorted({e.service_name for e in endpoints if _works(e)})) or "none",
        severity=Severity.LOW if all(map(_has_nat, tables.values())) else None,
        cli=" && ".join([*([_GROUP] if needs_group else []), *steps]),
        path=(
            Hop(", ".join(sorted(subnets)), Subnet.type, f"{kind} workloads run in these subnets"),
            Hop(vpc.arn, Vpc.type, f"by the route tables {', '.join(table_ids)}" if table_ids else "by no route table"),
            Hop(_service_name(vpc, missing[0]), VpcEndpoint.type, "no working endpoint", holds=False),
        ),
        fill={
            "from_vpc": _from(vpc.cidrs),
            "subnets": json.dumps(_one_a_zone(subnets, vpc.region, account)),
            "tables": json.dumps(lacking),
            "gateway": gateway.id if gateway else "",
            "api": _service_name(vpc, "ecr.api"),
            "dkr": _service_name(vpc, "ecr.dkr"),
            "s3": _service_name(vpc, "s3"),
        },
    )


def _serves(endpoint: VpcEndpoint, name: str) -> bool:
    return endpoint.service_name.endswith(f".{name}")


def _works(endpoint: VpcEndpoint) -> bool:
    return endpoint.state.lower() == "available"


def _private(endpoint: VpcEndpoint) -> bool:
    return endpoint.kind == "Interface" and endpoint.private_dns and _works(endpoint)


def _has_nat(table: RouteTable | None) -> bool:
    return table is not None and any(route.nat_gateway for route in default_routes(table))


def _refuse_elsewhere(
    missing: Collection[str], endpoints: Collection[VpcEndpoint], tables: Collection[RouteTable]
) -> None:
    """Raise Undecided where what is missing here may be somewhere else."""
    for endpoint in endpoints:
        name = next((name for name in missing if _serves(endpoint, name)), None)
        if name and endpoint.kind == "Interface" and _works(endpoint) and not endpoint.private_dns:
            raise Undecided(f"{endpoint.id} serves {name} without private DNS; a private hosted zone may lead to it")
        if name and endpoint.state.lower().startswith("pending"):
            raise Undecided(f"{endpoint.id} for {name} is {endpoint.state}")
    for route in (route for table in tables for route in default_routes(table)):
        if route.transit_gateway or route.peering:
            raise Undecided(
                f"its default route leads to {route.transit_gateway or route.peering}: endpoints may be there"
            )


def _from(cidrs: Collection[str]) -> str:
    ranges = [{"CidrIp": cidr} for cidr in cidrs]
    return json.dumps([{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}])


def _one_a_zone(subnets: Collection[str], region: str, account: Inventory) -> list[str]:
    """Return one of *subnets* for each zone: an endpoint takes no more."""
    zones: dict[str, str] = {}
    for subnet in sorted(account.every(Subnet, region), key=lambda s: s.id):
        if subnet.id in subnets:
            zones.setdefault(subnet.zone, subnet.id)

    return sorted(zones.values())


def _service_name(vpc: Vpc, name: str) -> str:
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html (China's begin otherwise)
    china = "cn." if vpc.partition == "aws-cn" and name != "s3" else ""
    return f"{china}com.amazonaws.{vpc.region}.{name}"
