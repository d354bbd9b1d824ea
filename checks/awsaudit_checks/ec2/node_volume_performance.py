from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance, Volume
from awsaudit_checks.ec2.host import running_node


_FAST: Final = frozenset({"gp3", "io1", "io2"})
_MOST: Final = 16_000


@check(
    "ec2-node-volume-performance",
    title="Chain-data volumes are fast enough",
    severity=Severity.LOW,
    uses=(Volume,),
    remediation=Remediation(
        text="Change the volume while it is in use; the host notices nothing.",
        cli="aws ec2 modify-volume --region {region} --volume-id {volume} --volume-type {kind} --iops {needed}",
        url="https://docs.aws.amazon.com/ebs/latest/userguide/requesting-ebs-volume-modifications.html",
    ),
)
def node_volume_performance(instance: Instance, account: Inventory, *, iops: int = 3000) -> Iterator[Problem]:
    """
    A client reads all over its database for each block: on a hard disk, or a gp2 volume whose credits are used up, it falls
    behind the chain and misses duties. Volumes besides the one that the host is started from are judged: gp3, io1 and io2
    pass with ``iops`` operations per second. Hosts that keep the chain on instance storage are not judged.
    """
    running_node(instance)
    wanted = {disk.volume_id: disk.device for disk in instance.disks if disk.device != instance.root_device}
    if not wanted:
        raise NotApplicable("it has no volume besides the one that it is started from")
    every = account.every(Volume, instance.region)
    volumes = account.once(("volumes by id", instance.region), lambda: {volume.id: volume for volume in every})
    for volume in (volumes[id_] for id_ in wanted if id_ in volumes):
        found = volume.iops or 0
        if volume.kind in _FAST and found >= iops:
            continue
        kind = volume.kind if volume.kind in _FAST else "gp3"
        speed = f" with {found} IOPS" if volume.iops else ""
        yield Problem(
            f"the volume {volume.id} on {wanted[volume.id]} is of the type {volume.kind}{speed}",
            expected=f"gp3, io1 or io2 with {iops} IOPS",
            found=f"{volume.kind}{speed}",
            sub_key=volume.id,
            fill={"volume": volume.id, "kind": str(kind), "needed": str(min(max(iops, found), _MOST))},
        )
