"""
Which statements of a policy a request meets: by action, resource, principal and conditions, three-valued.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import enum

from collections.abc import Iterable, Iterator

from attrs import frozen

from awsaudit.access.condition import Unknown, Unresolved, holds, pattern_of
from awsaudit.access.pattern import Pattern, arn_glob, is_whole_arn, resource_glob
from awsaudit.access.policy import Form, Named, Policy, Statement
from awsaudit.access.request import Principal, PrincipalKind, Request
from awsaudit.access.truth import NO, YES, Doubt, Truth, both, either, maybe, opposite, truth_of


class Grasp(enum.Enum):
    """By what a statement of a resource policy reaches a principal; it decides what else is asked for."""

    DIRECT = "direct"
    """By the user, the session, the service or the provider itself, or as anybody."""

    ANYONE = "anyone"
    """A role's session as anybody."""

    ROLE = "role"
    """A session by the ARN of its role, or a federated user by that of the user."""

    ACCOUNT = "account"
    """By its account: that delegates, and grants nothing alone."""


@frozen
class Met:
    """
    A statement that a request meets, or may meet.

    Args:
        statement: The statement.

        truth: Whether it does.

        grasp: By what it reaches the principal; None where the policy hangs on an identity.
    """

    statement: Statement
    truth: Truth
    grasp: Grasp | None = None


def met(policy: Policy, request: Request, *, on: str | None = None, bounded: Truth = NO) -> Iterator[Met]:
    """
    Yield the statements of *policy* that *request* meets or may meet.

    Args:
        policy: The policy.

        request: The request.

        on: What the policy hangs on, where its statements may leave out the resource; unset for policies of identities.

        bounded: Whether the principal has a permissions boundary: no NotPrincipal spares it then.
    """
    for statement in policy.about(request.action):
        wanted = _resource(statement, request, policy.name, on)
        if wanted.value is False:
            continue
        for grasp, reached in _principals(statement, request, policy.name, bounded):
            if reached.value is False:
                continue
            conditions = [holds(c, request, policy.name, statement.label) for c in statement.conditions]
            truth = both(wanted, reached, *conditions)
            if truth.value is not False:
                yield Met(statement, truth, grasp)


def _resource(statement: Statement, request: Request, policy: str, on: str | None) -> Truth:
    if statement.not_resources:
        return opposite(either(*(_covers(text, request, policy, statement) for text in statement.not_resources)))
    if not statement.resources:
        return YES if on is not None else NO

    return either(*(_covers(text, request, policy, statement) for text in statement.resources))


def _covers(text: str, request: Request, policy: str, statement: Statement) -> Truth:
    if text in {"*", request.resource}:
        return YES
    try:
        variable = statement.variables and "${" in text
        pattern = pattern_of(text, request, "resource") if variable else resource_glob(text)
    except Unresolved:
        return NO
    except Unknown as unknown:
        return maybe(Doubt(unknown.key, policy, statement.label))
    if not variable and not is_whole_arn(text) and not (text.startswith("arn:") and text.endswith("*")):
        return maybe(Doubt(f"what the resource {text} matches", policy, statement.label))

    return _matches(pattern, request.resource, policy, statement)


def _matches(pattern: Pattern, resource: str, policy: str, statement: Statement) -> Truth:
    if "*" not in resource and "?" not in resource:
        return truth_of(pattern.matches(resource))
    wanted = arn_glob(resource)
    if pattern.covers(wanted):
        return YES

    return maybe(Doubt(f"which of {resource}", policy, statement.label)) if pattern.overlaps(wanted) else NO


