from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.sns import Topic
from awsaudit_checks.sns.audience import AUDIENCE, hearers


@check(
    "sns-fifo-for-fifo-queue",
    title="FIFO topics deliver to FIFO queues where order matters",
    severity=Severity.LOW,
    uses=AUDIENCE,
    remediation=Remediation(
        text="Make a FIFO queue, subscribe it to the topic with the same filter policy, move its readers there, and then "
        "unsubscribe the standard queue: a queue cannot be changed into the other sort.",
        cli=None,
        url="https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html",
    ),
)
def fifo_for_fifo_queue(
    topic: Topic, account: Inventory, *, ordered_tag: str = "ordering=required"
) -> Iterator[Problem | Note]:
    """
    A FIFO topic may send to a standard queue too, which hands messages out in any order and at times twice: a payout before
    the deposit that it rests on. A topic whose tag says that order matters, *ordered_tag* as KEY or KEY=VALUE, has to send
    to FIFO queues only; of other topics it is merely noted. Standard topics are not judged.
    """
    if not topic.fifo:
        raise NotApplicable("a standard topic, which keeps no order")
    loose = [s for s in hearers(topic, account) if s.protocol == "sqs" and not s.endpoint.shown.endswith(".fifo")]
    if not loose:
        return
    ordered = _is_tagged(topic, ordered_tag)
    for subscription in loose:
        queue = subscription.endpoint.shown.rpartition(":")[2]
        if ordered:
            yield Problem(
                f"it sends to the queue {queue}, which keeps no order",
                expected="a FIFO queue",
                found="a standard queue",
                sub_key=subscription.arn,
            )
        else:
            yield Note(f"it sends to the queue {queue} too, which keeps no order")


def _is_tagged(topic: Topic, wanted: str) -> bool:
    key, equals, value = wanted.partition("=")
    found = topic.fifo_tags.get(key)
    return found is not None and (not equals or found == value)
