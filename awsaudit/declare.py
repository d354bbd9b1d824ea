"""
How a resource type says which AWS calls it is made of.

A `Call` is data. The plan counts it, the collector runs it, the policy generator turns it into an IAM action, the guard
admits it and nothing else, and the docs print it. A `Fact` is a typed attribute read out of one call's answer.
"""

from __future__ import annotations

import datetime
import enum
import functools
import inspect

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, overload

import jmespath

from attrs import define, field, fields, frozen

from awsaudit.errors import DeclarationError, EvidenceMissing, UndeclaredFactError
from awsaudit.gap import Gap


T = TypeVar("T")
Parser = Callable[[Any], T]
Kind: TypeAlias = "type[Resource]"


class Scope(enum.Enum):
    """Where a resource type is asked for."""

    REGION = "region"
    """In every region of the scan."""

    GLOBAL = "global"
    """Once an account, in the home region of the partition."""


@frozen
class From:
    """
    A parameter taken out of another call's answer about the same resource.

    Args:
        call: The other call; it is made first.

        path: JMESPath into that call's result.
    """

    call: Call
    path: str


@frozen
class Ago:
    """A parameter that is a moment before the scan: 0 days is the scan itself."""

    days: int = 0


@frozen
class Batch:
    """
    How one request asks about many resources.

    Args:
        param: The parameter that takes the list.

        size: How many resources one request may name.

        each:
            What stands in the list for one resource, in the form of `Call.params`; a list stands for several elements.
            ``$scan:index`` is the resource's position, also at the end of a longer text.

        key: JMESPath of what identifies a resource in an element of the answer.

        value:
            What that identifier is for one resource, in the form of `Call.params`; for a list of identifiers the
            resource's result is the list of their elements.

        failures: JMESPath of the resources that AWS could not answer for, in the same answer.

        failure_key: JMESPath of the identifier in such an element.

        failure_code: JMESPath of the error code in such an element.
    """

    param: str
    size: int
    each: Any = field(default="$@", hash=False)
    key: str = "@"
    value: Any = field(default="$@", hash=False)
    failures: str | None = None
    failure_key: str | None = None
    failure_code: str | None = None


@frozen
class Poll:
    """
    A report that AWS has to be asked to make first.

    Args:
        operation: The operation that starts the report and tells how far it is.

        done: JMESPath, true of its answer once the report is ready.

        tries: How often to ask at most.

        wait: Seconds between two tries.

        action: The IAM action, where it is not ``service:operation``.
    """

    operation: str
    done: str
    tries: int = 10
    wait: float = 2.0
    action: str | None = None


@frozen(cache_hash=True)
class Call:
    """
    One AWS read.

    Args:
        operation: The API operation, as in the service's API reference.

        result: JMESPath of the part of the answer that facts read; for a listing, the items.

        params:
            Parameters, nested as the API wants them. ``"$path"`` is a JMESPath into the listed item (``"$@"`` the item
            itself), ``"$parent:path"`` into the parent's listed item, ``"$scan:account"``, ``"$scan:region"`` and
            ``"$scan:partition"`` what the scan looks at; `From` reads another call's result, `Ago` is a moment.
            Where one of them is None the resource has no such thing: no request is made and the result is None.

        service: botocore's name of the service, where it is not the resource type's.

        when: A condition in the form of a parameter; where it is false no request is made and the result is None.

        page_size: The parameter that makes AWS page, and its value, where AWS pages only if it is told to.

        absent: Error codes that mean "there is none", not "we could not look". The result is then None.

        gone: Error codes that mean the resource was deleted meanwhile.

        action: The IAM action, where it is not ``service:operation``.

        extra_actions: IAM actions that the operation needs besides.

        batch: How one request asks about many resources.

        poll: The operation that has to make the report first.

        answer_code: Error codes whose code itself is the result, as ``{"error_code": code}``.

        first_page: Whether the first page is enough, and no other is asked for: of objects there are billions.
    """

    operation: str
    result: str = "@"
    params: Mapping[str, Any] = field(factory=dict, hash=False)
    service: str | None = None
    when: str | From | None = None
    page_size: tuple[str, int] | None = None
    absent: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    action: str | None = None
    extra_actions: tuple[str, ...] = ()
    batch: Batch | None = None
    poll: Poll | None = None
    answer_code: tuple[str, ...] = ()
    first_page: bool = False

    def needs(self) -> Iterator[From]:
        """Yield what the call takes out of other calls' results."""
        yield from _references(self.params)
        yield from _references(self.when)
        if self.batch:
            yield from _references([self.batch.each, self.batch.value])


