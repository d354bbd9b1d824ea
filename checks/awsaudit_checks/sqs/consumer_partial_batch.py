from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.lambda_ import EventSourceMapping
from awsaudit.resources.sqs import Queue


_GONE: Final = frozenset({"Deleting"})
_REPORTS: Final = "ReportBatchItemFailures"


@check(
    "sqs-consumer-partial-batch",
    title="Lambda consumers report partial batch failures",
    severity=Severity.LOW,
    uses=(
        EventSourceMapping.id,
        EventSourceMapping.source_arn,
        EventSourceMapping.function_arn,
        EventSourceMapping.state,
        EventSourceMapping.batch_size,
        EventSourceMapping.response_types,
    ),
    remediation=Remediation(
        text="Let the function return which messages failed (batchItemFailures), then turn the report on.",
        cli="aws lambda update-event-source-mapping --region {region} --uuid {mapping} "
        "--function-response-types ReportBatchItemFailures",
        url="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
    ),
)
def consumer_partial_batch(queue: Queue, account: Inventory) -> Iterator[Problem]:
    """
    Where a function fails on one message of ten, all ten come back: nine are worked on twice, and a poisoned one takes its
    batch along into the dead-letter queue. A function that reports what failed passes, and so does one that gets single
    messages.
    """
    every = account.every(EventSourceMapping, queue.region)
    readers = [m for m in every if m.source_arn == queue.arn and m.state not in _GONE]
    if not readers:
        raise NotApplicable("no function reads it")
    for reader in readers:
        size = reader.batch_size or 0
        if size > 1 and _REPORTS not in reader.response_types:
            yield Problem(
                f"the function {reader.function_arn.partition(':function:')[2]} gets up to {size} messages at once, and "
                "one that fails brings all of them back",
                expected=_REPORTS,
                found="nothing reported",
                sub_key=reader.id,
                fill={"mapping": reader.id},
            )
