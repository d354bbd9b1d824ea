"""
Whom the policy of a resource lets in from outside: nobody, known or unknown accounts, or everybody.

No list of "restrictive keys" is looked for. A stranger is imagined, with every combination of account, organization,
network and other circumstances that the policy can tell apart, and the policy is asked whether it lets one of them in. The
request by which it does is the witness.
"""

from __future__ import annotations

import enum
import itertools
import re

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, field, frozen

from awsaudit.access.action import actions_of
from awsaudit.access.condition import Unknown, Unresolved, arn_patterns, matcher, pattern_of, variables
from awsaudit.access.match import Met, met
from awsaudit.access.pattern import Item, Pattern, Wild, arn_glob, glob, representatives, resource_glob
from awsaudit.access.policy import Condition, Form, Named, Policy, Statement
from awsaudit.access.request import MULTIVALUED, Context, Principal, PrincipalKind, Request, Value, anonymous
from awsaudit.access.request import service as service_principal
from awsaudit.access.truth import Doubt, either
from awsaudit.access.value import addresses, candidates
from awsaudit.access.zone import TrustZone, is_broad


class Level(enum.IntEnum):
    """How far a policy lets outsiders in; comparable."""

    CONTAINED = 0
    CROSS_ACCOUNT = 1
    PUBLIC = 2

    def __str__(self) -> str:
        """Return the word for it."""
        return self.name.lower().replace("_", "-")


@frozen
class Opening:
    """
    One way in from outside.

    Args:
        level: How wide it is.

        who: Who gets in, in words.

        statement: The statement that lets them in.

        actions: What they may do; of wildcards the notable actions.

        witness: A request of theirs that the policy allows.

        account: The account that gets in; None where it is not one.

        organization: The organization that gets in; None where it is not one.

        known: Whether they are in the zone of trust; None where that could not be seen.

        service: The AWS service through which the request comes; None where they ask themselves.

        deputy: Whether the policy names that service as principal: the way in is then by confusing the service.

        depends_on: What else it hangs on, such as tags of the resource.
    """

    level: Level
    who: str
    statement: Statement
    actions: tuple[str, ...]
    witness: Request
    account: str | None = None
    organization: str | None = None
    known: bool | None = False
    service: str | None = None
    deputy: bool = False
    depends_on: tuple[Doubt, ...] = ()

    @property
    def example(self) -> str:
        """The witness in words."""
        request = self.witness
        known = {k: v for k, v in request.context.known.items() if k not in _IMPLIED}
        given = ", ".join(f"{key}={_shown(value)}" for key, value in sorted(known.items()))

        return f"{request.principal.arn} may {request.action}" + (f" with {given}" if given else "")


@frozen
class Exposure:
    """
    What a policy lets in from outside.

    Args:
        level: The widest of the openings to those outside the zone of trust.

        openings: The openings, wide ones first; those to known accounts are there too.

        stale: Statements that name a principal that was deleted, with its unique id.

        undecided: Why it could not be told whether there are more openings; empty if it could.
    """

    level: Level
    openings: tuple[Opening, ...] = ()
    stale: tuple[tuple[Statement, str], ...] = ()
    undecided: str = ""

    @property
    def public(self) -> tuple[Opening, ...]:
        """The openings to everybody."""
        return tuple(o for o in self.openings if o.level is Level.PUBLIC and not o.deputy)

    @property
    def cross_account(self) -> tuple[Opening, ...]:
        """The openings to single accounts, organizations or networks, known ones too."""
        return tuple(o for o in self.openings if o.level is Level.CROSS_ACCOUNT and not o.deputy)

    @property
    def deputies(self) -> tuple[Opening, ...]:
        """The openings by way of an AWS service that may be made to act for a stranger."""
        return tuple(o for o in self.openings if o.deputy)


