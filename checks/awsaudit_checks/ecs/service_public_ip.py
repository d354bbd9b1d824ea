import json

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.network import admitted, is_whole_internet
from awsaudit.resources.ec2 import Permission, PrefixList, SecurityGroup
from awsaudit.resources.ecs import Placement, Service
from awsaudit_checks.ecs.placement import PLACES, gateway_of, groups_of, subnets_of
from awsaudit_checks.iam.certain import certain


@check(
    "ecs-service-public-ip",
    title="Services assign no public IP",
    severity=Severity.HIGH,
    uses=(*PLACES, PrefixList, SecurityGroup.ingress),
    equivalents=("prowler:ecs_service_no_assign_public_ip", "prowler:ecs_task_set_no_assign_public_ip"),
    remediation=Remediation(
        text="Put a load balancer before the tasks and take their public addresses away. Without them tasks need a NAT gateway "
        "or endpoints (ECR, S3, logs, Secrets Manager) in their subnets, or they cannot start: see to that first.",
        cli="aws ecs update-service --region {region} --cluster {cluster} --service {arn} --network-configuration {network}",
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html",
    ),
)
def service_public_ip(service: Service, account: Inventory) -> Iterator[Problem]:
    """
    Each task then has an address that the internet may call, past the load balancer and its certificate, and one slip in a
    security group is enough. High where a group lets the whole internet in and a route leads there, else medium. Task sets
    and deployments under way count. Services in other network modes than awsvpc are not judged: their hosts are.
    """
    if service.status != "ACTIVE":
        raise NotApplicable("it is being deleted")
    if not service.placements:
        raise NotApplicable("its tasks have no interfaces of their own")
    public = [place for place in service.placements if place.public_ip]
    if not public:
        return
    own = next((place for place in public if place.by == "service"), None)
    asks: tuple[Callable[[], str], ...] = (partial(_way, public, service, account), _untold)
    way = certain(asks, _asked, most=1)[0]
    yield Problem(
        f"its tasks get public addresses{'' if own else f', by {public[0].by}'}{way}",
        expected="assignPublicIp: DISABLED",
        found="assignPublicIp: ENABLED",
        severity=Severity.HIGH if way not in {"", _UNTOLD} else Severity.MEDIUM,
        fill=_fill(service, own) if own else {},
    )


_UNTOLD: Final = "; whether the internet gets to them could not be told"


def _untold() -> str:
    return _UNTOLD


def _asked(ask: Callable[[], str]) -> str:
    return ask()


def _way(public: list[Placement], service: Service, account: Inventory) -> str:
    """Return how the internet gets to the tasks, as a phrase; empty if it does not."""
    for place in public:
        subnets = subnets_of(place, service.region, account)
        groups = groups_of(place, service.region, account)
        routed = certain(subnets, lambda subnet: gateway_of(subnet, account), most=1)
        opened = certain(groups, lambda group: _opened(group, account), most=1) if routed else ()
        if opened:
            return f", and the internet gets to them: {opened[0]}"

    return ""


def _opened(group: SecurityGroup, account: Inventory) -> str | None:
    """Return what *group* opens to the whole internet, as a phrase; None if it opens nothing."""

    def wide(entry: Permission) -> str | None:
        whole = is_whole_internet(entry.ipv4) or is_whole_internet(_ipv4(entry, group, account))
        return f"{group.id} lets everybody in on {_ports(entry)}" if whole else None

    return next(iter(certain(group.ingress, wide, most=1)), None)


def _ipv4(entry: Permission, group: SecurityGroup, account: Inventory) -> tuple[str, ...]:
    return tuple(cidr for cidr in admitted(entry, group.region, account) if ":" not in cidr)


def _ports(entry: Permission) -> str:
    if entry.from_port is None or entry.protocol == "-1":
        return "every port"

    return f"port {entry.from_port}" if entry.from_port == entry.to_port else f"ports {entry.from_port}-{entry.to_port}"


def _fill(service: Service, place: Placement) -> dict[str, str]:
    """Return what fills the command; nothing where another than ECS deploys, and takes no such change from here."""
    cluster = service.parent_resource
    if service.rollout.controller != "ECS" or cluster is None:
        return {}
    named = {"subnets": list(place.subnet_ids), "securityGroups": list(place.group_ids), "assignPublicIp": "DISABLED"}
    network = {"awsvpcConfiguration": {name: value for name, value in named.items() if value}}

    return {"network": json.dumps(network, separators=(",", ":")), "cluster": str(cluster.know("arn"))}
