"""
Which calls a scan makes, known before the first of them.

A `Plan` is made of the selected checks alone. The guard, the IAM policy, ``--dry-run`` and the progress bar are views of it.
"""

from __future__ import annotations

import functools

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen

from awsaudit.check import Check
from awsaudit.declare import Call, Fact, Kind, Poll, Scope, iam_actions, with_needs
from awsaudit.errors import DeclarationError
from awsaudit.needs import Needs, needs_of_facts
from awsaudit.parser import fact_tree
from awsaudit.projection import Tree, merge, tree_of


IDENTITY: Final = Call("GetCallerIdentity", result="{Account: Account, Arn: Arn}", service="sts")
REGIONS: Final = Call("DescribeRegions", result="Regions[].RegionName", service="ec2")
SCAN_CALLS: Final = (IDENTITY, REGIONS)
"""What every live scan asks besides: whose account it is, and which regions are enabled in it."""


@frozen
class Step:
    """
    What the plan collects of one resource type.

    Args:
        kind: The type.

        facts: The facts that checks read.

        calls: The detail calls they need, a call after those it needs; the listing is not among them.
    """

    kind: Kind
    facts: Mapping[str, Fact[Any]]
    calls: tuple[Call, ...]


@frozen
class Operation:
    """An API operation of the plan, with the IAM actions that admit it."""

    service: str
    operation: str
    actions: tuple[str, ...]


@frozen
class Plan:
    """
    The calls that a selection of checks needs.

    Args:
        checks: The selected checks, by id; none where facts were asked for without any.

        steps: What is collected, by resource type; parents come first.

        kept: What is kept of the answers, by ``service:operation``.
    """

    checks: tuple[Check[Any], ...]
    steps: Mapping[Kind, Step] = field(repr=False)
    kept: Mapping[str, Tree] = field(repr=False)

    def operations(self) -> tuple[Operation, ...]:
        """Return every operation that the scan may call, sorted, each once."""
        actions: dict[tuple[str, str], set[str]] = {}
        for service, call in self._calls():
            actions.setdefault((service, call.operation), set()).update(iam_actions(service, call))
            if call.poll:
                actions.setdefault((service, call.poll.operation), set()).update(iam_actions(service, call))

        return tuple(Operation(*key, tuple(sorted(actions[key]))) for key in sorted(actions))

    def actions(self) -> tuple[str, ...]:
        """Return every IAM action that the scan needs, sorted."""
        return tuple(sorted({action for operation in self.operations() for action in operation.actions}))

    def polls(self) -> Mapping[tuple[str, str], Poll]:
        """Return the reports that AWS has to be asked to make first, by service and operation."""
        return {(service, call.operation): call.poll for service, call in self._calls() if call.poll}

    def first_pages(self) -> frozenset[tuple[str, str]]:
        """Return the operations of which nobody needs more than the first page, by service and operation."""
        every = {(service, call.operation) for service, call in self._calls() if not call.first_page}
        return frozenset((s, c.operation) for s, c in self._calls() if c.first_page and (s, c.operation) not in every)

    def _calls(self) -> Iterator[tuple[str, Call]]:
        for call in SCAN_CALLS:
            yield str(call.service), call
        for step in self.steps.values():
            for call in (*([step.kind.listing] if step.kind.listing else []), *step.calls):
                yield step.kind.service_of(call), call

    def shared(self, service: str, operation: str) -> bool:
        """Tell whether several calls of the plan use the operation, so that its answers are worth keeping."""
        return self._uses.get((service, operation), 0) > 1

    @functools.cached_property
    def _uses(self) -> Mapping[tuple[str, str], int]:
        uses: dict[tuple[str, str], int] = {}
        for service, call in self._calls():
            uses[service, call.operation] = uses.get((service, call.operation), 0) + 1

        return uses


def plan(checks: Iterable[Check[Any]]) -> Plan:
    """
    Return the calls that *checks* need.

    Raises:
        DeclarationError: A check or resource type is declared wrongly.
    """
    selected = tuple(sorted(checks, key=lambda c: c.id))
    return _plan(selected, [check.needs for check in selected])


