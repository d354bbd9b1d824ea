import json

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.ec2.host import node_role, refuse_managed


@check(
    "ebs-volume-delete-on-termination-node",
    title="Chain-data volumes survive the termination of their node",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Keep the volumes when the instance is terminated. In a launch template or Terraform, say so for the next one, "
        "too.",
        cli="aws ec2 modify-instance-attribute --region {region} --instance-id {id} --block-device-mappings {mappings}",
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html",
    ),
)
def volume_delete_on_termination_node(instance: Instance) -> Iterator[Problem]:
    """
    A node that is terminated by mistake, or replaced, takes its chain along and is down for the days of a new
    synchronisation; of a validator the slashing protection goes, too. Volumes besides the one that the host is started
    from are judged, of hosts that tags or name call a node.
    """
    node_role(instance)
    refuse_managed(instance)
    data = [disk for disk in instance.disks if disk.device != instance.root_device]
    if not data:
        raise NotApplicable("it has no volume besides the one that it is started from")
    lost = [disk for disk in data if disk.ends]
    if lost:
        named = ", ".join(f"{disk.volume_id} on {disk.device}" for disk in lost)
        kept = [{"DeviceName": disk.device, "Ebs": {"DeleteOnTermination": False}} for disk in lost]
        yield Problem(
            f"termination deletes {named}",
            expected="kept",
            found="deleted with the instance",
            fill={"mappings": json.dumps(kept)},
        )
