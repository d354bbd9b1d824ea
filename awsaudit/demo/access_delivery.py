"""
Who is told: the topics of the on-call, rules for events of AWS Health, events of databases, a trail with a metric filter, and a
function that takes longer than its queue hides messages.

Leaves ``topic:oncall`` and ``topic:health`` in `Company.ids`: ARNs. moto's answers to ListSubscriptionsByTopic (no subscription
waits for its confirmation), DescribeLogGroups (logGroupArn), DescribeResourcePolicies (policies of log groups) and
DescribeTrails (HasCustomEventSelectors) are mended, and GetEventSelectors is answered in the regions of a trail's replicas.
"""

from __future__ import annotations

import io
import json
import zipfile

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.principal import document


_HEALTH: Final = "AWS Health Event"
_ABUSE: Final = "AWS Health Abuse Event"
_PENDING: Final = "abuse-reports"
_STANDBY: Final = "eu-west-1"
_STRANGER: Final = "777788889999"
_RULE: Final = f"arn:aws:events:{HOME}:{ACCOUNT}:rule"


def build(company: Company) -> None:
    """Build it."""
    _answer(company)
    _answer_trails(company)
    sns = company.client("sns")
    oncall = company.ids["topic:oncall"] = sns.create_topic(Name="oncall")["TopicArn"]
    sns.subscribe(TopicArn=oncall, Protocol="email", Endpoint="oncall@northlight.example")
    _strangers(company)
    _health(company)
    _databases(company, oncall)
    _trail(company, oncall)
    _function(company)


def _strangers(company: Company) -> None:
    """A queue of nobody's knowledge gets every payout."""
    sns = company.client("sns")
    payouts = sns.create_topic(Name="payouts")["TopicArn"]
    sns.subscribe(TopicArn=payouts, Protocol="sqs", Endpoint=f"arn:aws:sqs:{HOME}:{_STRANGER}:payouts-analysis")


def _health(company: Company) -> None:
    """A rule whose events reach the on-call and a log group, and one that was made in a hurry."""
    company.client("logs").create_log_group(logGroupName="/aws/events/health")
    company.client("logs").create_log_group(logGroupName="/aws/events/abuse")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/aws/events/health:*",
    }
    company.client("logs").put_resource_policy(policyName="health-events", policyDocument=document(statement))
    health = company.ids["topic:health"] = _health_topic(company)
    abuse = company.client("sns").create_topic(Name=_PENDING, Attributes={"KmsMasterKeyId": "alias/aws/sns"})[
        "TopicArn"
    ]
    company.client("sns").subscribe(TopicArn=abuse, Protocol="email", Endpoint="abuse@northlight.example")
    undelivered = {"DeadLetterConfig": {"Arn": company.ids["queue:events-undelivered"]}}
    for name, kind, topic in (("health", _HEALTH, health), ("abuse", _ABUSE, abuse)):
        group = f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/aws/events/{name}"
        pattern = {"source": ["aws.health"], "detail-type": [kind]}
        company.client("events").put_rule(Name=f"health-{name}", EventPattern=json.dumps(pattern))
        company.client("events").put_targets(
            Rule=f"health-{name}",
            Targets=[{"Id": "oncall", "Arn": topic, **undelivered}, {"Id": "record", "Arn": group, **undelivered}],
        )


def _health_topic(company: Company) -> str:
    """Make a topic that EventBridge may publish to, encrypted with a key that it may use."""
    service = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    own = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
    encrypt = {**service, "Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*", **own}
    kms = company.client("kms")
    key = kms.create_key(Description="health", Policy=document(root, encrypt))["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/health", TargetKeyId=key)
    kms.enable_key_rotation(KeyId=key)
    arn = f"arn:aws:sns:{HOME}:{ACCOUNT}:health-events"
    rule = {"Condition": {"ArnEquals": {"aws:SourceArn": f"{_RULE}/health-health"}}}
    publish = {**service, "Action": "sns:Publish", "Resource": arn, **rule}
    sns = company.client("sns")
    sns.create_topic(Name="health-events", Attributes={"KmsMasterKeyId": "alias/health", "Policy": document(publish)})
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="oncall@northlight.example")

    return arn


