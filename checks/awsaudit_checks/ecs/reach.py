"""How far the internet gets to a port of the tasks that a revision is started as."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from attrs import evolve, frozen

from awsaudit import Hop, Inventory, Undecided
from awsaudit.network import acl_admits
from awsaudit.reachability import Family, Reach, Source, Way, faces_internet, sources, way_to_interface
from awsaudit.resources.ec2 import NetworkInterface, SecurityGroup, Subnet
from awsaudit.resources.ecs import ContainerInstance, Placement, Service, Task
from awsaudit.resources.elbv2 import LoadBalancer, TargetGroup
from awsaudit_checks.ec2.facing import FACING, groups_on
from awsaudit_checks.ecs.placement import PLACES, gateway_of, groups_of, subnets_of
from awsaudit_checks.iam.certain import certain


TASK_REACH: Final = (
    *FACING, *PLACES, Service.arn, Service.task_definition_arns, Service.placements, Service.balanced, Task.arn,
    Task.task_definition_arn, Task.interface_ids, Task.host_arn, Task.bindings, ContainerInstance.arn,
    ContainerInstance.instance_id,
)  # fmt: skip
"""What `way_to_tasks` looks at, for the ``uses`` of a check."""


@frozen
class Door:
    """
    A port that a container listens on.

    Args:
        revision: The ARN of the revision.

        region: Its region.

        network_mode: Its network mode; None for Docker's default.

        container: The name of the container.

        port: The port, as the container has it.
    """

    revision: str
    region: str
    network_mode: str | None
    container: str
    port: int


@frozen
class _Entry:
    """
    A port that the whole internet may call, as far as a security group is asked.

    Args:
        group: The security group.

        source: The entry that says so.

        port: The port.
    """

    group: SecurityGroup
    source: Source
    port: int

    @property
    def words(self) -> str:
        return f"{self.group.id} opens it to {self.source.words}"

    @property
    def hop(self) -> Hop:
        return Hop(self.group.id, SecurityGroup.type, f"opens port {self.port} to {self.source.words}")


def way_to_tasks(door: Door, account: Inventory) -> Way | None:
    """
    Return how far the internet gets to *door*; None where no security group and no load balancer opens it.

    Services are judged by where they put their tasks and which load balancers find them, whether or not tasks run; other
    tasks, and those that share their host's interfaces, while they run.

    Raises:
        EvidenceMissing, Undecided: Nothing that could be seen opens it, and not everything could.
    """
    asks = (partial(_by_services, door, account), partial(_by_tasks, door, account))
    ways = [way for found in certain(asks, lambda ask: ask() or None) for way in found]

    return next((way for way in ways if way.reach is Reach.PUBLIC), next(iter(ways), None))


def _services(door: Door, account: Inventory) -> tuple[Service, ...]:
    every = account.every(Service, door.region)
    return account.those_of(every, lambda service: door.revision in service.task_definition_arns)


def _by_services(door: Door, account: Inventory) -> tuple[Way, ...]:
    asks = [
        partial(find, service, door, account)
        for service in _services(door, account)
        for find in (_balanced, _by_places)
    ]
    return tuple(way for found in certain(asks, lambda ask: ask() or None) for way in found)


def _balanced(service: Service, door: Door, account: Inventory) -> tuple[Way, ...]:
    """Return the way through a load balancer that faces the internet and finds the tasks of *service* at *door*."""
    found = [each for each in service.balanced if (each.container, each.port) == (door.container, door.port)]
    names = {arn for each in found for arn in each.group_arns}
    if not names:
        return ()
    groups = [group for group in account.every(TargetGroup, door.region) if group.arn in names]
    arns = {arn for group in groups for arn in group.balancer_arns}
    balancer = account.first(LoadBalancer, lambda b: b.arn in arns and faces_internet(b, account), door.region)
    if balancer is None:
        return ()
    front = Hop(balancer.arn, LoadBalancer.type, "faces the internet")
    last = Hop(service.arn, Service.type, f"its tasks get what the load balancer sends to port {door.port}")
    words = f"the load balancer {balancer.name} sends it to the service {_tail(service.arn)}"

    return (Way(Reach.PUBLIC, words, (Hop("internet", "internet"), front, last)),)


def _by_places(service: Service, door: Door, account: Inventory) -> tuple[Way, ...]:
    if door.network_mode != "awsvpc":
        return ()
    tries = (
        (place, _Entry(group, source, door.port))
        for place in service.placements
        for group in groups_of(place, door.region, account)
        for _, source in sources(group, (door.port,), account)
    )

    return certain(tries, lambda each: _into(service, *each, account))


def _into(service: Service, place: Placement, entry: _Entry, account: Inventory) -> Way:
    """Return how far *entry* leads into *place*."""
    name = f"the service {_tail(service.arn)}"
    if not place.public_ip or Family.IPV4 not in entry.source.families:
        last = Hop(service.arn, Service.type, "gives its tasks no public address", holds=False)
        return Way(Reach.LATENT, f"{entry.words}, but {name} gives its tasks no public address", (entry.hop, last))
    entered = certain(
        subnets_of(place, service.region, account),
        lambda subnet: subnet if _is_entered(subnet, entry.port, account) else None,
        most=1,
    )
    if not entered:
        last = Hop(service.arn, Service.type, "no route from the internet leads to its tasks", holds=False)
        words = f"{entry.words}, but no route from the internet leads to the tasks of {name}"
        return Way(Reach.LATENT, words, (entry.hop, last))
    routed = Hop(entered[0].id, Subnet.type, "an internet gateway leads into it")
    last = Hop(service.arn, Service.type, "gives its tasks public addresses there")

    return Way(
        Reach.PUBLIC,
        f"{name} gives its tasks public addresses, and {entry.words}",
        (Hop("internet", "internet"), routed, entry.hop, last),
    )


def _is_entered(subnet: Subnet, port: int, account: Inventory) -> bool:
    return gateway_of(subnet, account) is not None and acl_admits(subnet.id, port, subnet.region, account)


def _by_tasks(door: Door, account: Inventory) -> tuple[Way, ...]:
    running = account.those_of(account.every(Task, door.region), lambda task: task.task_definition_arn == door.revision)
    if not running and not (door.network_mode == "awsvpc" and _services(door, account)):
        raise Undecided("no task of it runs, so that nothing tells which security groups hold for its tasks")
    tries = (
        (task, interface, _Entry(group, source, port))
        for task in running
        for port in _outside(task, door)
        for interface in _interfaces(task, door, account)
        for group in groups_on(interface, account)
        for _, source in sources(group, (port,), account)
    )

    return certain(tries, lambda each: _onto(*each, account))


def _outside(task: Task, door: Door) -> Iterator[int]:
    """Yield the ports of the task's interface, or its host's, that lead to *door*."""
    if door.network_mode in {"awsvpc", "host"}:
        yield door.port
        return
    for binding in task.bindings:
        if (binding.container, binding.inside) == (door.container, door.port):
            yield binding.outside


def _interfaces(task: Task, door: Door, account: Inventory) -> Iterator[NetworkInterface]:
    every = account.every(NetworkInterface, door.region)
    if door.network_mode == "awsvpc":
        found = [interface for interface in every if interface.id in task.interface_ids]
    else:
        host = account.by_arn(ContainerInstance, task.host_arn) if task.host_arn else None
        found = [interface for interface in every if host and interface.instance_id == host.instance_id]
    if not found:
        raise Undecided(f"the network interface of the task {_tail(task.arn)} could not be seen")
    yield from found


def _onto(task: Task, interface: NetworkInterface, entry: _Entry, account: Inventory) -> Way:
    """Return how far *entry* leads to *interface*."""
    way = way_to_interface(interface, entry.port, entry.source, entry.group, account)
    whose = f"the interface {interface.id} of the task {_tail(task.arn)}"
    if way.reach is Reach.PUBLIC:
        return evolve(way, words=f"{whose} {way.words}, and {entry.words}")

    return evolve(way, words=f"{entry.words}, but {whose} {way.words}")


def _tail(arn: str) -> str:
    return arn.rpartition("/")[2]
