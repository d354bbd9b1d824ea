"""
Typed resources over evidence, to look things up in.

What was refused is never a default: a look-up whose answer hangs on resources that could not be seen raises
`EvidenceMissing`, so that the check that asked says `unknown`.
"""

from __future__ import annotations

import datetime

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

from attrs import field, frozen

from awsaudit.declare import Fact, Kind, Resource, Scope
from awsaudit.errors import EvidenceMissing, UndeclaredFactError
from awsaudit.gap import Gap, GapKind
from awsaudit.partition import GLOBAL
from awsaudit.trust import Trust


R = TypeVar("R", bound=Resource)
T = TypeVar("T")


@frozen
class Target:
    """
    What a scan looks at.

    Args:
        account: The account's id.

        partition: The partition of the account.

        regions: The regions of the scan.

        as_of: When the scan looks, in UTC.

        trust: Whom the account's owner trusts; unset means nobody outside of it.
    """

    account: str
    partition: str
    regions: tuple[str, ...]
    as_of: datetime.datetime
    trust: Trust = field(factory=Trust)


@frozen
class Unlisted:
    """
    Resources that could not be listed.

    Args:
        gap: The refused listing.

        parent: The resource they belong to; None for a whole region.
    """

    gap: Gap
    parent: Resource | None = None


@frozen
class Collected:
    """
    Everything of one type in one region.

    Args:
        kind: The resource type.

        region: The region, ``global`` for a type without regions.

        resources: What there is, as far as it could be listed.

        unlisted: What could not be listed.
    """

    kind: Kind
    region: str
    resources: tuple[Resource, ...]
    unlisted: tuple[Unlisted, ...] = ()


