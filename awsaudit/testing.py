"""
Helpers to test checks: resources out of API-shaped answers, no mocks; and the rules that every check keeps.

They are public: packs of others test with them too.
"""

from __future__ import annotations

import datetime
import functools
import inspect

from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType
from typing import Any, Final, TypeVar

from attrs import evolve

from awsaudit.check import Check, Finding, Status
from awsaudit.declare import Call, Fact, Kind, Resource, Scope, iam_actions
from awsaudit.errors import AuditError
from awsaudit.gap import Gap, GapKind
from awsaudit.inventory import Collected, Inventory, Target, Unlisted
from awsaudit.parser import fact_tree
from awsaudit.partition import GLOBAL, partition_of
from awsaudit.plan import trees_of
from awsaudit.plugins import package_of
from awsaudit.projection import WHERE, merge, project
from awsaudit.remediation import placeholders
from awsaudit.trust import Trust


R = TypeVar("R", bound=Resource)

ACCOUNT: Final = "111122223333"
REGION: Final = "eu-west-1"
AS_OF: Final = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)
"""When faked scans look; ages are counted up to it."""

NOBODY: Final = Trust()
"""A zone of trust that ends at the account."""


def refused(kind: Kind, call: Call, code: str = "AccessDenied", region: str = REGION) -> Gap:
    """Return the gap for *call* of *kind*, refused with *code*."""
    service = kind.service_of(call)
    return Gap(ACCOUNT, region, service, call.operation, code, GapKind.DENIED, iam_actions(service, call))


def fake(  # noqa: PLR0913 - where a resource is found
    kind: type[R],
    results: Mapping[Call, Any] | None = None,
    *,
    region: str = REGION,
    account: str = ACCOUNT,
    as_of: datetime.datetime = AS_OF,
    parent: Resource | None = None,
) -> R:
    """
    Return a resource whose facts are read out of *results*, just as in a scan.

    Args:
        kind: The type.

        results:
            What each call's `result` path gives: for the listing one item of it, for a detail call its part of the
            answer, in AWS's own spelling; None for "there is none", a `Gap` for a failure. Calls that are not mentioned
            were refused.

        region: The region; types without regions get ``global``.

        account: The account's id.

        as_of: When the scan looks.

        parent: The resource it was listed under.

    Raises:
        LookupError: *results* has a call that the type does not make.
    """
    given = results or {}
    foreign = [call.operation for call in given if call not in kind.calls()]
    if foreign:
        raise LookupError(f"{kind.__name__} makes no call {', '.join(foreign)} of this form")
    where = GLOBAL if kind.scope is Scope.GLOBAL and kind.own_region is None else region
    values: dict[str, Any] = {}
    for call in kind.calls():
        facts = {name: fact for name, fact in kind.facts().items() if fact.call == call}
        tree = merge(*(fact_tree(f.path, f.parse, sensitive=f.sensitive) for f in facts.values()))
        result = given.get(call, refused(kind, call, "NotFaked", where))
        kept = result if isinstance(result, Gap) else project(tree, result)
        values |= {name: _read(kind, fact, kept) for name, fact in facts.items()}

    return kind(account, where, partition_of(region), as_of, values, parent)


def _read(kind: Kind, fact: Fact[Any], kept: Any) -> Any:
    if isinstance(kept, Gap):
        return kept
    try:
        return fact.read(kept)
    except (AttributeError, KeyError, TypeError, ValueError):
        return evolve(refused(kind, fact.call, f"Unreadable:{fact.name}"), kind=GapKind.MALFORMED)


