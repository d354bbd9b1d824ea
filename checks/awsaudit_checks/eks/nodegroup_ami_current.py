import datetime
import re

from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.eks import Nodegroup
from awsaudit_checks.eks.node import nodes_of_group, some
from awsaudit_checks.eks.nodegroup import (
    AMAZON_LINUX_2,
    OWN_AMI,
    SUCCEED,
    UPDATE_VERSION,
    refuse_passing,
    succession,
)


# 1.33.5-20260904 for Amazon Linux, 1.33-2026.09.10 for Windows.
# https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html and eks-ami-versions-windows.html
DATED: Final = re.compile(r"-(\d{4})\.?(\d{2})\.?(\d{2})$")


@check(
    "eks-nodegroup-ami-current",
    title="Node AMIs are current",
    severity=Severity.MEDIUM,
    uses=(Instance,),
    remediation=Remediation(
        text=(
            "Update the node group to the newest AMI; its nodes are replaced one after another. Amazon Linux 2 groups "
            "have to be replaced by Amazon Linux 2023 groups: delete the old one once its pods have moved. Build an AMI "
            "of your own anew, put it into a new version of the launch template, and update the group to that."
        ),
        cli=None,
        terraform=(
            'data "aws_ssm_parameter" "release" {\n'
            '  name = "/aws/service/eks/optimized-ami/${aws_eks_cluster.this.version}/amazon-linux-2023/x86_64/standard'
            '/recommended/release_version"\n}\n\n'
            'resource "aws_eks_node_group" "this" {\n  node_group_name = {name}\n'
            "  release_version = nonsensitive(data.aws_ssm_parameter.release.value)\n}"
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html",
    ),
)
def nodegroup_ami_current(group: Nodegroup, account: Inventory, *, max_age_days: int = 90) -> Iterator[Problem]:
    """
    Nodes get kernel, container runtime and kubelet patches with a new AMI only; AWS publishes one about weekly, and none
    any more for Amazon Linux 2. An AMI passes that is not older than the option says.
    """
    refuse_passing(group)
    limit = datetime.timedelta(days=max_age_days)
    successor = AMAZON_LINUX_2.get(group.ami_type or "")
    if successor:
        yield Problem(
            f"Amazon Linux 2 ({group.release_version}) gets no new AMIs since November 2025",
            expected=successor,
            found=group.ami_type,
            fill=succession(group, "al2023"),
            cli=SUCCEED,
        )
        return
    made = _made(group, account, limit)
    if group.age(made) > limit:
        own = group.ami_type == OWN_AMI
        yield Problem(
            f"the AMI of {made:%Y-%m-%d} is {group.age(made).days} days old ({group.release_version})",
            expected=f"an AMI of the last {max_age_days} days",
            found=f"{made:%Y-%m-%d}",
            fill={} if own else _update(group),
            cli=None if own else UPDATE_VERSION,
        )


def _update(group: Nodegroup) -> Mapping[str, str]:
    return {"target_version": group.version} if group.version else {}


def _made(group: Nodegroup, account: Inventory, limit: datetime.timedelta) -> datetime.datetime:
    """Return when the group's oldest AMI was made."""
    if group.ami_type == OWN_AMI:
        if group.image_created is None:
            raise Undecided(f"the AMI {group.release_version} cannot be described any more")
        return group.image_created
    if (group.ami_type or "").startswith("BOTTLEROCKET_"):
        return _made_of_nodes(group, account, limit)
    dated = DATED.search(group.release_version or "")
    if dated is None:
        raise Undecided(f"the AMI release {group.release_version or ''} tells no date".replace("  ", " "))
    year, month, day = map(int, dated.groups())

    return datetime.datetime(year, month, day, tzinfo=datetime.UTC)


def _made_of_nodes(group: Nodegroup, account: Inventory, limit: datetime.timedelta) -> datetime.datetime:
    """Return when the oldest AMI of the nodes was made: Bottlerocket's releases carry no date."""
    nodes = nodes_of_group(group, account)
    if not nodes:
        raise Undecided(f"no node runs, and the AMI release {group.release_version} tells no date")
    known = account.those_of(nodes, lambda node: node.image_created is not None)
    oldest = min((node.image_created for node in known if node.image_created), default=None)
    hidden = [node for node in nodes if node not in known]
    if oldest is not None and (group.age(oldest) > limit or not hidden):
        return oldest
    gone = sorted({node.image_id for node in hidden if node.image_created is None})

    raise Undecided(f"the AMI {some(gone)} of running nodes cannot be described any more")
