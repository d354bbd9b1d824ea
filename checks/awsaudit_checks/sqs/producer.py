"""Which AWS services a queue's policy lets send, and for which of their resources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from awsaudit.access import Context, Decision, Policy, PolicySet, Question, Request, Statement, evaluate_all
from awsaudit.access.policy import Form
from awsaudit.access.request import service


SEND: Final = "sqs:SendMessage"
_POSITIVE: Final = frozenset({"stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase"})
_SOURCE: Final = "aws:sourcearn"
_PARTS: Final = 6


@frozen
class Producer:
    """
    An AWS service that may send to a queue.

    Args:
        service: Its name, such as ``sns.amazonaws.com``.

        source: The ARN, or a glob of ARNs, of that for which it sends; None where the policy does not say.

        account: The account of that; None where neither the policy nor the ARN says.

        label: The statement that lets it in.
    """

    service: str
    source: str | None
    account: str | None
    label: str

    @property
    def known(self) -> Mapping[str, str]:
        """What is known of the context keys of its requests."""
        found = {"aws:SecureTransport": "true"}
        if self.source and "*" not in self.source and "?" not in self.source:
            found["aws:SourceArn"] = self.source
        if self.account:
            found["aws:SourceAccount"] = self.account

        return found


def producers(policy: Policy) -> Iterator[Producer]:
    """Yield the services that *policy* lets send, those that it names and those that it tells by their resources' ARNs."""
    for statement in policy.about(SEND):
        if statement.allow:
            yield from _of_statement(statement)


def _of_statement(statement: Statement) -> Iterator[Producer]:
    sources = tuple(_required(statement, _SOURCE))
    accounts = tuple(_required(statement, "aws:sourceaccount"))
    account = accounts[0] if len(accounts) == 1 else None
    for entry in statement.principals or ():
        if entry.form is Form.SERVICE:
            for source in sources or (None,):
                if source is None or _may_come_from(entry.text, source):
                    yield Producer(entry.text, source, account or _account(source), statement.label)
        elif entry.form is Form.ANYONE:
            for source in sources:
                name = _service(source)
                if name:
                    yield Producer(name, source, account or _account(source), statement.label)


def _required(statement: Statement, key: str) -> Iterator[str]:
    """Yield the values of which *key* has to have one."""
    for condition in statement.conditions:
        operator = condition.operator
        if condition.key == key and operator.name in _POSITIVE and not operator.negated and not operator.if_exists:
            yield from condition.values


def _may_come_from(name: str, source: str) -> bool:
    """Tell whether the service *name* may send for *source*: one statement may list several services and their sources."""
    listed = _service(source)
    return listed is None or listed not in _PLAIN or listed == name or name not in _PLAIN


# Services whose name and whose resources' ARNs agree.
_PLAIN: Final = frozenset({"sns.amazonaws.com", "s3.amazonaws.com", "events.amazonaws.com"})


def _service(source: str) -> str | None:
    parts = source.split(":")
    name = parts[2] if len(parts) >= _PARTS else ""
    return f"{name}.amazonaws.com" if name and "*" not in name and name not in {"iam", "sts"} else None


def _account(source: str | None) -> str | None:
    parts = (source or "").split(":")
    return parts[4] if len(parts) >= _PARTS and parts[4].isdigit() else None


def lets(asked: Question, producer: Producer) -> Decision:
    """Return whether *producer* may do what is *asked*; what its policy leaves open of the source makes it conditional."""
    return evaluate_all(tuple(_requests(asked.every(), producer)))


def _requests(questions: Iterable[Question], producer: Producer) -> Iterator[tuple[Request, PolicySet]]:
    for each in questions:
        context = Context({**each.context.known, **producer.known})
        request = evolve(each, context=context).by(service(producer.service))
        yield request, PolicySet(resource=each.own, grants=each.grants)
