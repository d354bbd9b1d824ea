"""
Which statements of a policy a request meets: by action, resource, principal and conditions, three-valued.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import enum
import functools
import itertools

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from attrs import field, frozen

from awsaudit.access.condition import Unknown, Unresolved, holds, pattern_of, variables
from awsaudit.access.pattern import Pattern, arn_glob, is_whole_arn, resource_glob
from awsaudit.access.policy import Condition, Form, Named, Policy, PolicyKind, Statement
from awsaudit.access.request import DIRECT, OF_RESOURCES, Principal, PrincipalKind, Request, anonymous
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
class Reason:
    """
    A statement that decides.

    Args:
        policy: The policy, as it is called in a sentence.

        statement: The statement of it; empty for a grant.

        kind: What the policy decides.
    """

    policy: str
    statement: str
    kind: PolicyKind

    def __str__(self) -> str:
        """Return it as a phrase."""
        return f"{self.policy}, {self.statement}" if self.statement else self.policy


@frozen(eq=False)
class Said:
    """
    What a policy says of a request.

    Args:
        met: The statements that the request meets, or may meet.

        allow: Whether they allow it.

        deny: Whether they deny it.

        allowing: Those of the statements that allow, each once.

        denying: Those that deny, each once.

        granted: Whether statements that name principals allow it, by what they reach the one that asks.

        doubtful: The statements that the request may meet or not.
    """

    met: tuple[Met, ...]
    allow: Truth
    deny: Truth
    allowing: tuple[Reason, ...] = ()
    denying: tuple[Reason, ...] = ()
    granted: Mapping[Grasp, Truth] = field(factory=dict)
    doubtful: tuple[Statement, ...] = ()


def met(policy: Policy, request: Request, *, on: str | None = None, bounded: Truth = NO) -> Iterator[Met]:
    """
    Yield the statements of *policy* that *request* meets or may meet.

    Args:
        policy: The policy.

        request: The request.

        on: What the policy hangs on, where its statements may leave out the resource; unset for policies of identities.

        bounded: Whether the principal has a permissions boundary: no NotPrincipal spares it then.
    """
    about = _view(policy, request.action, on is not None).about(request.resource)
    yield from _met(about, request, _reached(about, request, bounded) if about.personal else ())


def said(policy: Policy, request: Request, bounded: Truth = NO) -> Said:
    """
    Return what *policy* says of *request*.

    Of principals and requests that the policy does not tell apart it is worked out once.

    Args:
        policy: The policy. Of one that hangs on a resource, statements that name no principal are about nobody.

        request: The request.

        bounded: Whether the principal has a permissions boundary: no NotPrincipal spares it then.
    """
    about = _view(policy, request.action, policy.kind in _ON_RESOURCES).about(request.resource)
    if not about.statements:
        return NOTHING
    if about.steady and request.context is DIRECT:
        heard = request.principal.heard
        if about not in heard:
            if len(heard) >= _MOST_REMEMBERED:
                heard.clear()
            heard[about] = _heard(about, request, bounded)
        same: Said = heard[about]
        return same

    return _heard(about, request, bounded)


def _heard(about: _About, request: Request, bounded: Truth) -> Said:
    policy = about.policy
    reached = _reached(about, request, bounded) if about.personal else ()
    key = (request.known_of(about.keys), reached) if about.keys else reached
    found = about.memo.get(key)
    if found is None:
        if len(about.memo) >= _MOST_REMEMBERED:
            about.memo.clear()
        things = _met(about, request, reached)
        found = total(policy, [m for m in things if m.grasp] if policy.kind in _NAMING else things)
        about.memo[key] = found

    return found


_ON_RESOURCES: Final = frozenset(
    {PolicyKind.RESOURCE, PolicyKind.KEY, PolicyKind.TRUST, PolicyKind.RCP, PolicyKind.ENDPOINT}
)
# The policy of an endpoint need name nobody.
_NAMING: Final = _ON_RESOURCES - {PolicyKind.ENDPOINT}
_MOST_REMEMBERED: Final = 256
NOTHING: Final = Said((), NO, NO)


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

        steady: Whether it is said of a principal in the same circumstances alike, whatever the resource.

        memo: What is said, by what is known of *keys* and by whom the statements reach.
    """

    policy: Policy
    statements: tuple[tuple[Statement, Truth | None], ...]
    keys: tuple[str, ...]
    personal: bool
    conditions: tuple[Condition, ...]
    steady: bool
    memo: dict[tuple[object, ...], Said] = field(factory=dict)


Coverage: TypeAlias = "bool | Truth | None"
"""Whether a statement is about a resource; None where that hangs on who asks."""


