"""
Amazon EC2 Auto Scaling: groups, and the launch configurations that templates came after.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import (
    flag,
    integer,
    many,
    optional_flag,
    optional_integer,
    optional_text,
    record,
    tags,
    text,
    texts,
)
from awsaudit.resources.ec2 import METADATA_OPTIONS
from awsaudit.user_data import user_data


GROUPS = Call("DescribeAutoScalingGroups", result="AutoScalingGroups[]", page_size=("MaxRecords", 100))


@frozen
class TemplateVersion:
    """
    A launch template as a group names it.

    Args:
        id: The template's id.

        name: The template's name.

        version: A number, ``$Default`` or ``$Latest``; None stands for the default one.
    """

    id: str | None
    name: str | None
    version: str | None


@frozen
class Member:
    """
    An instance of a group.

    Args:
        id: The instance's id.

        template_id: The launch template that it was started from; None for a launch configuration.

        version: The number of the template's version.

        configuration: The launch configuration that it was started from; None for a template, or where it was deleted.
    """

    id: str
    template_id: str | None
    version: str | None
    configuration: str | None


_TEMPLATE = record(TemplateVersion, id="LaunchTemplateId", name="LaunchTemplateName", version="Version")
_MIXED = "MixedInstancesPolicy.LaunchTemplate"


def _subnets(value: Any) -> tuple[str, ...]:
    return tuple(part.strip() for part in (optional_text(value) or "").split(",") if part.strip())


def _health_checks(value: Any) -> tuple[str, ...]:
    return tuple(part.strip() for part in text(value).split(","))


class Group(Resource):
    """A group of instances that is kept at a size."""

    service: ClassVar[str] = "autoscaling"
    type: ClassVar[str] = "AWS::AutoScaling::AutoScalingGroup"
    listing: ClassVar[Call] = GROUPS
    label: ClassVar[str] = "name"

    name = Fact(GROUPS, "AutoScalingGroupName", text, "The group's name.")
    arn = Fact(GROUPS, "AutoScalingGroupARN", text, "The group's ARN.")
    configuration = Fact(GROUPS, "LaunchConfigurationName", optional_text, "Its launch configuration, if it has one.")
    templates = Fact(
        GROUPS,
        f"[LaunchTemplate, {_MIXED}.LaunchTemplateSpecification, {_MIXED}.Overrides[].LaunchTemplateSpecification][] | [?@]",
        many(_TEMPLATE),
        "Its launch template, and those of the overrides of its mixed instances policy.",
    )
    template = Fact(GROUPS, "LaunchTemplate.LaunchTemplateId", optional_text, "Its template, without a mixed policy.")
    zones = Fact(GROUPS, "AvailabilityZones", texts, "Its availability zones.")
    subnet_ids = Fact(GROUPS, "VPCZoneIdentifier", _subnets, "Its subnets.")
    min_size = Fact(GROUPS, "MinSize", integer, "Fewest instances.")
    max_size = Fact(GROUPS, "MaxSize", integer, "Most instances.")
    desired = Fact(GROUPS, "DesiredCapacity", integer, "Wanted instances.")
    max_healthy = Fact(
        GROUPS,
        "InstanceMaintenancePolicy.MaxHealthyPercentage",
        optional_integer,
        "How far it may go beyond its size while it replaces instances, in per cent of that; unset without a policy.",
    )
    rebalances = Fact(
        GROUPS, "CapacityRebalance", flag, "It starts another instance before AWS takes back one of Spot's."
    )
    warm_state = Fact(
        GROUPS, "WarmPoolConfiguration.PoolState", optional_text, "``Stopped``, ``Running`` or ``Hibernated``."
    )
    warm_status = Fact(GROUPS, "WarmPoolConfiguration.Status", optional_text, "``PendingDelete`` for one that goes.")
    health_checks = Fact(GROUPS, "HealthCheckType", _health_checks, "``EC2``, ``ELB``, ``EBS`` or ``VPC_LATTICE``.")
    target_group_arns = Fact(GROUPS, "TargetGroupARNs", texts, "The target groups that its instances are put into.")
    balancers = Fact(GROUPS, "LoadBalancerNames", texts, "Its classic load balancers.")
    traffic_sources = Fact(GROUPS, "TrafficSources[].Type", texts, "``elb``, ``elbv2`` or ``vpc-lattice``.")
    members = Fact(
        GROUPS,
        "Instances",
        many(
            record(
                Member,
                id=("InstanceId", text),
                template_id="LaunchTemplate.LaunchTemplateId",
                version="LaunchTemplate.Version",
                configuration="LaunchConfigurationName",
            )
        ),
        "Its instances.",
    )
    status = Fact(GROUPS, "Status", optional_text, "``Delete in progress`` while it is deleted; unset else.")
    tags = Fact(GROUPS, "Tags", tags, "The group's tags.")


CONFIGURATIONS = Call("DescribeLaunchConfigurations", result="LaunchConfigurations[]", page_size=("MaxRecords", 100))


class LaunchConfiguration(Resource):
    """What a group starts instances from, if that is not a launch template; it never changes."""

    service: ClassVar[str] = "autoscaling"
    type: ClassVar[str] = "AWS::AutoScaling::LaunchConfiguration"
    listing: ClassVar[Call] = CONFIGURATIONS
    label: ClassVar[str] = "name"

    name = Fact(CONFIGURATIONS, "LaunchConfigurationName", text, "The configuration's name.")
    arn = Fact(CONFIGURATIONS, "LaunchConfigurationARN", text, "The configuration's ARN.")
    public = Fact(
        CONFIGURATIONS,
        "AssociatePublicIpAddress",
        optional_flag,
        "Whether instances get a public IPv4 address; unset leaves that to the subnet.",
    )
    metadata = Fact(
        CONFIGURATIONS,
        "MetadataOptions",
        METADATA_OPTIONS,
        "How instances serve their metadata; unset means IMDSv1, too.",
    )
    user_data = Fact(CONFIGURATIONS, "@", user_data("UserData"), "Secrets and clients of a chain in its user data.")