def _databases(company: Company, oncall: str) -> None:
    """The on-call hears of instances at home and of clusters on standby; of the clusters at home nobody thought."""
    critical = ["failover", "failure", "maintenance"]
    company.client("rds").create_event_subscription(
        SubscriptionName="instances",
        SnsTopicArn=oncall,
        SourceType="db-instance",
        EventCategories=["availability", *critical],
        Enabled=True,
    )
    sns = company.client("sns", _STANDBY)
    standby = sns.create_topic(Name="oncall")["TopicArn"]
    sns.subscribe(TopicArn=standby, Protocol="email", Endpoint="oncall@northlight.example")
    company.client("rds", _STANDBY).create_event_subscription(
        SubscriptionName="clusters",
        SnsTopicArn=standby,
        SourceType="db-cluster",
        EventCategories=critical,
        Enabled=True,
    )


def _trail(company: Company, oncall: str) -> None:
    """A trail of all regions; what happens to secrets at home is counted and alarmed, elsewhere it is not."""
    s3 = company.client("s3")
    s3.create_bucket(Bucket="northlight-trail", CreateBucketConfiguration={"LocationConstraint": HOME})
    s3.put_bucket_versioning(Bucket="northlight-trail", VersioningConfiguration={"Status": "Enabled"})
    logs = company.client("logs")
    logs.create_log_group(logGroupName="northlight-trail")
    cloudtrail = company.client("cloudtrail")
    cloudtrail.create_trail(
        Name="northlight",
        S3BucketName="northlight-trail",
        IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:northlight-trail:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/northlight-trail",
    )
    cloudtrail.start_logging(Name="northlight")
    everything = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
    cloudtrail.put_event_selectors(TrailName="northlight", EventSelectors=[everything])
    calls = ("DeleteSecret", "PutResourcePolicy", "CancelRotateSecret")
    wanted = " || ".join(f'($.eventName = "{call}")' for call in calls)
    logs.put_metric_filter(
        logGroupName="northlight-trail",
        filterName="secrets",
        filterPattern='{ ($.eventSource = "secretsmanager.amazonaws.com") && ($.awsRegion = '
        f'"{HOME}") && ({wanted} || ($.eventName = "GetSecretValue" && $.errorCode = "AccessDenied*")) }}',
        metricTransformations=[{"metricName": "Secrets", "metricNamespace": "Northlight/Trail", "metricValue": "1"}],
    )
    company.client("cloudwatch").put_metric_alarm(
        AlarmName="secrets-changed",
        Namespace="Northlight/Trail",
        MetricName="Secrets",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[oncall],
    )


def _function(company: Company) -> None:
    """A function that may take longer than its queue hides what it works on."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("book.py", "def handle(event, context):\n    return len(event)\n")
    functions = company.client("lambda")
    functions.create_function(
        FunctionName="book-deposits",
        Runtime="python3.13",
        Handler="book.handle",
        Role=f"arn:aws:iam::{ACCOUNT}:role/northlight-validator-duties",
        Code={"ZipFile": code.getvalue()},
        Timeout=60,
    )
    functions.create_event_source_mapping(
        FunctionName="book-deposits", EventSourceArn=company.ids["queue:deposits"], MaximumBatchingWindowInSeconds=5
    )


def _answer(company: Company) -> None:
    """Say what moto does not: what waits for its confirmation, ARNs of log groups, whose policies are whose."""

    def waiting(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
        for subscription in parsed["Subscriptions"]:
            if params["TopicArn"].endswith(f":{_PENDING}"):
                subscription["SubscriptionArn"] = "PendingConfirmation"

    def named(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for group in parsed["logGroups"]:
            group["logGroupArn"] = group["arn"].removesuffix(":*")

    def of_account(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
        if params.get("policyScope") == "RESOURCE":
            parsed["resourcePolicies"] = []

    company.front.amend("sns", "ListSubscriptionsByTopic", waiting)
    company.front.amend("logs", "DescribeLogGroups", named)
    company.front.amend("logs", "DescribeResourcePolicies", of_account)


def _answer_trails(company: Company) -> None:
    """Say what moto does not: that a trail has selectors, which its replicas have too."""

    def selecting(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for trail in parsed["trailList"]:
            trail["HasCustomEventSelectors"] = True

    def selectors(params: Mapping[str, Any], region: str) -> Mapping[str, Any] | None:
        home = params["TrailName"].split(":")[3]
        if region == home:
            return None
        told = company.client("cloudtrail", home).get_event_selectors(TrailName=params["TrailName"])
        return {name: value for name, value in told.items() if name != "ResponseMetadata"}

    company.front.amend("cloudtrail", "DescribeTrails", selecting)
    company.front.answer("cloudtrail", "GetEventSelectors", selectors)
