"""Dead-letter queues: which queues are, and how one is made."""

from __future__ import annotations

import json
import re

from typing import Final

from awsaudit import Inventory
from awsaudit.declare import Resource
from awsaudit.resources.events import EventBus, Target
from awsaudit.resources.lambda_ import EventInvokeConfig, EventSourceMapping, Function
from awsaudit.resources.pipes import Pipe
from awsaudit.resources.scheduler import Schedule
from awsaudit.resources.sns import Subscription
from awsaudit.resources.sqs import Queue


SOURCES: Final = (
    Queue.dead_letter_arns,
    EventBus.dead_letter_arns,
    Target.dead_letter_arns,
    Schedule.dead_letter_arns,
    Pipe.dead_letter_arns,
    Function.dead_letter_arns,
    EventInvokeConfig.dead_letter_arns,
    EventSourceMapping.dead_letter_arns,
    Subscription.dead_letter_arns,
)
"""All that can name a queue as the place for what failed; for a check's uses=."""

LONGEST_RETENTION: Final = 1209600
"""Seconds that a queue keeps messages at most: 14 days."""

CREATE: Final = "aws sqs create-queue --region {region} --queue-name {dlq_name} --attributes {dlq_attributes}"
"""Makes the queue that `redriven` or `written_by` describes."""

_LONGEST_NAME: Final = 80


def is_dead_letter_queue(queue: Queue, account: Inventory) -> bool:
    """
    Tell whether another queue or a service puts what failed into *queue*.

    Raises:
        EvidenceMissing: Nothing that could be seen does, and not all that might could be seen.
    """
    named = Inventory.first_of(SOURCES, lambda fact: account.holding(fact, queue.arn, queue.region) is not None)
    return named is not None


def redriven(queue: Queue) -> dict[str, str]:
    """Return what describes a new dead-letter queue for *queue*, and the redrive policy that names it."""
    suffix = "-dlq.fifo" if queue.fifo else "-dlq"
    name = queue.name.removesuffix(".fifo")[: _LONGEST_NAME - len(suffix)] + suffix
    attributes = {"MessageRetentionPeriod": str(LONGEST_RETENTION)} | ({"FifoQueue": "true"} if queue.fifo else {})
    arn = f"{queue.arn.rpartition(':')[0]}:{name}"
    policy = {"deadLetterTargetArn": arn, "maxReceiveCount": "5"}

    return {
        "dlq_name": name,
        "dlq_attributes": json.dumps(attributes),
        "dlq_arn": arn,
        "redrive_policy": json.dumps({"RedrivePolicy": json.dumps(policy)}),
    }


def written_by(source: Resource, source_arn: str, title: str) -> dict[str, str]:
    """
    Return what describes a new dead-letter queue that EventBridge may write to.

    Args:
        source: A rule or bus; it tells account and region.

        source_arn: Its ARN.

        title: What the queue is named after.
    """
    name = re.sub(r"[^A-Za-z0-9_-]", "-", title)[: _LONGEST_NAME - len("-dlq")] + "-dlq"
    arn = f"arn:{source.partition}:sqs:{source.region}:{source.account}:{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source_arn}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    attributes = {"MessageRetentionPeriod": str(LONGEST_RETENTION), "Policy": json.dumps(policy)}

    return {"dlq_name": name, "dlq_attributes": json.dumps(attributes), "dlq_arn": arn}
