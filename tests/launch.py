"""Launch templates, groups and hosts for tests of what instances are started from."""

import base64

from awsaudit.resources.autoscaling import CONFIGURATIONS, GROUPS, Group, LaunchConfiguration
from awsaudit.resources.ec2 import INSTANCES, USER_DATA, Instance
from awsaudit.resources.eks import DESCRIBE_NODEGROUP, LIST_NODEGROUPS, Nodegroup
from awsaudit.resources.launch_template import IMAGE, TEMPLATES, VERSIONS, LaunchTemplate, LaunchTemplateVersion
from awsaudit.testing import fake


ARN = "arn:aws:autoscaling:eu-west-1:111122223333"
LEAK = "#!/bin/sh\nexport API_TOKEN=" + "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8" + "\n"
GUESS = "#!/bin/sh\nDB_PASSWORD='kV9#mQ2x'\n"
CLEAN = "#!/bin/sh\naws secretsmanager get-secret-value --secret-id node/token\n"


def encoded(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def template(*, default=1, latest=1, **more):
    described = {
        "LaunchTemplateId": "lt-1",
        "LaunchTemplateName": "nodes",
        "DefaultVersionNumber": default,
        "LatestVersionNumber": latest,
    }
    return fake(LaunchTemplate, {TEMPLATES: {**described, **more}})


def version(parent, number=1, script=None, image=None, **data):
    """Return a version of a template; *image* is what DescribeImages says of its AMI, if it is asked."""
    described = {**data, **({"UserData": encoded(script)} if script is not None else {})}
    listed = {"LaunchTemplateId": "lt-1", "VersionNumber": number, "LaunchTemplateData": described}
    return fake(LaunchTemplateVersion, {VERSIONS: listed, IMAGE: image}, parent=parent)


def group(name="nodes", tags=None, **more):
    described = {
        "AutoScalingGroupName": name,
        "AutoScalingGroupARN": f"{ARN}:autoScalingGroup:1:autoScalingGroupName/{name}",
        "MinSize": 1,
        "MaxSize": 1,
        "DesiredCapacity": 1,
        "AvailabilityZones": ["eu-west-1a"],
        "VPCZoneIdentifier": "subnet-a",
        "HealthCheckType": "EC2",
        "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
    }
    return fake(Group, {GROUPS: {**described, **more}})


def of_template(number="$Default", id_="lt-1"):
    """Return how a group names a template."""
    return {"LaunchTemplate": {"LaunchTemplateId": id_, "LaunchTemplateName": "nodes", "Version": number}}


def node_group(number="1"):
    described = {"nodegroupName": "workers", "launchTemplate": {"id": "lt-1", "version": number}}
    return fake(Nodegroup, {LIST_NODEGROUPS: "workers", DESCRIBE_NODEGROUP: described})


def configuration(name="nodes", script=None, **more):
    described = {
        "LaunchConfigurationName": name,
        "LaunchConfigurationARN": f"{ARN}:launchConfiguration:1:launchConfigurationName/{name}",
        "UserData": encoded(script) if script is not None else "",
    }
    return fake(LaunchConfiguration, {CONFIGURATIONS: {**described, **more}})


def host(script=None, tags=None, **more):
    described = {
        "InstanceId": "i-1",
        "State": {"Name": "running"},
        "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
    }
    data = {"Value": encoded(script)} if script is not None else {}
    return fake(Instance, {INSTANCES: {**described, **more}, USER_DATA: data})


def started_from(number=1, *, by_group=False):
    """Return the tags that AWS gives a host that was started from a template."""
    tags = {"aws:ec2launchtemplate:id": "lt-1", "aws:ec2launchtemplate:version": str(number)}
    return {**tags, "aws:autoscaling:groupName": "nodes"} if by_group else tags
