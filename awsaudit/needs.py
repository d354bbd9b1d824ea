"""
Which facts a check reads, known before the scan without its author writing it twice.

The names in the check's code object, and in the functions it calls by name, are met with the facts of the resource types
it works on. That can only name too many facts, never too few, as long as facts are read by attribute: `getattr` and the
like are refused. What is read all the same stops the check, see `Fact.__get__`.
"""

from __future__ import annotations

import dis
import functools
import inspect

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

from awsaudit.declare import Fact, Kind, Resource
from awsaudit.errors import DeclarationError
from awsaudit.remediation import placeholders_in


Needs = Mapping[Kind, frozenset[str]]

_DYNAMIC = frozenset({"getattr", "vars", "attrgetter", "__getattribute__", "eval", "exec"})


def needs_of(
    function: Callable[..., Any],
    resources: Iterable[Kind],
    uses: Iterable[Kind | Fact[Any]],
    extra: Iterable[str] = (),
) -> Needs:
    """
    Return the facts that *function* may read, by resource type; parents of the types are there too.

    Args:
        function: The check's function.

        resources: The types it judges.

        uses: Other types it looks up, or single facts of them: then no other fact of that type may be read.

        extra: More names of facts of *resources*, such as a remediation's placeholders.

    Raises:
        DeclarationError: The function reads attributes by computed names.
    """
    uses = tuple(uses)
    for used in uses:
        if not isinstance(used, Fact | type):
            raise DeclarationError(
                "uses= takes resource types and facts; in place of a property name the facts behind it"
            )
    judged = tuple(resources)
    kinds = (*judged, *(u for u in uses if not isinstance(u, Fact)))
    names = _names(function, kinds).union(*(_names_in_properties(kind, extra) for kind in judged))
    needs = {kind: _facts(kind, names, extra if kind in judged else ()) for kind in kinds}
    _add_single((u for u in uses if isinstance(u, Fact)), needs)
    for kind in list(needs):
        _add_parents(kind, names, needs)

    return needs


def needs_of_facts(facts: Iterable[Fact[Any]]) -> Needs:
    """
    Return *facts* by resource type; parents of the types are there too.

    Raises:
        DeclarationError: One belongs to no resource type.
    """
    needs: dict[Kind, frozenset[str]] = {}
    _add_single(facts, needs)
    for kind in list(needs):
        _add_parents(kind, frozenset(), needs)

    return needs


def _add_single(facts: Iterable[Fact[Any]], needs: dict[Kind, frozenset[str]]) -> None:
    for fact in facts:
        if fact.owner is None:
            raise DeclarationError(f"{fact!r} belongs to no resource type")
        needs[fact.owner] = needs.get(fact.owner, _free_identity(fact.owner)) | {fact.name}


def _add_parents(kind: Kind, names: frozenset[str], needs: dict[Kind, frozenset[str]]) -> None:
    while kind.parent:
        if "parent_resource" in names:
            needs[kind.parent] = needs.get(kind.parent, frozenset()) | _facts(kind.parent, names, ())
        else:
            needs.setdefault(kind.parent, frozenset())
        kind = kind.parent


def _facts(kind: Kind, names: frozenset[str], extra: Iterable[str]) -> frozenset[str]:
    facts = kind.facts()
    wanted = names | set(extra) | _identity(kind)
    return frozenset(name for name in facts if name in wanted)


def _identity(kind: Kind) -> set[str]:
    """Return what names a resource in a finding: its ARN always, the rest where the listing tells it."""
    facts = kind.facts()
    free = {n for n in ("name", "tags", kind.label) if n in facts and facts[n].call == kind.listing}
    arn = {"arn"} if "arn" in facts else _names_in_properties(kind, ["arn"])

    return free | arn


def _free_identity(kind: Kind) -> frozenset[str]:
    """Return what names a resource and comes with the listing anyhow."""
    facts = kind.facts()
    return frozenset(name for name in _identity(kind) if name in facts and facts[name].call == kind.listing)


def _names_in_properties(kind: Kind, properties: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in properties:
        member = inspect.getattr_static(kind, name, None)
        if isinstance(member, property | functools.cached_property):
            found |= _names(_function_of(member), (kind,))

    return frozenset(found)


def _function_of(member: Any) -> Any:
    if isinstance(member, property):
        return member.fget
    if isinstance(member, functools.cached_property):
        return member.func
    if isinstance(member, classmethod | staticmethod):
        return member.__func__

    return member


def _names(function: Callable[..., Any], kinds: tuple[Kind, ...]) -> frozenset[str]:
    found: set[str] = set()
    pending: list[Any] = [function]
    seen: set[CodeType] = set()
    lineage = [k for kind in kinds for k in (kind, *_parents(kind))]
    while pending:
        current = inspect.unwrap(pending.pop())
        code = getattr(current, "__code__", None)
        if code is None or code in seen:
            continue
        seen.add(code)
        names = set(_loaded(code))
        if names & _DYNAMIC:
            raise DeclarationError(f"{code.co_qualname}: read facts by attribute, not by {min(names & _DYNAMIC)}")
        found |= names
        found.update(_filled_by(current, code, names))
        pending += _called(current, names)
        pending += _members(lineage, names)

    return frozenset(found)


def _parents(kind: Kind) -> Iterator[Kind]:
    while kind.parent:
        kind = kind.parent
        yield kind


def _members(kinds: Iterable[Kind], names: Iterable[str]) -> Iterator[Any]:
    """Yield the functions behind properties and methods that the resource types define themselves."""
    own = set(vars(Resource))
    for kind in kinds:
        for name in set(names) - own:
            member = inspect.getattr_static(kind, name, None)
            if member is not None and not isinstance(member, Fact):
                yield _function_of(member)


def _called(function: Any, names: Iterable[str]) -> Iterator[FunctionType]:
    """Yield the functions of packs and of awsaudit that *function* names."""
    scope = dict(getattr(function, "__globals__", {}))
    for name in names:
        value = scope.get(name)
        if isinstance(value, FunctionType) and value.__module__ not in _FOREIGN:
            yield value
    for cell in getattr(function, "__closure__", None) or ():
        if isinstance(cell.cell_contents, FunctionType):
            yield cell.cell_contents


def _filled_by(function: Any, code: CodeType, names: Iterable[str]) -> Iterator[str]:
    """Yield the placeholders of the commands that *function* writes, or names as constants of its module."""
    scope = getattr(function, "__globals__", {})
    texts = [scope[name] for name in names if isinstance(scope.get(name), str)]
    for text in (*texts, *_texts(code)):
        yield from placeholders_in(text)


def _texts(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _texts(constant)


_FOREIGN = frozenset({"inspect", "functools", "re", "json", "typing", "attr._make"})


@functools.cache
def _loaded(code: CodeType) -> frozenset[str]:
    names = {str(i.argval) for i in dis.get_instructions(code) if i.opname in _LOADS}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _loaded(constant)

    return frozenset(names)


_LOADS = frozenset({"LOAD_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_SUPER_ATTR", "MATCH_CLASS"})