def _references(value: Any) -> Iterator[From]:
    if isinstance(value, From):
        yield value
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from _references(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _references(below)


# IAM calls these services by another name than botocore does.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_IAM_PREFIX = {
    "accessanalyzer": "access-analyzer",
    "stepfunctions": "states",
    "elbv2": "elasticloadbalancing",
    "efs": "elasticfilesystem",
}


def iam_actions(service: str, call: Call) -> tuple[str, ...]:
    """Return the IAM actions that admit *call* of *service*."""
    prefix = _IAM_PREFIX.get(service, service)
    actions = [call.action or f"{prefix}:{call.operation}", *call.extra_actions]
    if call.poll:
        actions.append(call.poll.action or f"{prefix}:{call.poll.operation}")

    return tuple(actions)


class Fact(Generic[T]):
    """
    A typed attribute of a resource, read out of one call's result.

    Args:
        call: The call.

        path: JMESPath into the call's result.

        parse: Makes the typed value; what it raises (KeyError, TypeError, ValueError) makes the fact malformed.

        doc: What the value means: units, and what unset means.

        sensitive:
            The value may hold secrets. It is reduced to what the detectors say as it is collected; *parse* gets a list
            of hits and is usually `secret_hits`.

    Raises:
        EvidenceMissing: On reading, if the call was refused, failed, or answered in no readable form.
    """

    def __init__(self, call: Call, path: str, parse: Parser[T], doc: str = "", *, sensitive: bool = False) -> None:
        self.call = call
        self.path = path
        self.parse = parse
        self.doc = doc
        self.sensitive = sensitive
        self.owner: type[Resource] | None = None
        self.name = ""

    def __set_name__(self, owner: type[Resource], name: str) -> None:
        self.owner = self.owner or owner
        self.name = name

    def __repr__(self) -> str:
        return f"<Fact {self.owner.__name__ if self.owner else '?'}.{self.name}>"

    @overload
    def __get__(self, obj: None, owner: type) -> Fact[T]: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> T: ...
    def __get__(self, obj: Resource | None, owner: type) -> Fact[T] | T:
        if obj is None:
            return self
        try:
            value: Any = obj.values[self.name]
        except KeyError:
            raise UndeclaredFactError(
                f"{type(obj).__name__}.{self.name} was read but is not in the plan; "
                "read it in the check itself or in a function that the check calls by name"
            ) from None
        if isinstance(value, Gap):
            raise EvidenceMissing(value)

        return value  # type: ignore[no-any-return]

    def read(self, result: Any) -> T:
        """
        Return the fact's value out of the call's *result*.

        Raises:
            KeyError, TypeError, ValueError: The result is not of the declared form.
        """
        return self.parse(result if self.path == "@" else compiled(self.path).search(result))


@functools.cache
def compiled(path: str) -> Any:
    """Return the JMESPath expression *path*, compiled once."""
    return jmespath.compile(path)