@frozen(eq=False)
class _View:
    """
    What a policy says of an action, whatever the resource.

    Resources that its statements do not tell apart have one `_About` in common.

    Args:
        policy: The policy.

        statements: Those about the action, each with what tells whether it is about a resource.

        of: What is said of a resource.

        alike: The same, by which of the statements are about it.
    """

    policy: Policy
    statements: tuple[tuple[Statement, Callable[[str], Coverage]], ...]
    of: dict[str, _About] = field(factory=dict)
    alike: dict[tuple[object, ...], _About] = field(factory=dict)

    def about(self, resource: str) -> _About:
        """Return what is said of *resource*."""
        found = self.of.get(resource)
        if found is None:
            if len(self.of) >= _MOST_REMEMBERED:
                self.of.clear()
            found = self.of[resource] = self._about(resource)

        return found

    def _about(self, resource: str) -> _About:
        covered = tuple([covers(resource) for _, covers in self.statements])
        # What hangs on who asks hangs on the resource, too.
        key = (covered, resource if None in covered else None)
        found = self.alike.get(key)
        if found is None:
            if len(self.alike) >= _MOST_REMEMBERED:
                self.alike.clear()
            found = self.alike[key] = self._build(covered)

        return found

    def _build(self, covered: Iterable[Coverage]) -> _About:
        kept = [(s, c) for (s, _), c in zip(self.statements, covered, strict=True) if c is not False]
        keys: dict[str, None] = {}
        for statement, about in kept:
            texts = [value for c in statement.conditions if c.varies for value in c.values]
            texts += (*statement.resources, *statement.not_resources) if about is None else ()
            keys.update(dict.fromkeys(c.key for c in statement.conditions))
            keys.update(dict.fromkeys(key for text in texts for key in variables(text)))

        personal = any(s.principals is not None or s.not_principals is not None for s, _ in kept)
        hanging = OF_RESOURCES & keys.keys() or any(about is None for _, about in kept)

        return _About(
            self.policy,
            tuple((s, truth_of(c) if isinstance(c, bool) else c) for s, c in kept),
            tuple(keys),
            personal,
            tuple(c for s, _ in kept for c in s.conditions),
            not personal and not hanging,
        )


@functools.lru_cache(maxsize=8_192)
def _view(policy: Policy, action: str, attached: bool) -> _View:  # noqa: FBT001 - of the cache's key
    return _View(policy, tuple([(s, _covering(s, policy.name, attached=attached)) for s in policy.about(action)]))


def _covering(statement: Statement, policy: str, *, attached: bool) -> Callable[[str], Coverage]:
    """Return what tells whether *statement* is about a resource."""
    texts = (*statement.resources, *statement.not_resources)
    if statement.variables and any("${" in text for text in texts):
        return lambda _: None

    def carefully(resource: str) -> Coverage:
        truth = _resource(statement, Request(_NOBODY_YET, "", resource), policy, resource if attached else None)
        return truth if truth.value is None else truth.value

    if statement.not_resources or not texts or not all(_is_plain(text) for text in texts):
        return carefully
    if "*" in texts:
        return lambda _: True
    names = frozenset(texts)
    patterns = [resource_glob(text) for text in texts if "*" in text or "?" in text]

    def covers(resource: str) -> Coverage:
        if "*" in resource or "?" in resource:
            return carefully(resource)

        return resource in names or any(pattern.matches(resource) for pattern in patterns)

    return covers


def conditions_of(policy: Policy, request: Request) -> tuple[Condition, ...]:
    """Return the conditions of the statements of *policy* about the action and the resource of *request*."""
    return _view(policy, request.action, policy.kind in _ON_RESOURCES).about(request.resource).conditions


def total(policy: Policy, things: Iterable[Met]) -> Said:
    """Return what statements of *policy* say together."""
    things = tuple(things)
    if not things:
        return NOTHING
    allowing = [m for m in things if m.statement.allow]
    denying = [m for m in things if not m.statement.allow]
    granted: dict[Grasp, Truth] = {}
    for m in allowing:
        if m.grasp:
            granted[m.grasp] = either(granted[m.grasp], m.truth) if m.grasp in granted else m.truth

    return Said(
        things,
        either(*[m.truth for m in allowing]),
        either(*[m.truth for m in denying]),
        _reasons(policy, allowing),
        _reasons(policy, denying),
        granted,
        tuple([m.statement for m in things if m.truth.value is None]),
    )


@functools.lru_cache(maxsize=32_768)
def together(heard: tuple[Said, ...]) -> Said:
    """Return what several policies say, of which one is enough to allow and one to deny."""
    return Said(
        tuple([m for each in heard for m in each.met]),
        either(*[each.allow for each in heard]),
        either(*[each.deny for each in heard]),
        tuple([reason for each in heard for reason in each.allowing]),
        tuple([reason for each in heard for reason in each.denying]),
        doubtful=tuple([statement for each in heard for statement in each.doubtful]),
    )


def _reasons(policy: Policy, things: Iterable[Met]) -> tuple[Reason, ...]:
    labels = dict.fromkeys(m.statement.label for m in things)
    return tuple([Reason(policy.name, label, policy.kind) for label in labels])


Reached: TypeAlias = "tuple[tuple[Grasp | None, Truth], ...]"
"""By what a statement reaches or may reach a principal, and whether it does."""


def _reached(about: _About, request: Request, bounded: Truth) -> tuple[Reached, ...]:
    """Return by what each of the statements reaches the principal."""
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
    if not variable and not _is_plain(text):
        return maybe(Doubt(f"what the resource {text} matches", policy, statement.label))

    return _matches(pattern, request.resource, policy, statement)


def _is_plain(text: str) -> bool:
    """Tell whether AWS's pages settle what *text*, without variables, matches."""
    return is_whole_arn(text) or (text.startswith("arn:") and text.endswith("*"))


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
    entries = statement.principals or ()
    if len(entries) == 1:
        grasp, truth = names(entries[0], request.principal, policy, statement.label)
        return ((grasp, truth),) if grasp else ()
    by_grasp: dict[Grasp | None, Truth] = {}
    for entry in entries:
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
        return _AS_ANYONE if kind is PrincipalKind.ROLE else _DIRECTLY
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
_DIRECTLY: Final = (Grasp.DIRECT, YES)
_AS_ANYONE: Final = (Grasp.ANYONE, YES)


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
