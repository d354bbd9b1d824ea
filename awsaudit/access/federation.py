"""
Whose tokens a role's trust policy takes: how far the subject of an OIDC token is pinned.

No list of good patterns is kept. Tokens are imagined in the form in which the issuer makes them, for every way in which the
policy can tell them apart, and the policy is asked whether it takes one of an owner, a project or a run that it does not
name. That token is the witness.
"""

from __future__ import annotations

import functools
import itertools

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from awsaudit.access.condition import matcher, networks_of
from awsaudit.access.match import met
from awsaudit.access.pattern import Pattern, Wild, glob, literal, representatives
from awsaudit.access.policy import Condition, Form, Policy, Statement
from awsaudit.access.request import Context, Request, Value, web_identity
from awsaudit.access.subject import Family, Width, family_of, forms_of, is_free, is_shared
from awsaudit.access.subject import Form as Shape
from awsaudit.access.truth import Doubt, either
from awsaudit.access.value import candidates
from awsaudit.access.zone import is_broad


ACTION: Final = "sts:AssumeRoleWithWebIdentity"
_PROVIDER: Final = ":oidc-provider/"
# The only issuer of interest that AWS knows without a provider in the account.
_BUILT_IN: Final = frozenset({"accounts.google.com", "cognito-identity.amazonaws.com"})
_TEXT: Final = frozenset({"stringequals", "stringlike", "stringequalsignorecase"})
_NETWORKS: Final = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"})
# What these fix is the run, and everybody's may be like that.
_CIRCUMSTANCES: Final = frozenset({"ref", "environment", "vcs-ref", "oidc.circleci.com/vcs-ref"})
_MOST_TRIES: Final = 20_000
_MOST_STATES: Final = 8_000


@frozen
class TokenTrust:
    """
    What one statement of a trust policy takes from one issuer.

    Args:
        statement: The statement.

        provider: The ARN of the provider, or the name of one that AWS knows itself.

        issuer: Its URL without ``https://``.

        family: Who it is.

        shared: Whether everybody gets tokens from it; otherwise it is one tenant's.

        width: How far the subject is left open.

        witness: A token that is taken although the policy does not name whose it is: its claims, the subject as ``sub``.
            Empty where there is none.

        binding: The conditions on the token's claims that no token passes without having the value.

        depends_on: What it hangs on.

        undecided: Why it could not be told; empty if it could.
    """

    statement: Statement
    provider: str
    issuer: str
    family: Family
    shared: bool
    width: Width
    witness: Mapping[str, str] = field(factory=dict)
    binding: tuple[Condition, ...] = ()
    depends_on: tuple[Doubt, ...] = ()
    undecided: str = ""

    def values(self, claim: str) -> tuple[str, ...]:
        """Return the values that *claim* may have; empty where nothing binds it."""
        return tuple(v for c in self.binding if c.key == f"{self.issuer}:{claim}".lower() for v in c.values)

    def asks(self, claim: str) -> bool:
        """Tell whether *claim* is asked for, and not every value of it is taken."""
        key = f"{self.issuer}:{claim}".lower()
        return any(c.key == key and not takes_all(c) for c in self.binding)

    @property
    def example(self) -> str:
        """The witness in words."""
        return ", ".join(f"{claim} {value}" for claim, value in self.witness.items())


@frozen
class OidcScope:
    """
    Whose tokens a trust policy takes.

    Args:
        trusts: What each statement takes from each issuer, in order.
    """

    trusts: tuple[TokenTrust, ...] = ()

    def of(self, *families: Family) -> tuple[TokenTrust, ...]:
        """Return what is taken from issuers of *families*."""
        return tuple(trust for trust in self.trusts if trust.family in families)


def oidc_scope(trust: Policy, *, accepted: Iterable[str] = ()) -> OidcScope:
    """
    Return whose tokens *trust* takes.

    Args:
        trust: The trust policy of a role.

        accepted: Subjects that may come in although the policy does not name them, as ``ISSUER=pattern``.
    """
    wanted = tuple(accepted)
    return OidcScope(tuple(_trusts(trust, wanted)))


def _trusts(trust: Policy, accepted: tuple[str, ...]) -> Iterator[TokenTrust]:
    for statement in trust.about(ACTION):
        for entry in statement.principals or ():
            if statement.allow and entry.form is Form.FEDERATED:
                issuer = entry.text if entry.text in _BUILT_IN else entry.text.partition(_PROVIDER)[2]
                if issuer:
                    yield _Search(trust, statement, entry.text, issuer, accepted).trust()


def binds(condition: Condition) -> bool:
    """
    Tell whether *condition* fixes its key as a positive comparison of texts, which a request without the key fails.

    IfExists and ForAllValues let such a request through: a key that is misspelt, or not sent, then asks for nothing.
    """
    operator = condition.operator
    loose = operator.negated or operator.if_exists or operator.quantifier == "forallvalues"

    return operator.name in _TEXT and not loose