def exposure(
    policy: Policy,
    *,
    owner: str,
    trusted: TrustZone | None = None,
    resource: str | None = None,
    actions: Iterable[str] | None = None,
) -> Exposure:
    """
    Return whom *policy* lets in from outside.

    Args:
        policy: The policy of a resource, a key, or a role's trust policy.

        owner: The account of the resource.

        trusted: Who is no stranger besides the owner; unset means nobody.

        resource: The ARN that the policy hangs on; unset means whatever its statements name.

        actions: The actions in question; unset means all that the statements name.
    """
    zone = trusted or TrustZone()
    search = _Search(policy, owner, zone, resource, None if actions is None else tuple(actions))
    openings = tuple(sorted(_merged(search.openings()), key=lambda o: (-o.level, o.known is not False)))
    outside = [o.level for o in openings if o.known is not True and not o.deputy]

    return Exposure(max(outside, default=Level.CONTAINED), openings, tuple(_stale(policy)), search.undecided)


def _merged(openings: Iterable[Opening]) -> Iterator[Opening]:
    """Join openings of one statement to one party by different actions."""
    found: dict[tuple[int, str, bool], Opening] = {}
    for opening in openings:
        key = (opening.statement.number, opening.who, opening.deputy)
        earlier = found.get(key)
        if earlier is None:
            found[key] = opening
        else:
            actions = tuple(dict.fromkeys((*earlier.actions, *opening.actions)))
            wider = earlier if earlier.level >= opening.level else opening
            found[key] = evolve(wider, actions=actions)
    yield from found.values()


def _stale(policy: Policy) -> Iterator[tuple[Statement, str]]:
    for statement in policy.statements:
        for entry in statement.principals or ():
            if entry.form is Form.UNIQUE_ID and statement.allow:
                yield statement, entry.text


_ACCOUNT_FORM: Final = Pattern((Wild.DIGIT,) * 12)
_ORGANIZATION_FORM: Final = Pattern(("o", "-", *(Wild.ONE_INSIDE,) * 10))
_FRESH_ACCOUNT: Final = "999999999999"
_FRESH_ORGANIZATION: Final = "o-x9x9x9x9x9"
_ACCOUNT_KEYS: Final = frozenset({"aws:principalaccount", "kms:calleraccount", "aws:sourceowner"})
_CALLER_KEYS: Final = frozenset(
    {*_ACCOUNT_KEYS, "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltype",
     "aws:principalisawsservice", "aws:username", "aws:resourceaccount", "aws:requestedregion"}
)  # fmt: skip
_SOURCE_KEYS: Final = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
_SERVICE_KEYS: Final = frozenset(
    {"aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"}
)
# A fixed network of a VPC is the owner's own; nobody comes from there by his own will.
_NETWORK_KEYS: Final = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"})
_IMPLIED: Final = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
# Who comes by an access point of the owner's has to pass its policy, too.
_POINT_KEYS: Final = frozenset({"s3:dataaccesspointaccount", "s3:dataaccesspointarn"})
_UNIQUE: Final = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}.*|\d{12}", re.DOTALL)
_STATE_KEYS: Final = ("aws:resourcetag/", "secretsmanager:resourcetag/", "ecr:resourcetag/", "s3:existingobjecttag/")
# Services that take requests which nobody signed: such a request has no key that tells of its principal.
_UNSIGNED: Final = (["s3"], ["sqs"], ["sns"])
_MOST_TRIES: Final = 20_000


@frozen
class _Caller:
    """
    A stranger.

    Args:
        principal: As whom they ask.

        account: Their account; empty for somebody without one.

        organization: Their organization; empty for none.

        generic: Whether nothing in the policy names them: then anybody could be they.

        known: Context keys that follow from who they are.

        absent: Those that they are known not to have.

        service: The service that asks for them.
    """

    principal: Principal
    account: str
    organization: str
    generic: bool
    known: Mapping[str, Value] = field(factory=dict)
    absent: frozenset[str] = frozenset()
    service: str | None = None
    bucket: str | None = None