def plan_facts(facts: Iterable[Fact[Any]]) -> Plan:
    """
    Return the calls that reading *facts* needs, without any check.

    Raises:
        DeclarationError: A fact belongs to no resource type.
    """
    return _plan((), [needs_of_facts(facts)])


def _plan(selected: tuple[Check[Any], ...], needs: Iterable[Needs]) -> Plan:
    names: dict[Kind, set[str]] = {}
    for each in needs:
        for kind, facts in each.items():
            names.setdefault(kind, set()).update(facts)
    steps = {kind: _step(kind, names[kind]) for kind in sorted(names, key=_depth)}
    kept: dict[str, Tree] = {f"{c.service}:{c.operation}": tree_of(c.result) for c in SCAN_CALLS}
    for key, tree in _trees(steps):
        kept[key] = merge(kept.get(key, {}), tree)

    return Plan(selected, steps, kept)


def _depth(kind: Kind) -> tuple[int, str, str]:
    depth = 0
    above = kind
    while above.parent:
        depth, above = depth + 1, above.parent

    return depth, kind.service, kind.type


def _step(kind: Kind, names: Iterable[str]) -> Step:
    facts = {name: fact for name, fact in kind.facts().items() if name in set(names)}
    calls = {needed: None for fact in facts.values() for needed in with_needs(fact.call)}
    if kind.own_region and kind.scope is not Scope.GLOBAL:
        raise DeclarationError(f"{kind.__name__}: own_region goes with a global listing")

    return Step(kind, facts, tuple(call for call in calls if call != kind.listing))


def _trees(steps: Mapping[Kind, Step]) -> Iterator[tuple[str, Tree]]:
    for step in steps.values():
        service_of = step.kind.service_of
        for call in (*([step.kind.listing] if step.kind.listing else []), *step.calls):
            yield f"{service_of(call)}:{call.operation}", _tree(call, step, steps)


def _tree(call: Call, step: Step, steps: Mapping[Kind, Step]) -> Tree:
    """Return what is read of *call*'s answer: by facts, by parameters of other calls, by children."""
    below = [fact_tree(f.path, f.parse, sensitive=f.sensitive) for f in step.facts.values() if f.call == call]
    below += [tree_of(need.path) for other in step.calls for need in other.needs() if need.call == call]
    if call == step.kind.listing:
        below += [tree_of(path) for other in step.calls for path in _paths(other, "$")]
        below += [tree_of(path) for path in _paths_in(step.kind.own_region, "$")]
        for child in steps.values():
            if child.kind.parent is step.kind:
                below += [tree_of(p) for c in _calls_of(child) for p in _paths(c, "$parent:")]
    if not call.batch:
        return tree_of(call.result, merge(*below))

    batch = call.batch
    tree = tree_of(call.result, merge(*below, tree_of(batch.key)))
    if batch.failures:
        tree = merge(tree, tree_of(batch.failures, merge(*(tree_of(p) for p in _failure_paths(call)))))

    return tree


def _failure_paths(call: Call) -> Iterator[str]:
    if call.batch:
        yield from (path for path in (call.batch.failure_key, call.batch.failure_code) if path)


def _calls_of(step: Step) -> tuple[Call, ...]:
    return (step.kind.listing, *step.calls) if step.kind.listing else step.calls


def _paths(call: Call, sigil: str) -> Iterator[str]:
    yield from _paths_in(call.params, sigil)
    yield from _paths_in(call.when, sigil)
    if call.batch:
        yield from _paths_in([call.batch.each, call.batch.value], sigil)


def _paths_in(value: Any, sigil: str) -> Iterator[str]:
    if isinstance(value, str):
        if sigil == "$" and value.startswith("$") and not value.startswith(("$parent:", "$scan:")):
            yield value[1:]
        elif sigil != "$" and value.startswith(sigil):
            yield value.removeprefix(sigil)
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from _paths_in(below, sigil)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _paths_in(below, sigil)


def whole_step(kind: Kind) -> Step:
    """Return the step that reads every fact of *kind*."""
    return _step(kind, kind.facts())


def trees_of(kind: Kind) -> Iterator[tuple[Call, Tree]]:
    """Yield each call of *kind* with what all facts of the type together read of its answer."""
    step = whole_step(kind)
    for call in _calls_of(step):
        yield call, _tree(call, step, {kind: step})