def patterns_of(condition: Condition) -> tuple[Pattern, ...]:
    """Return what *condition*, a comparison of texts, compares with: to ``StringEquals`` a wildcard is a character."""
    if condition.operator.name == "stringlike":
        return tuple(glob(value) for value in condition.values)
    fold = condition.operator.name == "stringequalsignorecase"

    return tuple(literal(value, fold=fold) for value in condition.values)


def takes_all(condition: Condition) -> bool:
    """Tell whether *condition*, a comparison of texts, is true of every text."""
    return any(pattern.covers(_EVERYTHING) for pattern in patterns_of(condition))


_EVERYTHING: Final = Pattern((Wild.STAR,))


class _Search:
    """The search for tokens of strangers that a statement takes."""

    def __init__(
        self, policy: Policy, statement: Statement, provider: str, issuer: str, accepted: tuple[str, ...]
    ) -> None:
        self.policy = policy
        self.statement = statement
        self.provider = provider
        self.issuer = issuer
        self.conditions = statement.conditions
        denies = [s for s in policy.about(ACTION) if not s.allow]
        # A Deny of all but some asks as well.
        self.spared = tuple(c for s in denies for c in s.conditions if c.operator.negated and c.operator.name in _TEXT)
        self.every = (*statement.conditions, *(c for s in denies for c in s.conditions))
        own = f"{issuer}:".lower()
        asked = dict.fromkeys(c.key.removeprefix(own) for c in self.every if c.key.startswith(own))
        self.claims = tuple(dict.fromkeys(("sub", *asked)))
        subjects = [v for c in self.conditions if c.key == f"{own}sub" for v in c.values]
        self.family = family_of(issuer, subjects)
        self.accepted = tuple(glob(a.partition("=")[2]) for a in accepted if a.partition("=")[0].lower() + ":" == own)
        self.tries = 0

    def trust(self) -> TokenTrust:
        binding = tuple(c for c in self.conditions if binds(c) and c.key.startswith(f"{self.issuer}:".lower()))
        shared = is_shared(self.issuer)
        try:
            width, witness, doubts = self._width(shared=shared)
            undecided = ""
        except OverflowError as error:
            width, witness, doubts, undecided = Width.NOBODY, {}, (), str(error)
        widest = Width.OWNER if shared else Width.PROJECT
        if width is widest and not any(map(self._asks, (*binding, *self.spared))):
            width = Width.MISSING

        return TokenTrust(
            self.statement, self.provider, self.issuer, self.family, shared, width,
            witness if width > Width.FIXED else {}, binding, doubts, undecided,
        )  # fmt: skip

    def _asks(self, condition: Condition) -> bool:
        """Tell whether *condition* asks whose the token is, and takes not every answer."""
        before, own, claim = condition.key.partition(f"{self.issuer}:".lower())
        if before or not own or claim in _CIRCUMSTANCES:
            return False

        return bool(forms_of(self.family, self.issuer, claim)) and not takes_all(condition)

    def _width(self, *, shared: bool) -> tuple[Width, dict[str, str], tuple[Doubt, ...]]:
        for width in (Width.OWNER, Width.PROJECT, Width.CONTEXT) if shared else (Width.PROJECT, Width.CONTEXT):
            found = self._taken(width)
            if found:
                return width, *found
        named = self._taken(None)

        return (Width.FIXED, *named) if named else (Width.NOBODY, {}, ())

    def _taken(self, width: Width | None) -> tuple[dict[str, str], tuple[Doubt, ...]] | None:
        """Return a token that is taken, and what that hangs on; of one whom nothing names at *width*, if that is set."""
        others = [k for k in dict.fromkeys(c.key for c in self.every) if not k.startswith(f"{self.issuer}:".lower())]
        doubtful = None
        first, *further = self.claims
        for value in self._values(first, width):
            for claims in itertools.product([value], *(tuple(self._values(claim, width)) for claim in further)):
                for rest in itertools.product(*(self._circumstances(key, width) for key in others)):
                    known = {f"{self.issuer}:{claim}": v for claim, v in zip(self.claims, claims, strict=True)}
                    doubts = self._takes({**known, **dict(zip(others, rest, strict=True))})
                    if doubts is not None:
                        token = {c: v for c, v in zip(self.claims, claims, strict=True) if isinstance(v, str)}
                        if not doubts:
                            return token, ()
                        doubtful = doubtful or (token, doubts)

        return doubtful

    def _takes(self, known: Mapping[str, Value | None]) -> tuple[Doubt, ...] | None:
        self.tries += 1
        if self.tries > _MOST_TRIES:
            raise OverflowError(f"the conditions of {self.policy.name} have too many outcomes to try them all")
        principal = web_identity(self.provider)
        resource = f"arn:aws:iam::{principal.account or ''}:role/x"
        given = {key: value for key, value in known.items() if value is not None}
        context = Context({**given, "aws:FederatedProvider": self.provider}, open_world=False)
        found = list(met(self.policy, Request(principal, ACTION, resource, context=context), on=resource))
        denied = either(*(m.truth for m in found if not m.statement.allow))
        allowed = either(*(m.truth for m in found if m.statement is self.statement))
        if denied.value is True or allowed.value is False:
            return None

        return (*allowed.doubts, *denied.doubts)

    def _values(self, claim: str, width: Width | None) -> Iterator[Value | None]:
        """Yield the values of *claim* that make a difference; those only that nothing names, where *width* is set."""
        key = f"{self.issuer}:{claim}".lower()
        shapes = forms_of(self.family, self.issuer, claim)
        if not shapes:
            yield from candidates(self.every, key)
            return
        own = [c for c in self.every if c.key == key]
        accepted = self.accepted if claim == "sub" else ()
        patterns = tuple(dict.fromkeys(p for c in own if c.operator.name in _TEXT for p in patterns_of(c)))
        # Each value of the only comparison that there is lets in what it lets in alone; that is told much sooner.
        groups = [(p,) for p in patterns] if len(own) == 1 and binds(own[0]) else [patterns]
        for group in groups:
            yield from self._of_forms(shapes, group, key, accepted, width)
        if width is None and is_free(self.family):
            yield from _spelt(patterns)
        if own:
            yield None

    def _of_forms(
        self,
        shapes: Iterable[Shape],
        patterns: tuple[Pattern, ...],
        key: str,
        accepted: tuple[Pattern, ...],
        width: Width | None,
    ) -> Iterator[str]:
        needed = [patterns_of(c) for c in self.conditions if c.key == key and binds(c)]
        for shape in shapes:
            fitting = [[p for p in each if p in patterns and p.overlaps(shape.pattern)] for each in needed]
            if not all(fitting):
                continue
            texts: Iterable[str] = _imagined(shape, (*patterns, *accepted))
            if width is not None:
                texts = _strange(shape, texts, (*patterns, *accepted), width)
            found = [t for t in texts if width is None or not any(a.matches(t) for a in accepted)]
            yield from found
            if found and not patterns:
                break

    def _circumstances(self, key: str, width: Width | None) -> tuple[Value | None, ...]:
        """Return what a stranger can make of a key that is not the token's."""
        if not key.startswith(("aws:", "sts:")):
            # The claim of another issuer.
            return (None,)
        values = candidates(self.every, key)
        if width is not Width.OWNER:
            return values
        named = tuple(v for c in self.conditions if c.key == key and not c.operator.negated for v in c.values)
        if key == "aws:sourceip" and not is_broad(named):
            own = matcher("ipaddress", tuple(str(n) for n in networks_of(named)))
            return tuple(v for v in values if not isinstance(v, str) or not own(v))

        return tuple(v for v in values if v not in named) if key in _NETWORKS else values


