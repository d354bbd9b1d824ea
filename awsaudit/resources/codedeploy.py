"""
AWS CodeDeploy.

https://docs.aws.amazon.com/codedeploy/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, From, Kind, Resource
from awsaudit.parser import flag, many, optional, optional_integer, optional_text, record, text, texts


_GONE = ("ApplicationDoesNotExistException",)

APPLICATIONS = Call("ListApplications", result="applications[]")
GROUPS = Call("ListDeploymentGroups", result="deploymentGroups[]", params={"applicationName": "$parent:@"}, gone=_GONE)
DETAILS = Call(
    "BatchGetDeploymentGroups",
    result="deploymentGroupsInfo[]",
    params={"applicationName": "$parent:@"},
    batch=Batch("deploymentGroupNames", 100, key="deploymentGroupName"),
    gone=_GONE,
)
CONFIGURATION = Call(
    "GetDeploymentConfig",
    result="deploymentConfigInfo",
    params={"deploymentConfigName": From(DETAILS, "deploymentConfigName")},
    # Those of AWS's own say by their names what they do.
    when=From(DETAILS, "!starts_with(deploymentConfigName || '', 'CodeDeployDefault.')"),
    absent=("DeploymentConfigDoesNotExistException",),
)


@frozen
class AutoRollback:
    """
    When CodeDeploy goes back to the last revision that worked.

    Args:
        enabled: Whether it does at all.

        events: After what: ``DEPLOYMENT_FAILURE``, ``DEPLOYMENT_STOP_ON_ALARM``, ``DEPLOYMENT_STOP_ON_REQUEST``.
    """

    enabled: bool
    events: tuple[str, ...]


@frozen
class AlarmStop:
    """
    Which alarms stop a deployment.

    Args:
        enabled: Whether they do.

        ignores_failure: The deployment goes on where CodeDeploy cannot ask CloudWatch for their state.

        names: The alarms.
    """

    enabled: bool
    ignores_failure: bool
    names: tuple[str, ...]


@frozen
class Revision:
    """
    What a group is meant to run: where the revision is that was deployed last.

    Args:
        kind: ``S3``, ``GitHub``, ``String`` or ``AppSpecContent``.

        bucket: The bucket; None elsewhere.

        key: The object; None elsewhere.

        version: The object's version; None for the newest one.

        etag: The object's ETag; None where CodeDeploy does not compare it.

        repository: ``account/repository`` on GitHub; None elsewhere.

        commit: What of that is deployed; None elsewhere.
    """

    kind: str
    bucket: str | None
    key: str | None
    version: str | None
    etag: str | None
    repository: str | None
    commit: str | None


@frozen
class TagFilter:
    """
    A tag by which servers belong to a group.

    Args:
        key: Its key; None where any will do.

        value: Its value; None where any will do.

        by: What is compared: ``KEY_ONLY``, ``VALUE_ONLY`` or ``KEY_AND_VALUE``.
    """

    key: str | None
    value: str | None
    by: str | None


@frozen
class Pace:
    """
    How fast a deployment goes, as its configuration says.

    Args:
        platform: ``Server``, ``Lambda`` or ``ECS``; None where AWS does not say.

        traffic: ``TimeBasedCanary``, ``TimeBasedLinear`` or ``AllAtOnce``; None for servers.

        healthy: How many servers keep running, at least, as a number or a share; None for functions and services.

        zonal: One Availability Zone is deployed to after the other.
    """

    platform: str | None
    traffic: str | None
    healthy: int | None
    zonal: bool


_TAG_FILTER = record(TagFilter, key="Key", value="Value", by="Type")


class Application(Resource):
    """An application: deployment groups, and the revisions that they run."""

    service: ClassVar[str] = "codedeploy"
    type: ClassVar[str] = "AWS::CodeDeploy::Application"
    listing: ClassVar[Call] = APPLICATIONS

    name = Fact(APPLICATIONS, "@", text, "The application's name.")

    @property
    def arn(self) -> str:
        """The application's ARN; the listing tells all of it."""
        return f"arn:{self.partition}:codedeploy:{self.region}:{self.account}:application:{self.name}"


