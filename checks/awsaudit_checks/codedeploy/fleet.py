"""Which servers a deployment group deploys to."""

from __future__ import annotations

from awsaudit import Inventory
from awsaudit.resources.codedeploy import DeploymentGroup, TagFilter
from awsaudit.resources.ec2 import Instance


_SCALING_GROUP = "aws:autoscaling:groupName"


def members(group: DeploymentGroup, account: Inventory) -> tuple[Instance, ...]:
    """
    Return the instances that *group* deploys to, those that are stopped left out.

    Raises:
        EvidenceMissing: The instances could not be listed.
    """
    every = account.every(Instance, group.region)
    return tuple(instance for instance in every if instance.state == "running" and _belongs(instance, group))


def has_others(group: DeploymentGroup) -> bool:
    """Tell whether *group* deploys to servers outside of EC2, too."""
    return bool(group.outside_filters)


def _belongs(instance: Instance, group: DeploymentGroup) -> bool:
    if instance.tags.get(_SCALING_GROUP) in group.scaling_groups:
        return True
    # An instance has to meet one filter of every list.
    # https://docs.aws.amazon.com/codedeploy/latest/userguide/instances-tagging.html
    return bool(group.tag_filters) and all(
        any(_meets(instance, wanted) for wanted in either) for either in group.tag_filters
    )


def _meets(instance: Instance, wanted: TagFilter) -> bool:
    if wanted.by == "KEY_ONLY":
        return wanted.key in instance.tags
    if wanted.by == "VALUE_ONLY":
        return wanted.value in instance.tags.values()

    return instance.tags.get(wanted.key or "") == (wanted.value or "")
