"""Does EventBridge get what it could not deliver into the dead-letter queue that is named for it."""

from __future__ import annotations

import json

from collections.abc import Iterable
from typing import Final

from awsaudit import Hop, Inventory
from awsaudit.access.question import QUEUES
from awsaudit.resources.kms import Key
from awsaudit.resources.sqs import Queue
from awsaudit_checks.events.delivery import Break, Sender, sending
from awsaudit_checks.events.permission import letting
from awsaudit_checks.sqs.dead_letter import CREATE, LONGEST_RETENTION


DEAD_LETTER: Final = (*QUEUES, Key.state)
"""What `losing` looks at; for a check's uses=."""


def unfit(queue_arn: str, region: str) -> Break | None:
    """Return what rules out the queue whatever it admits; None if nothing does."""
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    where = queue_arn.split(":")[3]
    what = ""
    if where != region:
        what = f"is in {where}, not in {region}"
    elif queue_arn.endswith(".fifo"):
        what = "is a FIFO queue, which cannot be one for EventBridge"
    if not what:
        return None
    hop = Hop(queue_arn, Queue.type, f"it {what}", holds=False)

    return Break(f"the queue {queue_arn} {what}", (hop,), "a standard queue of the same region")


def losing(source_arn: str, queue_arn: str, naming: Iterable[str], account: Inventory) -> Break | None:
    """
    Return where the way into a dead-letter queue breaks; None if nowhere.

    Args:
        source_arn: The rule or bus.

        queue_arn: The queue that it names, which is not `unfit`.

        naming: The ARNs of all rules or buses that name the queue.

        account: Where the queue is.

    Raises:
        EvidenceMissing, Undecided: It hangs on what could not be read.
    """
    queue = account.by_arn(Queue, queue_arn)
    sources = tuple(dict.fromkeys((source_arn, *naming)))
    if queue is None:
        name = queue_arn.rpartition(":")[2]
        policy = letting(None, "EventBridge", ["sqs:SendMessage"], queue_arn, sources)
        attributes = {"MessageRetentionPeriod": str(LONGEST_RETENTION), "Policy": policy}
        fill = {"dlq_name": name, "dlq_attributes": json.dumps(attributes)}
        hop = Hop(queue_arn, Queue.type, "it does not exist", holds=False)
        return Break(f"the queue {name} does not exist", (hop,), "a queue that EventBridge may send to", CREATE, fill)

    return sending(queue, Sender(source_arn, account.account, sources), account)