class _Search:
    """The search for strangers whom a policy lets in."""

    def __init__(
        self, policy: Policy, owner: str, zone: TrustZone, resource: str | None, actions: tuple[str, ...] | None
    ) -> None:
        self.policy = policy
        self.owner = owner
        self.zone = zone
        self.resource = resource
        self.actions = actions
        self.partition = _partition(policy, resource)
        self.tries = 0
        self.undecided = ""

    def openings(self) -> Iterator[Opening]:
        for statement in self.policy.statements:
            if statement.allow and (statement.principals is not None or statement.not_principals is not None):
                wanted = self.actions if self.actions is not None else self._named(statement)
                found = tuple(self._by(statement, wanted))
                if not found and self.actions is None:
                    # Each notable action may be denied, and others that a wildcard stands for be open.
                    found = tuple(self._by(statement, self._others(statement)))
                yield from found

    def _by(self, statement: Statement, wanted: Iterable[str]) -> Iterator[Opening]:
        for actions in self._alike(statement, wanted):
            for resource in self._resources(statement, actions[0]):
                yield from self._of(statement, actions, resource)

    def _alike(self, statement: Statement, wanted: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Yield *wanted* actions that *statement* is about, those together that no statement tells apart."""
        groups: dict[tuple[object, ...], list[str]] = {}
        for action in wanted:
            if statement.is_about(action):
                about = (_of_objects(action), *(s.number for s in self.policy.about(action)))
                groups.setdefault(about, []).append(action)
        yield from map(tuple, groups.values())

    def _services(self) -> tuple[str, ...]:
        if self.resource:
            return (self.resource.split(":")[2], *(("sts",) if ":role/" in self.resource else ()))

        return tuple(
            sorted({a.partition(":")[0].lower() for s in self.policy.statements for a in s.actions if ":" in a})
        )

    def _named(self, statement: Statement) -> tuple[str, ...]:
        return tuple(dict.fromkeys(a for service in self._services() for a in actions_of(statement, service)))

    def _others(self, statement: Statement) -> tuple[str, ...]:
        """Return the wildcards of *statement*, for whatever they stand for besides the notable actions."""
        if statement.not_actions or "*" in statement.actions:
            return tuple(f"{service}:*" for service in self._services())

        prefixes = {action: glob(action.partition(":")[0], fold=True) for action in statement.actions if "*" in action}
        return tuple(a for a, prefix in prefixes.items() if any(map(prefix.matches, self._services())))

    def _resources(self, statement: Statement, action: str) -> tuple[str, ...]:
        if self.resource is None:
            return statement.resources or ("*",)
        if self.resource.split(":")[2] not in _WITH_PARTS:
            return (self.resource,) if _speaks_of(statement, self.resource) else statement.resources[:1]
        below = f"{self.resource}/"
        of_objects = _of_objects(action) if ":s3:::" in self.resource else None
        if of_objects is False:
            return (self.resource,) if _speaks_of(statement, self.resource) else ()
        inner = [r for r in statement.resources if r.startswith(below)]
        whole = [
            r
            for r in (self.resource, f"{below}*")
            if _speaks_of(statement, r) and not (of_objects and r == self.resource)
        ]
        parts = [r for r in statement.resources if resource_glob(r).overlaps(glob(f"{below}*"))]

        return tuple(dict.fromkeys((*whole[:1], *inner, *whole[1:]))) or tuple(parts)

    def _of(self, statement: Statement, actions: tuple[str, ...], resource: str) -> Iterator[Opening]:
        entries = statement.principals if statement.not_principals is None else (Named(Form.ANYONE, "*"),)
        for entry in entries or ():
            try:
                yield from self._of_entry(statement, actions, resource, entry)
            except OverflowError as error:
                self.undecided = str(error)

    def _of_entry(
        self, statement: Statement, actions: tuple[str, ...], resource: str, entry: Named
    ) -> Iterator[Opening]:
        conditions = self._conditions(statement, actions[0])
        if entry.form is Form.ANYONE:
            callers = itertools.chain(self._strangers(conditions), self._behind_services(conditions, None))
            yield from self._let_in(statement, actions, resource, callers)
        elif entry.form is Form.SERVICE:
            deputies = self._behind_services(conditions, entry.text)
            for opening in self._let_in(statement, actions, resource, deputies):
                yield evolve(opening, deputy=True, service=entry.text)
        elif entry.form in {Form.CANONICAL, Form.OTHER}:
            if ":iam::cloudfront:" not in entry.text:
                caller = _Caller(Principal(PrincipalKind.USER, entry.text, ""), "", "", generic=False)
                request = self._request(caller, actions[0], resource, {})
                yield Opening(
                    Level.CROSS_ACCOUNT, f"{entry.form.value} {entry.text}", statement, actions, request, known=False
                )
        elif entry.account and entry.account != self.owner and entry.form is not Form.FEDERATED:
            yield from self._let_in(statement, actions, resource, self._named_caller(entry, conditions))

    def _conditions(self, statement: Statement, action: str) -> tuple[Condition, ...]:
        others = (s for s in self.policy.about(action) if not s.allow)
        return tuple(c for s in (statement, *others) for c in s.conditions)

    def _strangers(self, conditions: Sequence[Condition]) -> Iterator[_Caller]:
        """Yield callers from outside that *conditions* can tell apart, those first whom nothing names."""
        named = _named_accounts(conditions, _ACCOUNT_KEYS, "aws:principalarn")
        accounts = _accounts(conditions, _ACCOUNT_KEYS, "aws:principalarn")
        organizations = _organizations(conditions, "aws:principalorgid", "aws:principalorgpaths")
        callers = [
            _Caller(
                principal=evolve(principal, organization=organization),
                account=account,
                organization=organization,
                generic=account not in named and organization in {"", *_made_up(organizations, conditions)},
                known=paths,
            )
            for account in accounts
            if account != self.owner
            for organization in organizations
            for principal in _principals(account, conditions, self.partition)
            for paths in _org_paths(organization, conditions)
        ]
        yield from sorted(callers, key=lambda caller: not caller.generic)
        if (self.resource or "").split(":")[2:3] in _UNSIGNED:
            yield _Caller(anonymous(), "", "", generic=True)

    def _named_caller(self, entry: Named, conditions: Sequence[Condition]) -> Iterator[_Caller]:
        account = entry.account or ""
        for organization in _organizations(conditions, "aws:principalorgid", "aws:principalorgpaths"):
            for paths in _org_paths(organization, conditions):
                for principal in _principals_of(entry, account, conditions, self.partition):
                    yield _Caller(
                        evolve(principal, organization=organization), account, organization, generic=False, known=paths
                    )

    def _behind_services(self, conditions: Sequence[Condition], name: str | None) -> Iterator[_Caller]:
        """Yield services that act for a stranger's resource, as far as the policy asks for that resource."""
        asked = {c.key for c in conditions} & {*_SOURCE_KEYS, *_SERVICE_KEYS}
        if name is None and not asked:
            return
        principal = service_principal(name or _any_service(conditions))
        named = _named_accounts(conditions, {"aws:sourceaccount"}, "aws:sourcearn")
        accounts = _accounts(conditions, {"aws:sourceaccount"}, "aws:sourcearn")
        organizations = _organizations(conditions, "aws:sourceorgid", "aws:sourceorgpaths")
        callers: list[_Caller] = []
        for account in accounts:
            if account == self.owner:
                continue
            for organization in organizations:
                generic = account not in named and organization in {"", *_made_up(organizations, conditions)}
                for arn, bucket in _source_arns(account, conditions, self.partition):
                    known: dict[str, Value] = {"aws:sourceaccount": account, "aws:sourcearn": arn}
                    if organization:
                        known["aws:sourceorgid"] = organization
                        known["aws:sourceorgpaths"] = (f"{organization}/r-x9x9/",)
                    callers.append(
                        _Caller(
                            principal, account, organization, generic, known, service=principal.arn, bucket=bucket,
                            absent=frozenset(_SOURCE_KEYS - known.keys()),
                        )
                    )  # fmt: skip
        yield from sorted(callers, key=lambda caller: not caller.generic)

    def _let_in(
        self, statement: Statement, actions: tuple[str, ...], resource: str, callers: Iterable[_Caller]
    ) -> Iterator[Opening]:
        told: set[str] = set()
        for caller in callers:
            opening = self._opening(statement, actions, resource, caller)
            if opening is None or opening.who in told:
                continue
            told.add(opening.who)
            yield opening
            if opening.level is Level.PUBLIC:
                return

    def _opening(
        self, statement: Statement, actions: tuple[str, ...], resource: str, caller: _Caller
    ) -> Opening | None:
        conditions = self._conditions(statement, actions[0])
        keys = list(dict.fromkeys(c.key for c in conditions if c.key not in _CALLER_KEYS and c.key not in caller.known))
        for chosen in self._choices(keys, conditions, caller):
            self.tries += 1
            if self.tries > _MOST_TRIES:
                raise OverflowError(f"the conditions of {self.policy.name} have too many outcomes to try them all")
            request = self._request(caller, actions[0], resource, chosen)
            doubts = self._lets_in(statement, request)
            if doubts is not None:
                state = tuple(
                    Doubt(key, self.policy.name, statement.label) for key in keys if key.startswith(_STATE_KEYS)
                )
                return self._described(statement, actions, caller, request, (*doubts, *state))

        return None

    def _choices(
        self, keys: Sequence[str], conditions: Sequence[Condition], caller: _Caller
    ) -> Iterator[Mapping[str, Value | None]]:
        """Yield what the caller can make of *keys*, and of those that policy variables stand for."""
        named = [k for k in _variables(conditions) if k not in _CALLER_KEYS and k not in caller.known]
        others = [key for key in keys if key not in named]
        for given in itertools.product(*(self._values(key, conditions, None, caller) for key in named)):
            first = dict(zip(named, given, strict=True))
            base = self._request(caller, "", "", first)
            for chosen in itertools.product(*(self._values(key, conditions, base, caller) for key in others)):
                yield {**first, **dict(zip(others, chosen, strict=True))}

    def _knows(self, caller: _Caller) -> bool | None:
        """Tell whether *caller* is in the zone of trust; None where that could not be seen."""
        if caller.generic:
            return False
        if self.zone.has_organization(caller.organization):
            return True
        if caller.organization and self.zone.own_organization is not None and caller.account not in self.zone.accounts:
            # An account is in one organization, and this is another.
            return False

        return self.zone.has(caller.account)

    def _values(  # noqa: PLR0911 - a sort of key each
        self, key: str, conditions: Sequence[Condition], base: Request | None, caller: _Caller
    ) -> tuple[Value | None, ...]:
        """Return what the caller can make of *key*, the simplest first."""
        found = sorted(candidates(conditions, key), key=lambda value: value is not None)
        if key in _SOURCE_KEYS:
            return (None,)
        if key == "aws:sourceip":
            return self._addresses(conditions)
        if key in _NETWORK_KEYS:
            fixed = {p.literal for c in conditions if c.key == key for p in map(glob, c.values)}
            return tuple(v for v in found if v not in fixed)
        if key in _POINT_KEYS:
            return tuple(v for v in found if v is None or self.owner not in str(v).split(":")[:5])
        if key == "aws:userid":
            return tuple(v for v in found if v is not None and not _UNIQUE.fullmatch(str(v))) or (f"{_FRESH_ID}:x",)
        if key in _SERVICE_KEYS:
            return ((caller.service,) if key in MULTIVALUED and caller.service else caller.service,)

        return tuple(dict.fromkeys((*found, *(_resolved(key, conditions, base) if base else ()))))

    def _addresses(self, conditions: Sequence[Condition]) -> tuple[str, ...]:
        """Return addresses of the internet, one for each way in which *conditions* can come out, narrow ones last."""
        ranges = tuple(value for _, value in _values_of(conditions, ["aws:sourceip"]))
        found: dict[tuple[bool, ...], str] = {}
        for address in addresses((*ranges, *self.zone.ranges)):
            if not self.zone.has_address(address):
                found.setdefault(tuple(_address_in(address, [each]) for each in ranges), address)
        narrow = _narrow(conditions)

        return tuple(sorted(found.values(), key=lambda address: _address_in(address, narrow)))

    def _request(self, caller: _Caller, action: str, resource: str, chosen: Mapping[str, Value | None]) -> Request:
        known = {**caller.known, **{k: v for k, v in chosen.items() if v is not None}}
        context = Context(known, caller.absent, open_world=False)
        return Request(caller.principal, action, resource, self.owner, context)

    def _lets_in(self, statement: Statement, request: Request) -> tuple[Doubt, ...] | None:
        """Return what the way in hangs on; None if there is no way in."""
        found: list[Met] = [m for m in met(self.policy, request, on=request.resource) if m.grasp]
        denied = either(*(m.truth for m in found if not m.statement.allow))
        allowed = either(*(m.truth for m in found if m.statement is statement))
        if denied.value is True or allowed.value is False:
            return None

        return (*allowed.doubts, *denied.doubts)

    def _described(
        self, statement: Statement, actions: tuple[str, ...], caller: _Caller, request: Request, doubts: Iterable[Doubt]
    ) -> Opening | None:
        level, who = self._who(caller, request, self._conditions(statement, actions[0]))
        if level is Level.CONTAINED:
            return None
        single = level is Level.CROSS_ACCOUNT
        return Opening(
            level=level,
            who=who,
            statement=statement,
            actions=actions,
            witness=request,
            account=caller.account if single and not caller.organization and not caller.generic else None,
            organization=caller.organization if single and caller.organization else None,
            known=self._knows(caller) if single else False,
            service=caller.service,
            depends_on=tuple(dict.fromkeys(doubts)),
        )

    def _who(self, caller: _Caller, request: Request, conditions: Sequence[Condition]) -> tuple[Level, str]:
        address = request.context.known.get("aws:sourceip")
        if caller.bucket is not None and caller.generic:
            # The ARN of a bucket tells no account: fixed, it is as good as one.
            return (Level.CONTAINED, "") if caller.bucket else (Level.PUBLIC, f"anybody through {caller.service}")
        if not caller.generic:
            if caller.organization and not self._names(caller.account, conditions):
                return Level.CROSS_ACCOUNT, f"the organization {caller.organization}"
            return Level.CROSS_ACCOUNT, f"account {caller.account}"
        if isinstance(address, str) and _narrow(conditions):
            within = _address_in(address, _narrow(conditions))
            if within:
                return Level.CROSS_ACCOUNT, f"anybody in {', '.join(_narrow(conditions))}"

        return Level.PUBLIC, f"anybody through {caller.service}" if caller.service else "anybody"

    def _names(self, account: str, conditions: Sequence[Condition]) -> bool:
        named = _named_accounts(conditions, {*_ACCOUNT_KEYS, "aws:sourceaccount"}, "aws:principalarn", "aws:sourcearn")
        entries = (e.account for s in self.policy.statements for e in s.principals or ())
        return account in named or account in set(entries)


def _partition(policy: Policy, resource: str | None) -> str:
    """Return the partition that *policy* is about, by the first ARN that tells one."""
    values = (value for s in policy.statements for c in s.conditions for value in c.values)
    named = (entry.text for s in policy.statements for entry in s.principals or ())
    for text in itertools.chain([resource or ""], named, values):
        found = re.match(r"arn:(aws[a-z-]*):", text)
        if found:
            return found[1]

    return "aws"


_FRESH_ID: Final = "AROAX9X9X9X9X9X9X9X9X"


def _speaks_of(statement: Statement, resource: str) -> bool:
    wanted = arn_glob(resource)
    if statement.not_resources:
        return not any(resource_glob(r).covers(wanted) for r in statement.not_resources)
    if not statement.resources:
        return True

    return any(r == "*" or resource_glob(r).covers(wanted) for r in statement.resources)


# Services whose resources have parts with ARNs of their own, after a slash.
_WITH_PARTS: Final = frozenset({"s3", "dynamodb"})
_OBJECTS_TOO: Final = frozenset(
    {
        "abortmultipartupload",
        "bypassgovernanceretention",
        "listmultipartuploadparts",
        "replicatedelete",
        "replicatetags",
    }
)


def _of_objects(action: str) -> bool | None:
    """Tell whether an action of S3 is about objects, or about the bucket; None where it may be either."""
    service, _, name = action.lower().partition(":")
    if service != "s3" or set(name) & {"*", "?"}:
        return None

    return ("object" in name and "bucket" not in name) or name in _OBJECTS_TOO


def _variables(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Return the keys that policy variables in *conditions* stand for."""
    return tuple(dict.fromkeys(key for c in conditions if c.varies for value in c.values for key in variables(value)))


def _values_of(conditions: Iterable[Condition], keys: Iterable[str]) -> Iterator[tuple[Condition, str]]:
    wanted = frozenset(keys)
    for condition in conditions:
        if condition.key in wanted:
            for value in condition.values:
                yield condition, value


def _arn_accounts(conditions: Iterable[Condition], key: str) -> Iterator[str]:
    """Yield the account components of ARNs, with their wildcards."""
    for _, value in _values_of(conditions, [key]):
        parts = value.split(":")
        if len(parts) > 5:  # noqa: PLR2004 - an ARN has six components
            yield parts[4]


def _named_accounts(conditions: Sequence[Condition], keys: Iterable[str], *arn_keys: str) -> frozenset[str]:
    """Return the accounts that *conditions* name in full."""
    values = [value for _, value in _values_of(conditions, keys)]
    values += [account for key in arn_keys for account in _arn_accounts(conditions, key)]
    return frozenset(v for v in values if re.fullmatch(r"\d{12}", v))


def _accounts(conditions: Sequence[Condition], keys: Iterable[str], arn_key: str) -> tuple[str, ...]:
    patterns = [glob(v) for c, v in _values_of(conditions, keys)]
    patterns += [glob(account) for account in _arn_accounts(conditions, arn_key) if account]
    found = representatives([p for p in patterns if p.items], _ACCOUNT_FORM)

    return tuple(dict.fromkeys((_FRESH_ACCOUNT, *found)))


def _organizations(conditions: Sequence[Condition], key: str, paths_key: str) -> tuple[str, ...]:
    """Return organizations that *conditions* tell apart; empty text is an account in none."""
    patterns = [glob(value) for _, value in _values_of(conditions, [key])]
    patterns += [glob(value.partition("/")[0]) for _, value in _values_of(conditions, [paths_key])]
    if not patterns:
        return ("",)
    found = representatives([p for p in patterns if p.literal is None], _ORGANIZATION_FORM)
    literals = [p.literal for p in patterns if p.literal]

    return tuple(dict.fromkeys(("", _FRESH_ORGANIZATION, *found, *literals)))


def _made_up(organizations: Iterable[str], conditions: Sequence[Condition]) -> frozenset[str]:
    """Return those of *organizations* that no condition names in full."""
    keys = ("aws:principalorgid", "aws:sourceorgid", "aws:principalorgpaths", "aws:sourceorgpaths")
    named = {value.partition("/")[0] for _, value in _values_of(conditions, keys)}
    return frozenset(o for o in organizations if o not in named)


def _org_paths(organization: str, conditions: Sequence[Condition]) -> tuple[Mapping[str, Value], ...]:
    wanted = [glob(value) for _, value in _values_of(conditions, ["aws:principalorgpaths"])]
    if not wanted or not organization:
        return ({},)
    form = Pattern((*f"{organization}/r-", Wild.STAR, "/"))

    return tuple({"aws:principalorgpaths": (path,)} for path in representatives(wanted, form)) or ({},)


def _principals(account: str, conditions: Sequence[Condition], partition: str) -> Iterator[Principal]:
    patterns = [p for _, v in _values_of(conditions, ["aws:principalarn"]) for p in arn_patterns(v)]
    role = f"arn:{partition}:iam::{account}:role/"
    if not patterns:
        yield Principal(PrincipalKind.ROLE, f"{role}x", account, tags=None)
    for text in representatives(patterns, Pattern((*role, *_SOME))) if patterns else ():
        yield Principal(PrincipalKind.ROLE, text, account)
    user = f"arn:{partition}:iam::{account}:user/"
    asked = {*(c.key for c in conditions), *_variables(conditions)}
    if patterns or asked & {"aws:principaltype", "aws:username"}:
        for text in representatives(
            [*patterns, *_user_names(account, conditions, partition)], Pattern((*user, *_SOME))
        ):
            yield Principal(PrincipalKind.USER, text, account)
    if patterns or asked & {"aws:principaltype"}:
        yield Principal(PrincipalKind.ROOT, f"arn:{partition}:iam::{account}:root", account)


_SOME: Final[tuple[Item, ...]] = (Wild.ONE_INSIDE, Wild.STAR)


def _user_names(account: str, conditions: Sequence[Condition], partition: str) -> Iterator[Pattern]:
    for _, value in _values_of(conditions, ["aws:username"]):
        yield arn_glob(f"arn:{partition}:iam::{account}:user/{value}")


def _principals_of(entry: Named, account: str, conditions: Sequence[Condition], partition: str) -> Iterator[Principal]:
    if entry.form is Form.ACCOUNT:
        yield from _principals(account, conditions, partition)
    elif entry.form is Form.USER:
        yield Principal(PrincipalKind.USER, entry.text, account)
    elif entry.form is Form.SESSION:
        _, _, rest = entry.text.partition(":assumed-role/")
        name, _, session = rest.partition("/")
        yield Principal(PrincipalKind.ROLE, f"arn:{partition}:iam::{account}:role/{name}", account, session=session)
    elif entry.form is Form.FEDERATED_USER:
        yield Principal(PrincipalKind.FEDERATED_USER, entry.text, account)
    else:
        yield Principal(PrincipalKind.ROLE, entry.text, account)


def _source_arns(account: str, conditions: Sequence[Condition], partition: str) -> Iterator[tuple[str, str | None]]:
    """Yield ARNs of resources of *account*, and those of buckets, which name no account, with the bucket if it is fixed."""
    values = [value for _, value in _values_of(conditions, ["aws:sourcearn"])]
    patterns = [pattern for value in values for pattern in arn_patterns(value)]
    inside = (Wild.STAR_INSIDE, ":", Wild.STAR_INSIDE, ":")
    form = Pattern((*f"arn:{partition}:", *inside, *account, ":", *_SOME))
    if not patterns:
        yield f"arn:{partition}:x:x:{account}:x", None
        return
    for text in representatives(patterns, form):
        if not text.startswith(f"arn:{partition}:s3:"):
            yield text, None
    for text in representatives(patterns, Pattern((*f"arn:{partition}:s3:::", *_SOME))):
        held = [v for v in values if any(p.matches(text) for p in arn_patterns(v))]
        if held:
            fixed = not any(set(v.rpartition(":")[2]) & {"*", "?"} for v in held)
            yield text, (text.rpartition(":")[2] if fixed else "")


def _any_service(conditions: Sequence[Condition]) -> str:
    for _, value in _values_of(conditions, ["aws:principalservicename", "aws:principalservicenameslist"]):
        if re.fullmatch(r"[a-z0-9.-]+", value):
            return value
    for _, value in _values_of(conditions, ["aws:sourcearn"]):
        parts = value.split(":")
        if len(parts) > 2 and parts[2].isalnum():  # noqa: PLR2004 - the service is the third component
            return f"{parts[2]}.amazonaws.com"

    return "x.amazonaws.com"


def _narrow(conditions: Sequence[Condition]) -> tuple[str, ...]:
    """Return the address ranges that *conditions* name, where they are one owner's; empty where they are broad."""
    values = [value for _, value in _values_of(conditions, ["aws:sourceip"])]

    return () if is_broad(values) else tuple(values)


def _address_in(address: Value | None, networks: Sequence[str]) -> bool:
    return isinstance(address, str) and matcher("ipaddress", tuple(networks))(address)


def _resolved(key: str, conditions: Sequence[Condition], base: Request) -> Iterator[str]:
    """Yield the values of *key* that policy variables stand for."""
    for condition, value in _values_of(conditions, [key]):
        if condition.variables and "${" in value:
            try:
                text = pattern_of(value, base, condition.operator.name).literal
            except (Unresolved, Unknown):
                continue
            if text is not None:
                yield text


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(value)
