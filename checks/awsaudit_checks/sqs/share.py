"""Queues with their policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from awsaudit.resources.sqs import Queue
from awsaudit_checks.exposed import Mend, Shared
from awsaudit_checks.repair import quoted


SET: Final = "aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes {attributes}"


def shared(queue: Queue) -> Shared:
    """Return *queue* with its policy."""
    return Shared(queue.policy, f"the queue {queue.name}", queue.arn, Queue.type)


def filled(policy: str | None) -> Mapping[str, str]:
    """Return what fills the command that gives a queue *policy*."""
    return {"attributes": quoted(Policy=policy)}


MEND: Final = Mend(filled)
