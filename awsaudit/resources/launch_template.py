"""
Amazon EC2: launch templates and their versions.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplate.html
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Kind, Resource
from awsaudit.parser import document, flag, integer, many, optional_flag, optional_text, record, tags, text, texts
from awsaudit.resources.ec2 import METADATA_OPTIONS, NO_IMAGE
from awsaudit.user_data import user_data


TEMPLATES = Call(
    "DescribeLaunchTemplates",
    result="LaunchTemplates[]",
    params={"IncludeManagedResources": True},
    page_size=("MaxResults", 200),
)


class LaunchTemplate(Resource):
    """A launch template: what instances are started from, in numbered versions."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::LaunchTemplate"
    listing: ClassVar[Call] = TEMPLATES
    label: ClassVar[str] = "id"

    id = Fact(TEMPLATES, "LaunchTemplateId", text, "The template's id.")
    name = Fact(TEMPLATES, "LaunchTemplateName", text, "The template's name, unique in its region.")
    default = Fact(TEMPLATES, "DefaultVersionNumber", integer, "The version that is taken where none is named.")
    latest = Fact(TEMPLATES, "LatestVersionNumber", integer, "The newest version.")
    managed = Fact(TEMPLATES, "Operator.Managed", flag, "AWS runs it; its owner cannot change it.")
    tags = Fact(TEMPLATES, "Tags", tags, "The template's own tags.")

    @property
    def arn(self) -> str:
        """The template's ARN."""
        return f"arn:{self.partition}:ec2:{self.region}:{self.account}:launch-template/{self.id}"


# Groups and instances name any version, and which ones they name is not known when they are listed.
VERSIONS = Call(
    "DescribeLaunchTemplateVersions",
    result="LaunchTemplateVersions[]",
    params={"LaunchTemplateId": "$parent:LaunchTemplateId", "IncludeManagedResources": True},
    page_size=("MaxResults", 200),
    gone=("InvalidLaunchTemplateId.NotFound",),
)
# Where the version leaves the tokens open, the region's default decides, then the AMI.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
IMAGE = Call(
    "DescribeImages",
    result="Images[0]",
    params={"ImageIds": ["$LaunchTemplateData.ImageId"], "IncludeDeprecated": True, "IncludeDisabled": True},
    when="$!(LaunchTemplateData.MetadataOptions.HttpTokens) "
    "&& starts_with(not_null(LaunchTemplateData.ImageId, ''), 'ami-')",
    absent=NO_IMAGE,
)


@frozen
class Interface:
    """
    A network interface that a version makes or attaches.

    Args:
        public: Whether it gets a public IPv4 address; None leaves that to the subnet.

        subnet_id: Its subnet; None leaves that to who starts the instance.

        group_ids: Its security groups.

        existing: Whether it is one that is there already.
    """

    public: bool | None
    subnet_id: str | None
    group_ids: tuple[str, ...]
    existing: bool


class LaunchTemplateVersion(Resource):
    """A version of a launch template; it never changes."""

    service: ClassVar[str] = "ec2"
    type: ClassVar[str] = "AWS::EC2::LaunchTemplateVersion"
    listing: ClassVar[Call] = VERSIONS
    parent: ClassVar[Kind] = LaunchTemplate
    label: ClassVar[str] = "number"

    number = Fact(VERSIONS, "VersionNumber", integer, "The version's number.")
    template_id = Fact(VERSIONS, "LaunchTemplateId", text, "The template's id.")
    user_data = Fact(
        VERSIONS, "LaunchTemplateData", user_data("UserData"), "Secrets and clients of a chain in its user data."
    )
    metadata = Fact(
        VERSIONS, "LaunchTemplateData.MetadataOptions", METADATA_OPTIONS, "How its instances serve their metadata."
    )
    metadata_settings = Fact(
        VERSIONS,
        "LaunchTemplateData.MetadataOptions",
        document,
        "The same as the API takes it; unset if it is not said.",
    )
    image_id = Fact(VERSIONS, "LaunchTemplateData.ImageId", optional_text, "The AMI, or the parameter that names it.")
    image_tokens = Fact(
        IMAGE,
        "ImdsSupport",
        optional_text,
        "``v2.0`` where the AMI requires IMDSv2; asked where the version does not say.",
    )
    image_name = Fact(IMAGE, "ImageId", optional_text, "The AMI, if it was asked for and is there.")
    interfaces = Fact(
        VERSIONS,
        "LaunchTemplateData.NetworkInterfaces",
        many(
            record(
                Interface,
                public=("AssociatePublicIpAddress", optional_flag),
                subnet_id="SubnetId",
                group_ids=("Groups", texts),
                existing=("NetworkInterfaceId", bool),
            )
        ),
        "The network interfaces that it says anything of.",
    )
    instance_tags = Fact(
        VERSIONS,
        "LaunchTemplateData.TagSpecifications[?ResourceType=='instance'].Tags[]",
        tags,
        "The tags that its instances get.",
    )

    @property
    def arn(self) -> str:
        """The template's ARN, and the version."""
        base = f"arn:{self.partition}:ec2:{self.region}:{self.account}:launch-template"
        return f"{base}/{self.template_id}:{self.number}"
