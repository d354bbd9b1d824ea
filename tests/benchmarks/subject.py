"""Which checks are measured: those whose every call moto answers by itself, so that it can be taped."""

from __future__ import annotations

from awsaudit.plan import SCAN_CALLS, plan
from awsaudit.plugins import load_checks


SERVICES = ("sqs", "secretsmanager", "kms", "events", "ecr")
LACKING = {
    "BatchGetRepositoryScanningConfiguration",
    "DescribeImageScanFindings",
    "DescribePipe",
    "DescribePullThroughCacheRules",
    "GetMetricData",
    "GetSchedule",
    "ListEndpoints",
    "ListFunctionEventInvokeConfigs",
    "ListPipes",
}


def checks_of(services=SERVICES):
    """Return the ids of the measured checks."""
    always = {(str(call.service), call.operation) for call in SCAN_CALLS}
    return tuple(id_ for id_, check in load_checks().items() if check.service in services and _taped(check, always))


def _taped(check, always):
    calls = {(o.service, o.operation) for o in plan([check]).operations()} - always
    return not any(operation in LACKING or service in {"eks", "ec2", "ecs"} for service, operation in calls)
