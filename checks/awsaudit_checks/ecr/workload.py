"""Which subnets of a VPC pull images from ECR."""

from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory
from awsaudit.resources.ec2 import Subnet, Vpc
from awsaudit.resources.ecs import ContainerInstance, Service
from awsaudit.resources.eks import Cluster


def workload_subnets(vpc: Vpc, account: Inventory) -> Iterator[tuple[str, frozenset[str]]]:
    """
    Yield the subnets of *vpc* with workloads, one kind of workload at a time with its name; none for those without.

    Raises:
        EvidenceMissing: On the way to the kind of workload that could not all be seen.
    """
    own = {subnet.id for subnet in account.every(Subnet, vpc.region) if subnet.vpc_id == vpc.id}
    clusters = [c for c in account.every(Cluster, vpc.region) if not c.connector and not c.outpost_arns]
    found = (
        ("EKS", [subnet for cluster in clusters if cluster.vpc_id == vpc.id for subnet in cluster.subnet_ids]),
        ("ECS", _subnets_of_services(vpc, account)),
        ("ECS", _subnets_of_instances(vpc, account)),
    )
    for kind, subnets in found:
        inside = own.intersection(subnets)
        if inside:
            yield kind, frozenset(inside)


def _subnets_of_services(vpc: Vpc, account: Inventory) -> Iterator[str]:
    for service in account.every(Service, vpc.region):
        yield from service.subnet_ids


def _subnets_of_instances(vpc: Vpc, account: Inventory) -> Iterator[str]:
    for instance in account.every(ContainerInstance, vpc.region):
        if instance.subnet_id:
            yield instance.subnet_id