class DeploymentGroup(Resource):
    """Where an application is deployed to: servers, functions or a service of ECS."""

    service: ClassVar[str] = "codedeploy"
    type: ClassVar[str] = "AWS::CodeDeploy::DeploymentGroup"
    listing: ClassVar[Call] = GROUPS
    parent: ClassVar[Kind] = Application

    name = Fact(GROUPS, "@", text, "The group's name.")
    platform = Fact(
        DETAILS,
        "computePlatform",
        optional_text,
        "What is deployed to: ``Server``, ``Lambda`` or ``ECS``; unset where AWS does not say.",
    )
    role_arn = Fact(DETAILS, "serviceRoleArn", optional_text, "The role with which CodeDeploy deploys.")
    configuration_name = Fact(
        DETAILS, "deploymentConfigName", optional_text, "The deployment configuration, which says how fast it goes."
    )
    pace = Fact(
        CONFIGURATION,
        "@",
        optional(
            record(
                Pace,
                platform="computePlatform",
                traffic="trafficRoutingConfig.type",
                healthy=("minimumHealthyHosts.value", optional_integer),
                zonal=("zonalConfig", bool),
            )
        ),
        "How fast a deployment goes; unset for a configuration of AWS's own, or one that was deleted.",
    )
    auto_rollback = Fact(
        DETAILS,
        "autoRollbackConfiguration",
        optional(record(AutoRollback, enabled=("enabled", flag), events=("events", texts))),
        "When it goes back by itself; unset for never.",
    )
    alarms = Fact(
        DETAILS,
        "alarmConfiguration",
        optional(
            record(
                AlarmStop,
                enabled=("enabled", flag),
                ignores_failure=("ignorePollAlarmFailure", flag),
                names=("alarms[].name", texts),
            )
        ),
        "Which alarms stop a deployment; unset for none.",
    )
    # A revision may be a text of its own, with whatever its author wrote into it: nothing of that is kept.
    revision = Fact(
        DETAILS,
        "targetRevision.revisionType && targetRevision",
        optional(
            record(
                Revision,
                kind=("revisionType", text),
                bucket="s3Location.bucket",
                key="s3Location.key",
                version="s3Location.version",
                etag="s3Location.eTag",
                repository="gitHubLocation.repository",
                commit="gitHubLocation.commitId",
            )
        ),
        "The revision that was deployed last; unset before the first deployment.",
    )
    scaling_groups = Fact(
        DETAILS, "autoScalingGroups[].name", texts, "The Auto Scaling groups whose instances belong to it."
    )
    listener_arns = Fact(
        DETAILS,
        "loadBalancerInfo.targetGroupPairInfoList[].prodTrafficRoute.listenerArns[]",
        texts,
        "The listeners through which a service of ECS gets its traffic.",
    )
    # One list of tags, or several of which a server has to meet each.
    tag_filters = Fact(
        DETAILS,
        "ec2TagSet.ec2TagSetList || [ec2TagFilters] | [?@]",
        many(many(_TAG_FILTER)),
        "The tags by which EC2 instances belong to it: one of every list.",
    )
    outside_filters = Fact(
        DETAILS,
        "onPremisesTagSet.onPremisesTagSetList || [onPremisesInstanceTagFilters] | [?@]",
        many(many(_TAG_FILTER)),
        "The same for servers outside of EC2.",
    )

    @property
    def application(self) -> str:
        """The name of its application."""
        above = self.parent_resource
        return str(above.know("name") if above else "")

    @property
    def arn(self) -> str:
        """The group's ARN: AWS lists names alone."""
        place = f"{self.region}:{self.account}"
        return f"arn:{self.partition}:codedeploy:{place}:deploymentgroup:{self.application}/{self.name}"
