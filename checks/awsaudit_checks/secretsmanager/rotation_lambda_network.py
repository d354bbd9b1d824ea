import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.network import default_routes, network, route_table_of
from awsaudit.resources.ec2 import RouteTable, SecurityGroup, Subnet, VpcEndpoint
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_replica


_HTTPS: Final = 443
_CREATE: Final = (
    "GROUP=$(aws ec2 create-security-group --region {region} --vpc-id {vpc} --group-name secretsmanager-endpoint "
    "--description 'Secrets Manager' --query GroupId --output text) && aws ec2 authorize-security-group-ingress "
    '--region {region} --group-id "$GROUP" --protocol tcp --port 443 --source-group {function_group} && '
    "aws ec2 create-vpc-endpoint --region {region} --vpc-id {vpc} --vpc-endpoint-type Interface "
    '--service-name {service} --subnet-ids {subnets} --security-group-ids "$GROUP" --private-dns-enabled'
)
_ADMIT: Final = (
    "aws ec2 authorize-security-group-ingress --region {region} --group-id {endpoint_group} --protocol tcp --port 443 "
    "--source-group {function_group}"
)


@check(
    "secretsmanager-rotation-lambda-network",
    title="The rotation function can reach Secrets Manager",
    severity=Severity.MEDIUM,
    uses=(
        Function.arn, Function.name, Function.vpc_id, Function.subnet_ids, Function.security_group_ids, RouteTable,
        SecurityGroup.id, SecurityGroup.ingress, Subnet.id, Subnet.cidr, VpcEndpoint.id, VpcEndpoint.vpc_id,
        VpcEndpoint.service_name, VpcEndpoint.state, VpcEndpoint.kind, VpcEndpoint.private_dns,
        VpcEndpoint.security_groups,
    ),
    remediation=Remediation(
        text="Make an interface endpoint for Secrets Manager in the function's VPC, open to the function on port 443, or "
        "give its subnets a default route to a NAT gateway.",
        cli=_CREATE,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html",
    ),
)  # fmt: skip
def rotation_lambda_network(secret: Secret, account: Inventory) -> Iterator[Problem]:
    """
    A function in a VPC has no public address: without a NAT gateway or an endpoint it waits for Secrets Manager until it
    times out, and the rotation fails every time. A default route to a NAT gateway passes, and so does an interface endpoint
    with private DNS whose security groups let the function in. An internet gateway does not help a function.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    if not secret.rotates or not secret.rotation_function:
        raise NotApplicable("no function of yours rotates it")
    function = account.by_arn(Function, ":".join(secret.rotation_function.split(":")[:7]))
    if function is None:
        raise NotApplicable("its rotation function does not exist")
    if not function.vpc_id:
        raise NotApplicable("its rotation function is in no VPC")
    path = (
        Hop(secret.arn, Secret.type),
        Hop(function.arn, Function.type, "rotates it"),
        Hop(function.vpc_id, "AWS::EC2::VPC", "reaches out of this VPC"),
    )
    closed = [subnet for subnet in function.subnet_ids if not _leads_out(subnet, function, account, path)]
    if not closed:
        return
    endpoint = _endpoint(function, account, path)
    if endpoint is None:
        yield _without_endpoint(function, closed, path)
    elif not _lets_in(endpoint, function, account):
        yield _behind_closed_groups(function, endpoint, path)


def _leads_out(subnet: str, function: Function, account: Inventory, path: tuple[Hop, ...]) -> bool:
    """Tell whether the default route of *subnet* takes a function to the internet."""
    table = route_table_of(subnet, str(function.vpc_id), function.region, account)
    for route in default_routes(table) if table else ():
        if route.nat_gateway:
            return True
        if not (route.gateway or "").startswith(("igw-", "eigw-")):
            raise Undecided(f"the default route of {subnet} leads where Secrets Manager may be or may not be", path)

    return False


def _endpoint(function: Function, account: Inventory, path: tuple[Hop, ...]) -> VpcEndpoint | None:
    for endpoint in account.every(VpcEndpoint, function.region):
        named = endpoint.service_name.endswith(".secretsmanager") and endpoint.kind == "Interface"
        if named and endpoint.vpc_id == function.vpc_id and endpoint.state.lower() == "available":
            if not endpoint.private_dns:
                raise Undecided(f"{endpoint.id} has no private DNS; a private hosted zone may lead to it", path)
            return endpoint

    return None


def _lets_in(endpoint: VpcEndpoint, function: Function, account: Inventory) -> bool:
    subnets = [
        network(s.cidr) for s in account.every(Subnet, function.region) if s.id in function.subnet_ids and s.cidr
    ]
    for group in account.every(SecurityGroup, function.region):
        for entry in group.ingress if group.id in endpoint.security_groups else ():
            if entry.covers(_HTTPS) and (
                set(entry.groups) & set(function.security_group_ids)
                or entry.prefix_lists
                or any(inside.network_address in network(cidr) for cidr in entry.ipv4 for inside in subnets)
            ):
                return True

    return False


def _without_endpoint(function: Function, closed: list[str], path: tuple[Hop, ...]) -> Problem:
    service = f"com.amazonaws.{function.region}.secretsmanager"
    return Problem(
        f"{function.name} cannot reach Secrets Manager from {', '.join(closed)}: no route to a NAT gateway, no endpoint",
        expected="a NAT gateway or an interface endpoint",
        found="neither",
        path=(
            *path,
            Hop(service, VpcEndpoint.type, "there is none, nor a default route to a NAT gateway", holds=False),
        ),
        fill={
            "vpc": str(function.vpc_id),
            "service": service,
            "subnets": json.dumps(closed),
            **_function_group(function),
        },
    )


def _behind_closed_groups(function: Function, endpoint: VpcEndpoint, path: tuple[Hop, ...]) -> Problem:
    stop = Hop(endpoint.id, VpcEndpoint.type, "its security groups do not let the function in on port 443", holds=False)
    return Problem(
        f"{endpoint.id} does not let {function.name} in on port 443",
        expected="port 443 open to the function",
        found="closed",
        path=(*path, stop),
        cli=_ADMIT,
        fill={"endpoint_group": endpoint.security_groups[0], **_function_group(function)}
        if endpoint.security_groups
        else {},
    )


def _function_group(function: Function) -> dict[str, str]:
    return {"function_group": function.security_group_ids[0]} if function.security_group_ids else {}