def fake_inventory(
    resources: Iterable[Resource],
    kinds: Iterable[Kind],
    *,
    unlisted: Iterable[Kind] = (),
    regions: Iterable[str] = (),
    trust: Trust = NOBODY,
) -> Inventory:
    """
    Return an inventory of exactly *resources*.

    Args:
        resources: What there is.

        kinds: The types that were collected; there is nothing of them but what *resources* hold.

        unlisted: Types whose listing was refused.

        regions: More regions than those of *resources* that were scanned.

        trust: Whom the account's owner trusts.
    """
    found = list(resources)
    where = sorted({REGION, *regions, *(r.region for r in found if r.region != GLOBAL)})
    inventory = Inventory(Target(ACCOUNT, partition_of(where[0]), tuple(where), AS_OF, trust))
    every: list[Kind] = [*kinds, *(type(resource) for resource in found)]
    for kind in dict.fromkeys(every):
        for region in (GLOBAL,) if kind.scope is Scope.GLOBAL else where:
            own = tuple(r for r in found if type(r) is kind and (r.region == region or kind.scope is Scope.GLOBAL))
            missing = (Unlisted(_refused_listing(kind, region)),) if kind in tuple(unlisted) else ()
            inventory.add(Collected(kind, region, own, missing))

    return inventory


def _refused_listing(kind: Kind, region: str) -> Gap:
    listing = kind.listing or kind.calls()[0]
    return refused(kind, listing, region=region)


def run_check(
    check: Check[Any],
    resource: Resource,
    *others: Resource,
    unlisted: Iterable[Kind] = (),
    regions: Iterable[str] = (),
    trust: Trust = NOBODY,
    **options: Any,
) -> list[Finding]:
    """
    Return what *check* finds on *resource*, with nothing to read but what a scan would have planned for it.

    Args:
        check: The check.

        resource: What it judges.

        others: What else is in the inventory; parents of resources need not be named.

        unlisted: Types whose listing was refused.

        regions: More regions that were scanned.

        trust: Whom the account's owner trusts.

        options: Settings of the check.

    Raises:
        AssertionError: The check crashed, or two of its findings have one fingerprint.
    """
    needs = check.needs
    planned: dict[int, Resource] = {}
    everything = [_planned(r, needs, planned) for r in (resource, *others)]
    inventory = fake_inventory(planned.values(), needs, unlisted=unlisted, regions=regions, trust=trust)
    findings = list(check.run(everything[0], inventory, options))
    crashes = [finding.message for finding in findings if finding.crashed]
    if crashes:
        raise AssertionError(f"{check.id}: {crashes[0]}")
    if len({finding.fingerprint for finding in findings}) != len(findings):
        raise AssertionError(f"{check.id}: two findings have one fingerprint; give problems a sub_key")

    return findings


def _planned(resource: Resource, needs: Mapping[Kind, frozenset[str]], done: dict[int, Resource]) -> Resource:
    if id(resource) not in done:
        above = _planned(resource.parent_resource, needs, done) if resource.parent_resource else None
        facts = needs.get(type(resource), frozenset())
        values = {name: value for name, value in resource.values.items() if name in facts}
        copy = type(resource)(resource.account, resource.region, resource.partition, resource.as_of, values, above)
        done[id(resource)] = copy

    return done[id(resource)]


def statuses(findings: Iterable[Finding]) -> list[Status]:
    """Return the verdicts of *findings* in order."""
    return [finding.status for finding in findings]


def faults(check: Check[Any]) -> Iterator[str]:
    """
    Yield the rules for checks that *check* breaks; none is what a pack's registry test asserts.

    Ids, files and names agree; every declared call, parameter and result path exists in botocore's service model; each
    placeholder is filled; evidence that was refused ends as unknown.
    """
    yield from _naming_faults(check)
    yield from _wording_faults(check)
    try:
        kinds = tuple(check.needs)
    except AuditError as error:
        yield str(error)
        return
    for kind in kinds:
        yield from call_faults(kind)
    yield from _refusal_faults(check)


def _naming_faults(check: Check[Any]) -> Iterator[str]:
    service, _, rest = check.id.partition("-")
    name = rest.replace("-", "_")
    module = check.function.__module__.split(".")
    if check.function.__name__ != name:
        yield f"the function is {check.function.__name__}, not {name}"
    if module[-2:] != [package_of(service), name]:
        yield f"the module is {'.'.join(module)}, not <pack>.{package_of(service)}.{name}"


