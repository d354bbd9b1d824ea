"""
Queues that are told what they are for, and schedules that send to queues in order.

Payouts are tagged as sensitive and as needing order, each time on a queue that is set up for it and on one that is not.
"""

from __future__ import annotations

import json

from typing import Final

from awsaudit.demo.company import ACCOUNT, Company
from awsaudit.demo.principal import make_role


_READ_ONLY: Final = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
_ORDERED: Final = {"FifoQueue": "true", "SqsManagedSseEnabled": "true"}


def build(company: Company) -> None:
    """Build it."""
    sqs = company.client("sqs")
    for name, attributes, tags in (
        ("payouts", {"SqsManagedSseEnabled": "true"}, {"data-classification": "confidential", "workload": "payments"}),
        (
            "payouts.fifo",
            {"FifoQueue": "true", "ContentBasedDeduplication": "true", "KmsMasterKeyId": "alias/deposits"},
            {"data-classification": "confidential", "workload": "payments"},
        ),
        (
            "sweeps.fifo",
            {**_ORDERED, "FifoThroughputLimit": "perMessageGroupId", "DeduplicationScope": "queue"},
            {"team": "treasury"},
        ),
    ):
        sqs.create_queue(QueueName=name, Attributes=attributes, tags=tags)
    _schedules(company)
    _consumer(company)
    _events(company)
    # Before PullOnly was there, everybody took ReadOnly.
    company.client("iam").attach_role_policy(RoleName="eks-node-clients", PolicyArn=_READ_ONLY)


def _schedules(company: Company) -> None:
    sends = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    role = make_role(company, "nightly-sweeps", {"Service": "scheduler.amazonaws.com"}, sends)
    for name in ("payouts.fifo", "sweeps.fifo"):
        url = company.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
        attributes = company.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        company.client("scheduler").create_schedule(
            Name=f"nightly-{name.removesuffix('.fifo')}",
            ScheduleExpression="cron(0 2 * * ? *)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": attributes["QueueArn"],
                "RoleArn": role,
                "SqsParameters": {"MessageGroupId": "nightly"},
                "Input": json.dumps({"kind": "sweep"}),
            },
        )


def _consumer(company: Company) -> None:
    """One consumer says which messages of a batch failed."""
    lambda_ = company.client("lambda")
    mapping = lambda_.list_event_source_mappings()["EventSourceMappings"][0]
    lambda_.update_event_source_mapping(UUID=mapping["UUID"], FunctionResponseTypes=["ReportBatchItemFailures"])


def _events(company: Company) -> None:
    """A bus that logs its errors, a rule that takes everything, a target that is tried once, and who is told of failures."""
    events = company.client("events")
    bus = "treasury"
    events.create_event_bus(Name=bus)
    events.update_event_bus(Name=bus, LogConfig={"IncludeDetail": "NONE", "Level": "ERROR"})
    queue = company.ids["queue:duties-failed"]
    for name, pattern, target in (
        ("everything", {"account": [ACCOUNT]}, {"RetryPolicy": {"MaximumRetryAttempts": 0}}),
        ("sweeps", {"source": ["treasury.sweeps"]}, {"RetryPolicy": {"MaximumEventAgeInSeconds": 7_200}}),
    ):
        events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": queue, **target}])
    company.client("cloudwatch").put_metric_alarm(
        AlarmName="sweeps-not-delivered",
        Namespace="AWS/Events",
        MetricName="FailedInvocations",
        Dimensions=[{"Name": "RuleName", "Value": "sweeps"}, {"Name": "EventBusName", "Value": bus}],
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        ActionsEnabled=True,
        AlarmActions=[company.client("sns").create_topic(Name="oncall")["TopicArn"]],
    )
