"""Functions and aliases with their policies, and how a statement is taken out of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from attrs import evolve

from awsaudit import Problem, Severity
from awsaudit.access import Opening, Statement
from awsaudit.access.policy import Form
from awsaudit.resources.lambda_ import Function, FunctionAlias
from awsaudit_checks.exposed import Mend, Shared, policy_of, ways


Callee: TypeAlias = "Function | FunctionAlias"

REMOVE: Final = "aws lambda remove-permission --region {region} --function-name {function} --statement-id {statement}"
OF_ALIAS: Final = " --qualifier {qualifier}"

INVOKE: Final = "lambda:InvokeFunction"
INVOKE_URL: Final = "lambda:InvokeFunctionUrl"

# What a caller of a URL brings along, and what Lambda says of it.
# https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
_OF_URL: Final = frozenset({"lambda:functionurlauthtype", "lambda:invokedviafunctionurl"})
_TOKEN: Final = "lambda:eventsourcetoken"  # noqa: S105 - a condition key


def shared(callee: Callee) -> Shared:
    """Return *callee* with its policy."""
    what = "the alias" if isinstance(callee, FunctionAlias) else "the function"
    return Shared(callee.policy, f"{what} {callee.name}", callee.arn, type(callee).type)


def is_of_url(statement: Statement) -> bool:
    """Tell whether *statement* is bound to calls by a function's URL."""
    return any(condition.key in _OF_URL for condition in statement.conditions)


def is_about_url(opening: Opening) -> bool:
    """Tell whether *opening* lets somebody use a URL, and do nothing else."""
    return {action.lower() for action in opening.actions} == {INVOKE_URL.lower()}


def has_token(statement: Statement) -> bool:
    """Tell whether *statement* wants a token that only the caller's vendor knows, as Alexa's does."""
    return any(condition.key == _TOKEN for condition in statement.conditions)


def invokers(callee: Callee) -> frozenset[str]:
    """
    Return the services that may invoke *callee*, by the first label of their names.

    Raises:
        Undecided: Its policy is none.
    """
    policy = policy_of(shared(callee))
    found = (s for s in (policy.statements if policy else ()) if s.allow and s.is_about(INVOKE))

    return frozenset(
        entry.text.partition(".")[0] for s in found for entry in s.principals or () if entry.form is Form.SERVICE
    )


def told(
    callee: Callee,
    openings: Iterable[Opening],
    *,
    expected: str,
    severity: Callable[[Opening], Severity | None] | None = None,
) -> Iterator[Problem]:
    """
    Yield a problem for each way in, with the command that removes its statement.

    Args:
        callee: What is let into.

        openings: The ways in.

        expected: What should be there.

        severity: How bad a way in is, where that is graded.
    """
    found = tuple(openings)
    for opening, problem in zip(
        found, ways(shared(callee), found, _BY_STATEMENT, None, expected=expected, severity=severity), strict=True
    ):
        yield evolve(problem, cli=removal(callee), fill=filled(callee, opening.statement))


_BY_STATEMENT: Final = Mend(lambda _: {})


def removal(callee: Callee) -> str:
    """Return the command that removes a statement of the policy of *callee*."""
    return REMOVE + OF_ALIAS if isinstance(callee, FunctionAlias) else REMOVE


def filled(callee: Callee, statement: Statement) -> Mapping[str, str]:
    """Return what fills it; nothing for a statement without an id, or for several principals."""
    if not statement.sid or len(statement.principals or ()) != 1:
        return {}

    return {**place(callee), "statement": statement.sid}


def place(callee: Callee) -> dict[str, str]:
    """Return the name of the function, and that of the alias where it is one."""
    if isinstance(callee, FunctionAlias):
        return {"function": callee.arn.rpartition(":")[0], "qualifier": callee.name}

    return {"function": callee.name}