@functools.lru_cache(maxsize=4_096)
def _imagined(shape: Shape, patterns: tuple[Pattern, ...]) -> tuple[str, ...]:
    """Return texts of the form *shape* for every way in which *patterns* match."""
    found = [(t, shape.read(t)) for t in representatives(patterns, shape.pattern, _MOST_STATES)]

    return tuple(t for t, parts in found if parts is not None and not _foreseen(shape, parts, patterns))


def _foreseen(shape: Shape, parts: tuple[str, ...], patterns: tuple[Pattern, ...]) -> bool:
    """Tell whether there would have to be a certain value where issuers put a random one."""
    return any(f.random and _changed(shape, parts, n, patterns) is None for n, f in enumerate(shape.fields))


def _strange(shape: Shape, texts: Iterable[str], patterns: tuple[Pattern, ...], width: Width) -> Iterator[str]:
    """Yield *texts* with other values where it stands what *width* is about, as far as that makes no difference."""
    for text in texts:
        parts = shape.read(text)
        for number, each in enumerate(shape.fields):
            if parts is not None and width in each.tells:
                parts = _changed(shape, parts, number, patterns)
        if parts is not None:
            yield shape.spell(parts)


@functools.lru_cache(maxsize=16_384)
def _changed(
    shape: Shape, parts: tuple[str, ...], number: int, patterns: tuple[Pattern, ...]
) -> tuple[str, ...] | None:
    """
    Return *parts* with another value of the field *number* that *patterns* do not tell from this one.

    None if there is none: then they name the value. A pattern lets a value differ by a wildcard only, which takes one more
    character somewhere, or another one.
    """
    text = shape.spell(parts)
    before = [p.matches(text) for p in patterns]
    value = parts[number]
    fresh = next((c for c in _FRESH if not any(c in p.items for p in patterns)), "-")
    more = [value[:at] + fresh + value[at:] for at in range(len(value), -1, -1)]
    other = [value[:at] + fresh + value[at + 1 :] for at in range(len(value))]
    for each in (*more, *other):
        changed = (*parts[:number], each, *parts[number + 1 :])
        spelt = shape.spell(changed)
        if shape.read(spelt) == changed and [p.matches(spelt) for p in patterns] == before:
            return changed

    return None


_FRESH: Final = "xzqjkvw0123456789"


def _spelt(patterns: Iterable[Pattern]) -> Iterator[str]:
    """Yield the texts that policies spell out, whatever their form."""
    for pattern in patterns:
        if pattern.literal and not set(pattern.literal) & {"*", "?"}:
            yield pattern.literal