@define(eq=False, slots=True)
class Resource:
    """
    One AWS resource, as the calls of its type describe it.

    Subclasses are declarations: they set the class attributes and hold `Fact` objects; see `awsaudit.resources.sqs`.

    Class attributes:
        service: botocore's name of the service.

        type: CloudFormation's name of the type; one in its style where it has none.

        listing: The call whose items are the resources; None for one resource an account or region.

        parent: The type whose resources are each asked for theirs by *listing*.

        scope: Where to ask.

        own_region: The item's own region, in the form of a parameter; its details are asked there.

        label: The fact that names a resource whose ARN could not be read; one over the listing.

    Args:
        account: The account's id, 12 digits.

        region: The region, ``global`` for services without regions.

        partition: ``aws``, ``aws-us-gov`` or ``aws-cn``.

        as_of: When the scan looked, in UTC; ages are counted up to it.

        values: The facts' values by name; a `Gap` for a fact that could not be read.

        parent_resource: The resource of the *parent* type that this one was listed under.
    """

    service: ClassVar[str]
    type: ClassVar[str]
    listing: ClassVar[Call | None] = None
    parent: ClassVar[Kind | None] = None
    scope: ClassVar[Scope] = Scope.REGION
    own_region: ClassVar[str | None] = None
    label: ClassVar[str] = ""

    account: str
    region: str
    partition: str
    as_of: datetime.datetime
    values: Mapping[str, Any] = field(repr=False)
    parent_resource: Resource | None = field(default=None, repr=False)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not inspect.getdoc(cls) or cls.__doc__ == Resource.__doc__:
            raise DeclarationError(f"{cls.__name__}: say in its docstring what the resource is")
        for name in ("service", "type"):
            if not hasattr(cls, name):
                raise DeclarationError(f"{cls.__name__}: {name} is missing")
        taken = cls.facts().keys() & {*_slots_of(Resource), "service", "type", "listing", "parent", "scope", "label"}
        if taken:
            raise DeclarationError(f"{cls.__name__}: a fact may not be called {min(taken)}; every resource has that")
        if "arn" not in cls.facts() and not isinstance(getattr(cls, "arn", None), property):
            raise DeclarationError(f"{cls.__name__}: a resource type has an arn")

    @classmethod
    def facts(cls) -> dict[str, Fact[Any]]:
        """Return the declared facts by name, inherited ones first."""
        found: dict[str, Fact[Any]] = {}
        for klass in reversed(cls.__mro__):
            found.update({n: v for n, v in vars(klass).items() if isinstance(v, Fact)})

        return found

    @classmethod
    def service_of(cls, call: Call) -> str:
        """Return the service that *call* of this type goes to."""
        return call.service or cls.service

    @classmethod
    def calls(cls) -> tuple[Call, ...]:
        """Return every call of the type, the listing first, each once, a call after those it needs."""
        wanted: dict[Call, None] = {}
        if cls.listing:
            wanted[cls.listing] = None
        for fact in cls.facts().values():
            for call in with_needs(fact.call):
                wanted[call] = None

        return tuple(wanted)

    def age(self, moment: datetime.datetime) -> datetime.timedelta:
        """Return how long before the scan *moment* was; negative for one to come."""
        return self.as_of - moment

    def know(self, name: str) -> Any:
        """Return the value of the fact or property *name*; None where there is none, or its evidence is missing."""
        if not hasattr(type(self), name):
            return None
        try:
            return getattr(self, name)
        except (EvidenceMissing, UndeclaredFactError):
            return None


def _slots_of(kind: Kind) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in fields(kind))


def with_needs(call: Call) -> tuple[Call, ...]:
    """
    Return *call* after all calls whose results it needs, each once.

    Raises:
        DeclarationError: A call needs itself.
    """
    ordered: dict[Call, None] = {}

    def visit(wanted: Call, above: tuple[Call, ...]) -> None:
        if wanted in above:
            raise DeclarationError(f"{wanted.operation} needs its own result")
        for needed in wanted.needs():
            visit(needed.call, (*above, wanted))
        ordered[wanted] = None

    visit(call, ())
    return tuple(ordered)


def first_known(*readings: Callable[[], T]) -> T:
    """
    Return the first of several readings of one fact whose evidence is there.

    Raises:
        EvidenceMissing: None of them can be read; it names what the first one lacks.
    """
    missing: EvidenceMissing | None = None
    for reading in readings:
        try:
            return reading()
        except EvidenceMissing as hidden:
            missing = missing or hidden
    raise missing or LookupError("no reading was given")
