from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import QUEUES, attached_to, key_named, question, readable, settled
from awsaudit.resources.kms import Key
from awsaudit.resources.sqs import Queue
from awsaudit_checks.events.delivery import PUT_KEY_POLICY, SET_QUEUE, is_aws_alias, key_fault
from awsaudit_checks.events.permission import of_key, without_key
from awsaudit_checks.repair import quoted, statements_of, with_statements
from awsaudit_checks.sqs.producer import SEND, Producer, lets, producers


_ACTIONS: Final = ("kms:GenerateDataKey", "kms:Decrypt")


@check(
    "sqs-kms-producers-allowed",
    title="Service producers can use the queue's key",
    severity=Severity.HIGH,
    uses=(*QUEUES, Key.state),
    remediation=Remediation(
        text="Let the services that send to the queue use its key. The key that AWS manages for SQS lets no service in: take "
        "the key that SQS owns, or one of your own whose policy admits them.",
        cli=PUT_KEY_POLICY,
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
)
def kms_producers_allowed(queue: Queue, account: Inventory) -> Iterator[Problem]:
    """
    SNS, S3, EventBridge and other services encrypt what they send to a queue in their own name: where the queue's policy
    admits them and its key does not, every message is lost, and in the sender's metrics only. The key has to be enabled and
    to let each of them do ``GenerateDataKey`` and ``Decrypt``. A queue without a KMS key passes; senders that come with a
    role are not judged here.
    """
    policy = readable(attached_to(queue.policy, f"the queue {queue.name}"))
    asked = question(SEND, queue, account)
    found = tuple(
        p for p in (producers(policy) if policy else ()) if settled(lets(without_key(asked), p), conditional=True)
    )
    if not found:
        raise NotApplicable("its policy lets no service send")
    if queue.kms_key_id is None:
        return
    fault = key_fault(queue.kms_key_id, queue, account)
    if fault:
        what, cli, fill = fault
        anew = {"queue_url": queue.url, "queue_attributes": quoted(KmsMasterKeyId=None, SqsManagedSseEnabled="true")}
        command, values = (cli, fill) if cli else (SET_QUEUE, anew)
        yield _problem(queue, found, what, queue.kms_key_id, command, values)
        return
    key, of_it = key_named(queue.kms_key_id, queue.region, account), of_key(asked)
    if key is None or of_it is None or is_aws_alias(queue.kms_key_id):
        return
    decisions = [(producer, lets(of_it, producer)) for producer in found]
    barred = tuple(producer for producer, decision in decisions if not settled(decision, conditional=True))
    if barred:
        denied = any(decision.explicit for _, decision in decisions)
        admitting = {"key": key.arn, "key_policy": _admitting(key, barred, account.account)}
        what = f"does not let {_names(barred)} encrypt"
        yield _problem(queue, barred, what, key.arn, None, {} if denied else admitting)


def _names(found: Sequence[Producer]) -> str:
    return ", ".join(dict.fromkeys(producer.service for producer in found))


def _problem(  # noqa: PLR0913, PLR0917 - the parts of a problem
    queue: Queue, barred: Sequence[Producer], what: str, key: str, cli: str | None, fill: Mapping[str, str | None]
) -> Problem:
    first = barred[0]
    return Problem(
        f"{_names(barred)} may send to it, but the queue's key {what}",
        expected="an enabled key that lets its senders encrypt",
        found=what,
        path=(
            Hop(first.source or first.service, first.service),
            Hop(queue.arn, Queue.type, f"{first.label} of its policy lets it send"),
            Hop(key, Key.type, f"it {what}", holds=False),
        ),
        fill={name: value for name, value in fill.items() if value is not None},
        cli=cli,
    )


def _admitting(key: Key, barred: Sequence[Producer], account: str) -> str | None:
    """Return the key's policy with statements that let those in who are barred, as JSON text."""
    document = key.policy or {"Version": "2012-10-17"}
    statements = statements_of(document)
    for name in dict.fromkeys(producer.service for producer in barred):
        own = [producer for producer in barred if producer.service == name]
        statements.append(_statement(name, own, account, [str(s.get("Sid", "")) for s in statements]))

    return with_statements(document, statements)


def _statement(name: str, own: Sequence[Producer], account: str, taken: Sequence[str]) -> dict[str, Any]:
    sources = sorted({producer.source for producer in own if producer.source})
    # Without a source the service may come for anything of the account.
    every = len(sources) > 0 and all(producer.source for producer in own)
    condition: dict[str, Any] = (
        {"ArnLike": {"aws:SourceArn": sources}} if every else {"StringEquals": {"aws:SourceAccount": account}}
    )
    sid = "Queue" + "".join(c for c in name.partition(".amazonaws")[0].title() if c.isalnum())
    sids = (sid, *(f"{sid}{number}" for number in range(2, len(taken) + 3)))

    return {
        "Sid": next(each for each in sids if each not in taken),
        "Effect": "Allow",
        "Principal": {"Service": name},
        "Action": [*_ACTIONS],
        "Resource": "*",
        "Condition": condition,
    }
