from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Level, Opening, Policy
from awsaudit.access.policy import Form
from awsaudit.resources.sqs import Queue
from awsaudit_checks.exposed import exposure_of, path_of, policy_of
from awsaudit_checks.repair import bound
from awsaudit_checks.sqs.share import SET, filled, shared
from awsaudit_checks.statement import buckets_alone


# What sends to queues as a service and says for which resource.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
_SENDERS: Final = frozenset({"s3", "sns", "events"})


@check(
    "sqs-service-confused-deputy",
    title="Service principals are pinned to a source",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Bind the statement to the topic, bucket or rule by aws:SourceArn; the command binds it to the account.",
        cli=SET,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
)
def service_confused_deputy(queue: Queue, account: Inventory) -> Iterator[Problem | Note]:
    """
    A statement for a service as such admits it on behalf of every customer: anybody's topic, bucket or rule then sends into
    the queue. One that names a source, its account or its organization passes. Amazon S3, SNS and EventBridge say what they
    send for; other services are not judged.
    """
    asked = shared(queue)
    policy, found = policy_of(asked), exposure_of(asked, account)
    if policy is None or found is None or not _names_sender(policy):
        raise NotApplicable("its policy names no service that says what it sends for")
    loose = [o for o in found.deputies if o.level is Level.PUBLIC and _sender(o.service) in _SENDERS]
    conditions = _conditions(loose, queue.account, queue.partition)
    for opening in loose:
        yield Problem(
            f"{opening.statement.label} of its policy lets {opening.service} act for anybody: {opening.example}",
            expected="aws:SourceArn or aws:SourceAccount",
            found=f"{opening.service} for anybody",
            sub_key=f"{opening.statement.sid} {opening.service}".strip(),
            path=path_of(opening, queue.arn, Queue.type),
            fill=filled(bound(queue.policy or {}, conditions)) if opening.statement.number in conditions else {},
        )
    for bucket in buckets_alone(policy):
        yield Note(f"the ARN of {bucket} tells no account: once the bucket is deleted, its next owner sends too")


def _sender(service: str | None) -> str:
    """Return the first label of a service's name; the others may tell a region, or China."""
    return (service or "").partition(".")[0]


def _names_sender(policy: Policy) -> bool:
    named = (e for s in policy.statements if s.allow for e in s.principals or ())
    return any(e.form is Form.SERVICE and _sender(e.text) in _SENDERS for e in named)


def _conditions(openings: Iterable[Opening], own: str, partition: str) -> Mapping[int, tuple[str, str, str]]:
    """Return what binds each statement to the account; nothing for one that speaks of S3 and of others, who tell it otherwise."""
    services: dict[int, set[str]] = {}
    for opening in openings:
        services.setdefault(opening.statement.number, set()).add(_sender(opening.service))
    by_arn = ("ArnLike", "aws:SourceArn", f"arn:{partition}:*:*:{own}:*")
    by_account = ("StringEquals", "aws:SourceAccount", own)

    return {
        number: by_account if named == {"s3"} else by_arn
        for number, named in services.items()
        if named == {"s3"} or "s3" not in named
    }