def _wording_faults(check: Check[Any]) -> Iterator[str]:
    if check.title.endswith("."):
        yield "the title is a phrase, without a full stop"
    fix = check.remediation
    commands = fix.cli or ""
    regional = any(kind.scope is Scope.REGION for kind in check.resources)
    if commands.count("aws ") and "--region" not in commands and regional:
        yield "the command names no --region {region}"
    filled = {"region", "account", "partition", "as_of", *_strings_of(check)}
    for name in placeholders(fix):
        if name not in filled and not all(hasattr(kind, name) for kind in check.resources):
            yield f"nothing fills the placeholder {{{name}}}"


def _strings_of(check: Check[Any]) -> set[str]:
    """Return the words of the modules that the check's functions are in, among which are the names that they fill."""
    pack = check.function.__module__.partition(".")[0]
    words: dict[str, set[str]] = {}
    pending: list[Any] = [check.function]
    while pending:
        function = pending.pop()
        if function.__module__ not in words:
            source = inspect.getsource(inspect.getmodule(function) or function)
            words[function.__module__] = set(source.replace('"', " ").split())
            called = (value for value in function.__globals__.values() if isinstance(value, FunctionType))
            pending += [value for value in called if value.__module__.partition(".")[0] == pack]

    return set().union(*words.values())


def _refusal_faults(check: Check[Any]) -> Iterator[str]:
    for judged in check.resources:
        parent: Resource | None = None
        for kind in reversed(list(_lineage(judged))):
            parent = fake(kind, parent=parent)
        resource = fake(judged, parent=parent)
        findings = run_check(check, resource, unlisted=[k for k in check.needs if k is not judged])
        if {Status.UNKNOWN} != {finding.status for finding in findings}:
            yield f"it does not say unknown where all evidence on a {judged.__name__} is refused"


def _lineage(kind: Kind) -> Iterator[Kind]:
    while kind.parent:
        kind = kind.parent
        yield kind


@functools.cache
def _model(service: str) -> Any:
    import botocore.session  # noqa: PLC0415 - slow to import, and only needed here

    return botocore.session.get_session().get_service_model(service)


def call_faults(kind: Kind) -> Iterator[str]:
    """Yield what of the calls of *kind* does not exist in botocore's service model."""
    known: Any = kind
    yield from _call_faults(known)


@functools.cache
def _call_faults(kind: Any) -> tuple[str, ...]:
    # Many checks look at the same types.
    return tuple(_faults_of_calls(kind))


def _faults_of_calls(kind: Kind) -> Iterator[str]:
    for call, tree in trees_of(kind):
        service = kind.service_of(call)
        model = _model(service)
        if call.operation not in model.operation_names:
            yield f"{service} has no operation {call.operation}"
            continue
        shape = model.operation_model(call.operation)
        members = set(shape.input_shape.members) if shape.input_shape else set()
        named = {
            *call.params,
            *([call.batch.param] if call.batch else []),
            *([call.page_size[0]] if call.page_size else []),
        }
        if named - members:
            yield f"{service}:{call.operation} takes no {', '.join(sorted(named - members))}"
        own = {"error_code"} if call.answer_code else set()
        yield from _path_faults(f"{service}:{call.operation}", tree, shape.output_shape, own)


def _path_faults(where: str, tree: Any, shape: Any, own: set[str]) -> Iterator[str]:
    while shape is not None and shape.type_name == "list":
        shape = shape.member
    if not isinstance(tree, dict) or shape is None or shape.type_name != "structure":
        return
    for name, below in tree.items():
        if name.startswith(WHERE):
            yield from _path_faults(where, below, shape, own)
        elif name in shape.members:
            yield from _path_faults(f"{where}.{name}", below, shape.members[name], own)
        elif name not in own:
            yield f"{where} answers no {name}"
