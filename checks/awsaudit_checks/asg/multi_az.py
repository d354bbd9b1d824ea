from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.autoscaling import Group
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.asg.fleet import STARTED, refuse_leaving, role_of_group
from awsaudit_checks.ec2.role import KEY_HOSTS


@check(
    "asg-multi-az",
    title="Auto Scaling groups span AZs",
    severity=Severity.MEDIUM,
    equivalents=("prowler:autoscaling_group_multiple_az",),
    uses=(*STARTED, Instance.id, Instance.disks),
    remediation=Remediation(
        text="Give the group subnets in a second availability zone that its instances work in as well: the same routes, and "
        "the load balancer's zones.",
        cli=None,
        url="https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-availability-zone.html",
    ),
)
def multi_az(group: Group, account: Inventory) -> Iterator[Problem]:
    """
    A group in one zone ends with that zone, and cannot start anything elsewhere. Two zones pass. Groups of validators and
    signers are not judged, since a second active one is worse than none; nor is a group of one instance at most that keeps a
    volume, which is bound to its zone, nor one that starts nothing.
    """
    refuse_leaving(group)
    if group.max_size == 0:
        raise NotApplicable("it starts nothing")
    zones = set(group.zones)
    if len(zones) > 1:
        return
    role = role_of_group(group, account)
    if role in KEY_HOSTS:
        raise NotApplicable(f"a second active {role.value} is worse than none")
    if group.max_size == 1 and _keeps_volume(group, account):
        raise NotApplicable("it has one instance, with a volume that is bound to the zone")
    yield Problem(
        f"all of its instances are started in {', '.join(zones) or 'one zone'}",
        expected="two availability zones",
        found=", ".join(zones) or "none",
    )


def _keeps_volume(group: Group, account: Inventory) -> bool:
    ids = {member.id for member in group.members}
    return bool(ids) and any(
        not disk.ends for host in account.every(Instance, group.region) if host.id in ids for disk in host.disks
    )
