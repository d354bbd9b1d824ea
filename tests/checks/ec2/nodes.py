"""Hosts of chains for tests, and what CloudWatch has of them."""

from awsaudit.resources.cloudwatch import (
    COMPOSITE_ALARMS,
    DISKS,
    METRIC_ALARMS,
    CompositeAlarm,
    DiskMetric,
    MetricAlarm,
)
from awsaudit.resources.ec2 import INSTANCES, TERMINATION, Instance
from awsaudit.testing import fake


ONCALL = "arn:aws:sns:eu-west-1:111122223333:oncall"
ACTING = {"ActionsEnabled": True, "AlarmActions": [ONCALL]}


def node(id_="i-1", *, tags=None, kept=None, **more):
    """Return a running execution node, unless told otherwise."""
    listed = [{"Key": key, "Value": value} for key, value in ({"role": "execution"} if tags is None else tags).items()]
    described = {"InstanceId": id_, "State": {"Name": "running"}, "RootDeviceName": "/dev/xvda", "Tags": listed}
    return fake(Instance, {INSTANCES: {**described, **more}, TERMINATION: kept})


def metric(namespace="AWS/EC2", name="StatusCheckFailed", **dimensions):
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }


def alarm(name="watch", **fields):
    arn = f"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}"
    return fake(MetricAlarm, {METRIC_ALARMS: {"AlarmName": name, "AlarmArn": arn, **fields}})


def composite(rule, name="all"):
    arn = f"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}"
    return fake(CompositeAlarm, {COMPOSITE_ALARMS: {"AlarmName": name, "AlarmArn": arn, "AlarmRule": rule, **ACTING}})


def math(watched):
    return {"Metrics": [{"Id": "m", "MetricStat": {"Metric": watched}}, {"Id": "e", "Expression": "m * 2"}]}


def disk(**dimensions):
    return fake(DiskMetric, {DISKS: metric("CWAgent", "disk_used_percent", **dimensions)})
