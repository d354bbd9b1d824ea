from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.lambda_ import EventSourceMapping, Function
from awsaudit.resources.sqs import Queue


_IDLE: Final = frozenset({"Disabled", "Disabling", "Deleting"})
_TIMES: Final = 6


@check(
    "sqs-visibility-vs-lambda-timeout",
    title="Visibility timeout is at least six times the consumer's timeout",
    severity=Severity.MEDIUM,
    uses=(
        EventSourceMapping.source_arn,
        EventSourceMapping.function_arn,
        EventSourceMapping.state,
        EventSourceMapping.batching_window,
        EventSourceMapping.function_timeout,
    ),
    remediation=Remediation(
        text="Hide received messages for six times the function's timeout, plus the time in which a batch is gathered.",
        cli="aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes {visibility}",
        terraform='resource "aws_sqs_queue" "this" {\n  visibility_timeout_seconds = {seconds}\n}',
        url="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    ),
)
def visibility_vs_lambda_timeout(queue: Queue, account: Inventory) -> Iterator[Problem]:
    """
    A message that becomes visible while the function still works on it is handed out again: a deposit is booked twice, and
    a retry counts towards the dead-letter queue. AWS asks for six times the function's timeout, which leaves time for
    retries when the function is throttled, plus the batching window. Less than the timeout itself is high.
    """
    readers = [m for m in account.seen(EventSourceMapping, queue.region) if _reads(m, queue)]
    if not readers:
        account.every(EventSourceMapping, queue.region)
        raise NotApplicable("no function reads it")
    short = account.those_of(readers, lambda reader: _needed(reader) > queue.visibility_timeout)
    if not short:
        # Nothing that was seen takes too long; what could not be listed may.
        account.every(EventSourceMapping, queue.region)
        if all(reader.function_timeout is None for reader in readers):
            raise NotApplicable("the function that reads it is no more")
    for reader in short:
        yield _problem(queue, reader, max(_needed(each) for each in short))


def _reads(mapping: EventSourceMapping, queue: Queue) -> bool:
    return mapping.source_arn == queue.arn and mapping.state not in _IDLE


def _needed(reader: EventSourceMapping) -> int:
    """Return the seconds that AWS asks for; 0 where what is called is no more."""
    if reader.function_timeout is None:
        return 0

    return _TIMES * reader.function_timeout + (reader.batching_window or 0)


def _problem(queue: Queue, reader: EventSourceMapping, seconds: int) -> Problem:
    timeout, needed = reader.function_timeout or 0, _needed(reader)
    function = reader.function_arn.partition(":function:")[2]

    return Problem(
        f"received messages are hidden for {queue.visibility_timeout} seconds; the function {function} may run {timeout} "
        f"and needs {needed}",
        expected=f"{needed} seconds or more",
        found=f"{queue.visibility_timeout} seconds",
        sub_key=reader.id,
        severity=Severity.HIGH if queue.visibility_timeout < timeout else None,
        fill={"visibility": f"VisibilityTimeout={seconds}", "seconds": str(seconds)},
        path=(
            Hop(queue.arn, Queue.type, f"hides received messages for {queue.visibility_timeout} seconds"),
            Hop(reader.arn, EventSourceMapping.type, f"gathers for {reader.batching_window or 0} seconds"),
            Hop(reader.function_arn, Function.type, f"may run {timeout} seconds", holds=False),
        ),
    )