def _principals(
    statement: Statement, request: Request, policy: str, bounded: Truth
) -> Iterator[tuple[Grasp | None, Truth]]:
    if statement.principals is None and statement.not_principals is None:
        # In a policy that hangs on a resource such a statement is about nobody; the caller knows where it hangs.
        yield None, YES
    elif statement.not_principals is not None:
        unlisted = _unlisted(statement, request.principal, policy)
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        yield Grasp.DIRECT, unlisted if statement.allow else either(unlisted, bounded)
    else:
        by_grasp: dict[Grasp, list[Truth]] = {}
        for entry in statement.principals or ():
            grasp, truth = names(entry, request.principal, policy, statement.label)
            if grasp and truth.value is not False:
                by_grasp.setdefault(grasp, []).append(truth)
        for grasp, truths in by_grasp.items():
            yield grasp, either(*truths)


def names(  # noqa: PLR0911 - a way of naming each
    entry: Named, principal: Principal, policy: str = "", statement: str = ""
) -> tuple[Grasp | None, Truth]:
    """Return by what *entry* of a Principal element reaches *principal*, and whether it does."""
    kind, form = principal.kind, entry.form
    if form is Form.ANYONE:
        return (Grasp.ANYONE if kind is PrincipalKind.ROLE else Grasp.DIRECT), YES
    if kind is PrincipalKind.SERVICE:
        return (
            (Grasp.DIRECT, YES) if form is Form.SERVICE and _service(entry.text) == _service(principal.arn) else _NOBODY
        )
    if kind in {PrincipalKind.WEB_IDENTITY, PrincipalKind.SAML}:
        return (Grasp.DIRECT, YES) if form is Form.FEDERATED and entry.text == principal.arn else _NOBODY
    if entry.account is None or entry.account != principal.account:
        return _NOBODY
    if form is Form.ACCOUNT:
        return Grasp.ACCOUNT, YES
    if entry.text == principal.arn:
        return (Grasp.ROLE if kind is PrincipalKind.ROLE else Grasp.DIRECT), YES
    if form is Form.USER and principal.parent == entry.text:
        return Grasp.ROLE, YES
    if form is Form.SESSION and kind is PrincipalKind.ROLE:
        return _session(entry, principal, policy, statement)

    return _NOBODY


_NOBODY: tuple[None, Truth] = (None, NO)


def _session(entry: Named, principal: Principal, policy: str, statement: str) -> tuple[Grasp | None, Truth]:
    _, _, rest = entry.text.partition(":assumed-role/")
    role, _, session = rest.partition("/")
    if role != principal.name:
        return _NOBODY
    if principal.session is None:
        return Grasp.DIRECT, maybe(Doubt("the name of the session", policy, statement))

    return (Grasp.DIRECT, YES) if session == principal.session else _NOBODY


def _service(name: str) -> str:
    """Return a service's name without a region in it: some may be written either way."""
    parts = name.lower().split(".")
    return ".".join([parts[0], *parts[2:]]) if len(parts) == 4 and "-" in parts[1] else name.lower()  # noqa: PLR2004


def _unlisted(statement: Statement, principal: Principal, policy: str) -> Truth:
    """Tell whether *principal* is none of those that NotPrincipal names."""
    found = {grasp: truth for e in statement.not_principals or () for grasp, truth in (names(e, principal),) if grasp}
    if not found:
        return YES
    if statement.allow or any(e.form is Form.ANYONE for e in statement.not_principals or ()):
        return NO
    if Grasp.ACCOUNT not in found and principal.account:
        # Unless its account is listed too, a Deny may hit the account as a whole.
        return maybe(Doubt("whether NotPrincipal without the account spares its principals", policy, statement.label))
    own = {Grasp.DIRECT, Grasp.ROLE} & found.keys()
    if not own:
        return YES if principal.kind is not PrincipalKind.ROOT else NO
    if principal.kind is PrincipalKind.ROLE and Grasp.DIRECT not in found:
        return maybe(Doubt("whether NotPrincipal without the session spares it", policy, statement.label))

    return NO


def any_of(things: Iterable[Met]) -> Truth:
    """Return whether one of *things* is met."""
    return either(*(thing.truth for thing in things))
