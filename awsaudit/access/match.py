"""
Which statements of a policy a request meets: by action, resource, principal and conditions, three-valued.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import enum
import functools
import itertools

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from attrs import field, frozen

from awsaudit.access.condition import Unknown, Unresolved, holds, pattern_of, variables
from awsaudit.access.pattern import Pattern, arn_glob, is_whole_arn, resource_glob
from awsaudit.access.policy import Condition, Form, Named, Policy, Statement
from awsaudit.access.request import Principal, PrincipalKind, Request, anonymous
from awsaudit.access.truth import NO, YES, Doubt, Truth, both, either, maybe, opposite, truth_of


class Grasp(enum.Enum):
    """By what a statement of a resource policy reaches a principal; it decides what else is asked for."""

    __hash__ = object.__hash__  # each member is there once, and that of Enum is slow

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


@frozen
class Said:
    """
    What a policy says of a request.

    Args:
        met: The statements that the request meets, or may meet.

        allow: Whether they allow it.

        deny: Whether they deny it.

        allowing: Those of the statements that allow, each once.

        denying: Those that deny, each once.
    """

    met: tuple[Met, ...]
    allow: Truth
    deny: Truth
    allowing: tuple[Statement, ...] = ()
    denying: tuple[Statement, ...] = ()


def met(policy: Policy, request: Request, *, on: str | None = None, bounded: Truth = NO) -> Iterator[Met]:
    """
    Yield the statements of *policy* that *request* meets or may meet.

    Args:
        policy: The policy.

        request: The request.

        on: What the policy hangs on, where its statements may leave out the resource; unset for policies of identities.

        bounded: Whether the principal has a permissions boundary: no NotPrincipal spares it then.
    """
    about = _about(policy, request.action, request.resource, on is not None)
    yield from _met(about, request, _reached(about, request, bounded))


def said(policy: Policy, request: Request, *, attached: bool = False, bounded: Truth = NO) -> Said:
    """
    Return what *policy* says of *request*.

    Of principals and requests that the policy does not tell apart it is worked out once.

    Args:
        policy: The policy.

        request: The request.

        attached: Whether it hangs on the resource.

        bounded: Whether the principal has a permissions boundary: no NotPrincipal spares it then.
    """
    about = _about(policy, request.action, request.resource, attached)
    if not about.statements:
        return _NOTHING
    reached = _reached(about, request, bounded)
    key = (request.known_of(about.keys) if about.keys else (), reached)
    found = about.memo.get(key)
    if found is None:
        if len(about.memo) >= _MOST_REMEMBERED:
            about.memo.clear()
        found = about.memo[key] = total(_met(about, request, reached))

    return found


_MOST_REMEMBERED: Final = 256
_NOTHING: Final = Said((), NO, NO)


@frozen(eq=False)
class _About:
    """
    What a policy says of an action and a resource, whoever asks.

    Args:
        policy: The policy.

        statements: Those about both, and whether they are; None where that hangs on who asks.

        keys: The context keys that they hang on.

        personal: Whether they name principals.

        conditions: Their conditions.

        memo: What is said, by what is known of *keys* and by whom the statements reach.
    """

    policy: Policy
    statements: tuple[tuple[Statement, Truth | None], ...]
    keys: tuple[str, ...]
    personal: bool
    conditions: tuple[Condition, ...]
    memo: dict[tuple[object, ...], Said] = field(factory=dict)


@functools.lru_cache(maxsize=8_192)
def _about(policy: Policy, action: str, resource: str, attached: bool) -> _About:  # noqa: FBT001 - of the cache's key
    request = Request(_NOBODY_YET, action, resource)
    found: list[tuple[Statement, Truth | None]] = []
    keys: dict[str, None] = {}
    for statement in policy.about(action):
        texts = [t for t in (*statement.resources, *statement.not_resources) if statement.variables and "${" in t]
        covered = None if texts else _resource(statement, request, policy.name, resource if attached else None)
        if covered is None or covered.value is not False:
            found.append((statement, covered))
            keys.update(dict.fromkeys(c.key for c in statement.conditions))
            texts += [value for c in statement.conditions if c.varies for value in c.values]
            keys.update(dict.fromkeys(key for text in texts for key in variables(text)))
    personal = any(s.principals is not None or s.not_principals is not None for s, _ in found)

    conditions = tuple(c for s, _ in found for c in s.conditions)

    return _About(policy, tuple(found), tuple(keys), personal, conditions)


def conditions_of(policy: Policy, request: Request, *, attached: bool = False) -> tuple[Condition, ...]:
    """Return the conditions of the statements of *policy* about the action and the resource of *request*."""
    return _about(policy, request.action, request.resource, attached).conditions


def total(things: Iterable[Met]) -> Said:
    """Return what statements say together."""
    things = tuple(things)
    allowing = [m for m in things if m.statement.allow]
    denying = [m for m in things if not m.statement.allow]

    return Said(
        things,
        either(*[m.truth for m in allowing]),
        either(*[m.truth for m in denying]),
        tuple(dict.fromkeys(m.statement for m in allowing)),
        tuple(dict.fromkeys(m.statement for m in denying)),
    )


Reached: TypeAlias = "tuple[tuple[Grasp | None, Truth], ...]"
"""By what a statement reaches or may reach a principal, and whether it does."""


def _reached(about: _About, request: Request, bounded: Truth) -> tuple[Reached, ...]:
    """Return by what each of the statements reaches the principal; nothing where it names none."""
    if not about.personal:
        return ()

    return tuple([_principals(statement, request, about.policy.name, bounded) for statement, _ in about.statements])


def _met(about: _About, request: Request, reached: tuple[Reached, ...]) -> Iterator[Met]:
    name = about.policy.name
    for (statement, covered), by in zip(about.statements, reached or itertools.repeat(_EVERYBODY), strict=False):
        wanted = _resource(statement, request, name, request.resource) if covered is None else covered
        if not by or wanted.value is False:
            continue
        passed = _conditions(statement, request, name)
        if passed.value is not False:
            for grasp, truth in by:
                yield Met(statement, both(wanted, truth, passed), grasp)


_NOBODY_YET: Final = anonymous()


def _conditions(statement: Statement, request: Request, policy: str) -> Truth:
    truths: list[Truth] = []
    for condition in statement.conditions:
        truth = holds(condition, request, policy, statement.label)
        if truth.value is False:
            return NO
        truths.append(truth)

    return both(*truths)


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


def _principals(statement: Statement, request: Request, policy: str, bounded: Truth) -> Reached:
    if statement.principals is None and statement.not_principals is None:
        # In a policy that hangs on a resource such a statement is about nobody; the caller knows where it hangs.
        return _EVERYBODY
    if statement.not_principals is not None:
        unlisted = _unlisted(statement, request.principal, policy)
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        reached = unlisted if statement.allow else either(unlisted, bounded)
        return ((Grasp.DIRECT, reached),) if reached.value is not False else ()
    by_grasp: dict[Grasp | None, Truth] = {}
    for entry in statement.principals or ():
        grasp, truth = names(entry, request.principal, policy, statement.label)
        if grasp:
            by_grasp[grasp] = either(by_grasp[grasp], truth) if grasp in by_grasp else truth

    return tuple(by_grasp.items())


_EVERYBODY: Final[Reached] = ((None, YES),)


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