class Inventory:
    """
    What a scan has collected so far.

    Args:
        target: What the scan looks at.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._collected: dict[tuple[Kind, str], Collected] = {}
        self._by_arn: dict[tuple[Kind, str], Mapping[str, Resource]] = {}
        self._by_value: dict[tuple[Kind, str, str], tuple[Mapping[str, Resource], Gap | None]] = {}
        self._by_parent: dict[tuple[Kind, str], Mapping[int, list[Resource]]] = {}
        self._derived: dict[object, Any] = {}

    @property
    def account(self) -> str:
        """The id of the scanned account."""
        return self.target.account

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of the scan."""
        return self.target.regions

    def once(self, key: object, make: Callable[[], T]) -> T:
        """
        Return what *make* derives from the inventory; it is asked once for each *key*.

        Args:
            key: What the derived value is called. Everything that it is derived from has been collected before the first
                check asks for it: those who share a key look at the same types.

            make: Derives it.
        """
        if key not in self._derived:
            self._derived[key] = make()
        found: T = self._derived[key]

        return found

    def add(self, collected: Collected) -> None:
        """Take in one type of one region."""
        self._collected[collected.kind, collected.region] = collected

    def has(self, kind: Kind) -> bool:
        """Tell whether all of *kind* has been collected, or tried."""
        return all((kind, region) in self._collected for region in self._scope(kind, None))

    def seen(self, kind: type[R], region: str | None = None) -> Iterator[R]:
        """
        Yield the resources of a type that could be seen, without saying whether those were all.

        Args:
            kind: The type.

            region: Only those of one region; unset means all regions of the scan.
        """
        for scope in self._scope(kind, region):
            for resource in self._unit(kind, scope).resources:
                if region in {None, GLOBAL, resource.region} or resource.region == GLOBAL:
                    yield cast("R", resource)

    def every(self, kind: type[R], region: str | None = None) -> tuple[R, ...]:
        """
        Return all resources of a type.

        Raises:
            EvidenceMissing: They could not all be listed.
        """
        gap = self._missing(kind, region)
        if gap:
            raise EvidenceMissing(gap)

        return tuple(self.seen(kind, region))

    def first(self, kind: type[R], where: Callable[[R], bool], region: str | None = None) -> R | None:
        """
        Return a resource of which *where* is true; None if there is none.

        Raises:
            EvidenceMissing: None was found, and not all that might be it could be seen.
        """
        return self.first_of(self.seen(kind, region), where, self._missing(kind, region))

    @staticmethod
    def first_of(resources: Iterable[T], where: Callable[[T], bool], missing: Gap | None = None) -> T | None:
        """
        Return one of *resources* of which *where* is true; None if there is none.

        Args:
            resources: What to look through: resources, or anything else that *where* can judge.

            where: May raise `EvidenceMissing`; the search then goes on.

            missing: A gap that hides more resources.

        Raises:
            EvidenceMissing: None was found, and not all that might be it could be seen.
        """
        for resource in resources:
            try:
                if where(resource):
                    return resource
            except EvidenceMissing as hidden:
                missing = missing or hidden.gap
        if missing:
            raise EvidenceMissing(missing)

        return None

    def holding(self, fact: Fact[tuple[str, ...]], value: str, region: str | None = None) -> Resource | None:
        """
        Return a resource whose *fact* holds *value*; None if there is none.

        Args:
            fact: A fact of any resource type; its value is a tuple.

            value: What to look for.

            region: Only resources of one region; unset means all regions of the scan.

        Raises:
            EvidenceMissing: None was found, and not all that might be it could be seen.
        """
        if fact.owner is None:
            raise UndeclaredFactError(f"{fact!r} belongs to no resource type")
        missing = self._missing(fact.owner, region)
        for scope in self._scope(fact.owner, region):
            index, hidden = self._holders(fact.owner, scope, fact.name)
            if value in index:
                return index[value]
            missing = missing or hidden
        if missing:
            raise EvidenceMissing(missing)

        return None

    def _holders(self, kind: Kind, scope: str, name: str) -> tuple[Mapping[str, Resource], Gap | None]:
        key = (kind, scope, name)
        if key not in self._by_value:
            index: dict[str, Resource] = {}
            hidden: Gap | None = None
            for resource in self._unit(kind, scope).resources:
                values = resource.values[name]
                if isinstance(values, Gap):
                    hidden = hidden or values
                else:
                    for value in values:
                        index.setdefault(value, resource)
            self._by_value[key] = index, hidden

        return self._by_value[key]

    @staticmethod
    def those_of(things: Iterable[T], where: Callable[[T], bool]) -> tuple[T, ...]:
        """
        Return those of *things* of which *where* is known to be true; empty only if it is false of all.

        Args:
            things: Resources, or parts of one.

            where: May raise `EvidenceMissing`; the search then goes on.

        Raises:
            EvidenceMissing: None was found, and of some *where* is not known.
        """
        found: list[T] = []
        missing: EvidenceMissing | None = None
        for thing in things:
            try:
                if where(thing):
                    found.append(thing)
            except EvidenceMissing as hidden:
                missing = missing or hidden
        if missing and not found:
            raise missing

        return tuple(found)

    def by_arn(self, kind: type[R], arn: str) -> R | None:
        """
        Return the resource with *arn*; None if the account has none.

        Raises:
            EvidenceMissing: It is in another account or a region that is not scanned, or could not be seen.
        """
        parts = arn.split(":")
        region, account = (parts[3], parts[4]) if len(parts) > 5 else ("", "")  # noqa: PLR2004 - an ARN has six parts
        if account and account != self.target.account:
            raise EvidenceMissing(self._unseen(kind, region, "OtherAccount", arn))
        if kind.scope is Scope.REGION and region and region not in self.target.regions:
            raise EvidenceMissing(self._unseen(kind, region, "RegionNotScanned", arn))
        scopes = self._scope(kind, region or None)
        for scope in scopes:
            found = self._arns(kind, scope).get(arn)
            if found is not None:
                return cast("R", found)
        gap = self._missing(kind, region or None)
        hidden = gap or next(filter(None, (_arn_gap(r) for s in scopes for r in self._unit(kind, s).resources)), None)
        if hidden:
            raise EvidenceMissing(hidden.about(arn))

        return None

    def children(self, parent: Resource, kind: type[R]) -> tuple[R, ...]:
        """
        Return all resources of *kind* that were listed under *parent*.

        Raises:
            EvidenceMissing: They could not all be listed.
        """
        scope = GLOBAL if kind.scope is Scope.GLOBAL else parent.region
        for unlisted in self._unit(kind, scope).unlisted:
            if unlisted.parent is parent or unlisted.parent is None:
                raise EvidenceMissing(unlisted.gap)
        key = (kind, scope)
        if key not in self._by_parent:
            index: dict[int, list[Resource]] = {}
            for resource in self._unit(kind, scope).resources:
                index.setdefault(id(resource.parent_resource), []).append(resource)
            self._by_parent[key] = index

        return tuple(cast("R", r) for r in self._by_parent[key].get(id(parent), ()))

    def unlisted(self, kind: Kind, region: str | None = None) -> Iterator[Unlisted]:
        """Yield what could not be listed of *kind*, with that of the types it is listed under."""
        for scope in self._scope(kind, region):
            yield from self._unit(kind, scope).unlisted
        if kind.parent:
            yield from self.unlisted(kind.parent, region)

    def _missing(self, kind: Kind, region: str | None) -> Gap | None:
        return next((unlisted.gap for unlisted in self.unlisted(kind, region)), None)

    def _scope(self, kind: Kind, region: str | None) -> tuple[str, ...]:
        if kind.scope is Scope.GLOBAL:
            return (GLOBAL,)

        return self.target.regions if region is None else (region,)

    def _unit(self, kind: Kind, scope: str) -> Collected:
        found = self._collected.get((kind, scope))
        if found is not None:
            return found
        if scope in (GLOBAL, *self.target.regions):
            raise UndeclaredFactError(f"{kind.__name__} is not in the plan; name it in the check's uses=")
        raise EvidenceMissing(self._unseen(kind, scope, "RegionNotScanned", None))

    def _unseen(self, kind: Kind, region: str, code: str, arn: str | None) -> Gap:
        operation = kind.listing.operation if kind.listing else kind.type
        return Gap(self.target.account, region or GLOBAL, kind.service, operation, code, GapKind.UNAVAILABLE, (), arn)

    def _arns(self, kind: Kind, scope: str) -> Mapping[str, Resource]:
        key = (kind, scope)
        if key not in self._by_arn:
            self._by_arn[key] = {arn: r for r in self._unit(kind, scope).resources if (arn := r.know("arn"))}

        return self._by_arn[key]


def _arn_gap(resource: Resource) -> Gap | None:
    """Return why *resource*'s ARN is not known; None if it is."""
    value = resource.values.get("arn")
    return value if isinstance(value, Gap) else None
