"""
Trails and their buckets, what is counted and alarmed of what they record, and what AWS Config records.

The archive's trail is as it should be; the one of all regions that `access_delivery` made was set up in a hurry, that of an
experiment writes to a bucket that somebody deleted, and that of a migration to one that everybody lists. moto delivers always
and at once: GetTrailStatus is amended.
"""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, NAME, Company
from awsaudit.demo.principal import document


_STANDBY: Final = "eu-west-1"
_GROUP: Final = "northlight-trail"
_SERVICE: Final = {"Service": "cloudtrail.amazonaws.com"}
_EVERYTHING: Final = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
_WATCHED: Final[Mapping[str, str]] = {
    "root-used": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    "signed-in-without-mfa": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    "trail-changed": "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || "
    "($.eventName = StartLogging) || ($.eventName = StopLogging) }",
    "keys-deleted": "{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion))}",
    # Whoever wrote it did not think of EC2, which has a code of its own.
    "refused": '{ $.errorCode = "AccessDenied*" }',
}


def build(company: Company) -> None:
    """Build it."""
    _archive(company)
    _experiment(company)
    _migration(company)
    _alarms(company)
    _rules(company)
    _recorders(company)
    _answer(company)


def _bucket(company: Company, name: str, region: str) -> str:
    bucket = f"{NAME}-{name}"
    s3 = company.client("s3", region)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    return bucket


def _archive(company: Company) -> None:
    """A trail whose files nobody changes, deletes or reads unseen, and that records what is done to state."""
    s3, bucket, access = (
        company.client("s3"),
        _bucket(company, "archive", HOME),
        _bucket(company, "archive-access", HOME),
    )
    for each in (bucket, access):
        s3.put_public_access_block(
            Bucket=each,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
    own = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    logs = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Condition": own}
    s3.put_bucket_policy(
        Bucket=access,
        Policy=document({**logs, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{access}/*"}),
    )
    s3.put_bucket_logging(
        Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": access, "TargetPrefix": ""}}
    )
    s3.put_object_lock_configuration(
        Bucket=bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}},
        },
    )
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    arn = f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/archive"
    encrypt = {
        "Effect": "Allow",
        "Principal": _SERVICE,
        "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceArn": arn}},
    }
    kms = company.client("kms")
    key = kms.create_key(Description="archive", Policy=document(root, encrypt))["KeyMetadata"]
    kms.enable_key_rotation(KeyId=key["KeyId"])
    trails = company.client("cloudtrail")
    trails.create_trail(
        Name="archive",
        S3BucketName=bucket,
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key["Arn"],
    )
    trails.start_logging(Name="archive")
    state = {"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{NAME}-tfstate/"]}
    trails.put_event_selectors(TrailName="archive", EventSelectors=[{**_EVERYTHING, "DataResources": [state]}])


def _experiment(company: Company) -> None:
    """A trail that goes on although its bucket is gone."""
    bucket = _bucket(company, "trail-experiment", _STANDBY)
    trails = company.client("cloudtrail", _STANDBY)
    trails.create_trail(Name="experiment", S3BucketName=bucket)
    trails.start_logging(Name="experiment")
    trails.put_event_selectors(TrailName="experiment", EventSelectors=[_EVERYTHING])
    company.client("s3", _STANDBY).delete_bucket(Bucket=bucket)


def _migration(company: Company) -> None:
    """A trail that was stopped, and whose bucket everybody lists since."""
    bucket = _bucket(company, "trail-migration", _STANDBY)
    company.client("s3", _STANDBY).put_bucket_acl(Bucket=bucket, ACL="public-read")
    trails = company.client("cloudtrail", _STANDBY)
    trails.create_trail(Name="migration", S3BucketName=bucket)
    trails.put_event_selectors(TrailName="migration", EventSelectors=[_EVERYTHING])


def _alarms(company: Company) -> None:
    """What was thought of, each with an alarm that one call sets off."""
    for name, pattern in _WATCHED.items():
        company.client("logs").put_metric_filter(
            logGroupName=_GROUP,
            filterName=name,
            filterPattern=pattern,
            metricTransformations=[{"metricName": name, "metricNamespace": "Northlight/Trail", "metricValue": "1"}],
        )
        company.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace="Northlight/Trail",
            MetricName=name,
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
            AlarmActions=[company.ids["topic:oncall"]],
        )


def _rules(company: Company) -> None:
    """Changes of rights are sent on by a rule, where IAM is recorded."""
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:rights-changed"
    rule = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/rights-changed"
    let = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    attributes = {"Policy": document(let), "SqsManagedSseEnabled": "true"}
    company.client("sqs", "us-east-1").create_queue(QueueName="rights-changed", Attributes=attributes)
    events = company.client("events", "us-east-1")
    pattern = {"source": ["aws.iam"], "detail-type": ["AWS API Call via CloudTrail"]}
    events.put_rule(Name="rights-changed", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="rights-changed", Targets=[{"Id": "queue", "Arn": queue}])


def _recorders(company: Company) -> None:
    """Everything is recorded at home, buckets alone on standby, nothing elsewhere."""
    for region, group in (
        (HOME, {"allSupported": True, "includeGlobalResourceTypes": True}),
        (_STANDBY, {"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]}),
    ):
        config = company.client("config", region)
        role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
        config.put_configuration_recorder(
            ConfigurationRecorder={"name": "default", "roleARN": role, "recordingGroup": group}
        )
        config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": f"{NAME}-archive"})
        config.start_configuration_recorder(ConfigurationRecorderName="default")


def _answer(company: Company) -> None:
    """Say what moto does not: what S3 refuses."""

    def delivered(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
        if params["Name"].endswith("/experiment"):
            parsed["LatestDeliveryError"] = "NoSuchBucket"

    company.front.amend("cloudtrail", "GetTrailStatus", delivered)
