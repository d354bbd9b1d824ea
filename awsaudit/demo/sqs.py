"""
The company's queues, what sends failed messages to them, and who is told.

Leaves ``queue:NAME`` for each queue at home in `Company.ids`: its ARN.
"""

from __future__ import annotations

import io
import json
import zipfile

from collections.abc import Mapping
from typing import Any

from awsaudit.demo.company import ACCOUNT, HOME, Company


def build(company: Company) -> None:
    """Build the queues, the services that leave failures in them, and the alarms."""
    _answer_allow_policies(company)
    _queue(company, "deposits-dlq", MessageRetentionPeriod="1209600", SqsManagedSseEnabled="true")
    _queue(company, "deposits", dead_letter="deposits-dlq", SqsManagedSseEnabled="true")
    _queue(company, "withdrawals-dlq", SqsManagedSseEnabled="true")
    _queue(company, "withdrawals", dead_letter="withdrawals-dlq", SqsManagedSseEnabled="false")
    _queue(company, "rewards-dlq", SqsManagedSseEnabled="true")
    _queue(company, "rewards", dead_letter="rewards-dlq", KmsMasterKeyId="alias/deposits")
    _queue(company, "validator-duties", SqsManagedSseEnabled="true")
    _queue(company, "exits.fifo", FifoQueue="true", ContentBasedDeduplication="true", SqsManagedSseEnabled="true")
    _queue(company, "attestations.fifo", FifoQueue="true", SqsManagedSseEnabled="true")
    _slashings(company)
    for name in (
        "events-undelivered",
        "payouts-undelivered",
        "reports-undelivered",
        "blocks-undelivered",
        "duties-failed",
    ):
        _queue(company, name, SqsManagedSseEnabled="true")
    company.client("sqs", "eu-west-1").create_queue(QueueName="deposits", Attributes={"SqsManagedSseEnabled": "true"})

    sqs = company.client("sqs")
    for block in ("21400111", "21400164"):
        sqs.send_message(QueueUrl=_url(company, "rewards-dlq"), MessageBody=json.dumps({"block": block}))
    # Somebody tidied up: the source still names it.
    sqs.delete_queue(QueueUrl=_url(company, "withdrawals-dlq"))
    del company.ids["queue:withdrawals-dlq"]
    _services(company)
    _function(company)
    _alarms(company)


def _queue(company: Company, name: str, dead_letter: str = "", **attributes: str) -> None:
    if dead_letter:
        policy = {"deadLetterTargetArn": company.ids[f"queue:{dead_letter}"], "maxReceiveCount": 5}
        attributes["RedrivePolicy"] = json.dumps(policy)
    company.client("sqs").create_queue(QueueName=name, Attributes=attributes)
    company.ids[f"queue:{name}"] = f"arn:aws:sqs:{HOME}:{ACCOUNT}:{name}"


def _url(company: Company, name: str) -> str:
    return str(company.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])


def _slashings(company: Company) -> None:
    """Two sources of one dead-letter queue, which admits the first only."""
    _queue(company, "slashings-dlq", MessageRetentionPeriod="1209600", SqsManagedSseEnabled="true")
    _queue(company, "slashings", dead_letter="slashings-dlq", SqsManagedSseEnabled="true")
    _queue(company, "slashing-alerts", dead_letter="slashings-dlq", SqsManagedSseEnabled="true")
    policy = {"redrivePermission": "byQueue", "sourceQueueArns": [company.ids["queue:slashings"]]}
    company.client("sqs").set_queue_attributes(
        QueueUrl=_url(company, "slashings-dlq"), Attributes={"RedriveAllowPolicy": json.dumps(policy)}
    )


def _services(company: Company) -> None:
    """Services that put what they could not deliver into queues of their own."""
    sns = company.client("sns")
    payouts = sns.create_topic(Name="payouts")["TopicArn"]
    redrive = {"deadLetterTargetArn": company.ids["queue:payouts-undelivered"]}
    sns.subscribe(
        TopicArn=payouts,
        Protocol="sqs",
        Endpoint=company.ids["queue:rewards"],
        Attributes={"RedrivePolicy": json.dumps(redrive)},
    )
    role = f"arn:aws:iam::{ACCOUNT}:role/northlight-reports"
    company.client("scheduler").create_schedule(
        Name="rewards-report",
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": company.ids["queue:validator-duties"],
            "RoleArn": role,
            "DeadLetterConfig": {"Arn": company.ids["queue:reports-undelivered"]},
        },
    )
    company.client("pipes").create_pipe(
        Name="blocks",
        RoleArn=role,
        Source=f"arn:aws:kinesis:{HOME}:{ACCOUNT}:stream/blocks",
        SourceParameters={
            "KinesisStreamParameters": {
                "StartingPosition": "LATEST",
                "DeadLetterConfig": {"Arn": company.ids["queue:blocks-undelivered"]},
            }
        },
        Target=company.ids["queue:validator-duties"],
    )


def _function(company: Company) -> None:
    """A function that reads a queue; the events that fail in it go to a queue of its own."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = company.client("iam").create_role(
        RoleName="northlight-validator-duties",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("duties.py", "def handle(event, context):\n    return len(event)\n")
    functions = company.client("lambda")
    functions.create_function(
        FunctionName="validator-duties",
        Runtime="python3.13",
        Handler="duties.handle",
        Role=role,
        Code={"ZipFile": code.getvalue()},
    )
    functions.put_function_event_invoke_config(
        FunctionName="validator-duties",
        DestinationConfig={"OnFailure": {"Destination": company.ids["queue:duties-failed"]}},
    )
    functions.create_event_source_mapping(
        FunctionName="validator-duties", EventSourceArn=company.ids["queue:validator-duties"]
    )


def _alarms(company: Company) -> None:
    oncall = company.client("sns").create_topic(Name="oncall")["TopicArn"]
    for name, actions in (("deposits-dlq", [oncall]), ("slashings-dlq", [])):
        company.client("cloudwatch").put_metric_alarm(
            AlarmName=f"{name}-not-empty",
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Dimensions=[{"Name": "QueueName", "Value": name}],
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            AlarmActions=actions,
        )


def _answer_allow_policies(company: Company) -> None:
    """Say what moto does not: which queues may use one as their dead-letter queue."""
    policies: dict[str, str] = {}

    def keep(_: dict[str, Any], params: Mapping[str, Any], __: str) -> None:
        if "RedriveAllowPolicy" in params["Attributes"]:
            policies[params["QueueUrl"]] = params["Attributes"]["RedriveAllowPolicy"]

    def tell(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
        if params["QueueUrl"] in policies:
            parsed.setdefault("Attributes", {})["RedriveAllowPolicy"] = policies[params["QueueUrl"]]

    company.front.amend("sqs", "SetQueueAttributes", keep)
    company.front.amend("sqs", "GetQueueAttributes", tell)
