from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Subnet
from awsaudit.resources.ecs import Service
from awsaudit_checks.ec2.role import KEY_HOSTS
from awsaudit_checks.ecs.node import role_of_service


@check(
    "ecs-service-multi-az",
    title="Services span AZs",
    severity=Severity.MEDIUM,
    uses=(Subnet.id, Subnet.zone_id),
    remediation=Remediation(
        text="Give the service a subnet in a second availability zone that its tasks work in as well: the same routes, and the "
        "load balancer's zones.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html",
    ),
)
def service_multi_az(service: Service, account: Inventory) -> Iterator[Problem]:
    """
    A service whose subnets are in one zone is down when that zone is, and ECS has nowhere else to start its tasks. Subnets in
    two zones pass. Validators and signers are not judged, since a second active one is worse than none; nor are services
    in other network modes than awsvpc, which run where their hosts are.
    """
    if service.status != "ACTIVE":
        raise NotApplicable("it is being deleted")
    ids = set(service.subnet_ids)
    if not ids:
        raise NotApplicable("its tasks have no subnets of their own")
    found = [subnet for subnet in account.every(Subnet, service.region) if subnet.id in ids]
    zones = {subnet.zone_id for subnet in found}
    if len(zones) > 1:
        return
    role = role_of_service(service)
    if role in KEY_HOSTS:
        raise NotApplicable(f"a second active {role.value} is worse than none")
    lost = ids - {subnet.id for subnet in found}
    if lost:
        raise Undecided(f"the zone of {min(lost)} is not known")
    yield Problem(
        f"all of its tasks are started in {min(zones)}",
        expected="subnets in two availability zones",
        found=min(zones),
    )
