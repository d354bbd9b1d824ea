"""
Runs a plan against a source.

All state changes on the thread that iterates; the worker threads only carry questions to the source and answers back.
Questions wait in lanes, one a service and region, and are taken from them in turn, so that a slow service or a region
that does not answer delays nothing else.
"""

from __future__ import annotations

import datetime
import queue
import threading
import time

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from attrs import define, field
from jmespath.exceptions import JMESPathError

from awsaudit import log
from awsaudit.declare import Ago, Call, From, Kind, Resource, Scope, compiled, iam_actions
from awsaudit.detection import Detection
from awsaudit.evidence import Answer, Failure, Request, Source
from awsaudit.gap import CANCELLED, DEADLINE, Gap, GapKind
from awsaudit.inventory import Collected, Target, Unlisted
from awsaudit.parser import fact_tree
from awsaudit.partition import GLOBAL, home_region
from awsaudit.plan import Plan, Step
from awsaudit.projection import has_secret


@define
class Progress:
    """
    How far a scan is.

    Args:
        asked: Questions so far, those still waiting included; it grows as listings are answered.

        answered: Questions that have their answer or failure.

        failed: Questions that ended as failures.

        units: Types × regions that are to be collected.

        done: Types × regions that are complete.

        services: Services that are to be collected.

        services_done: Services that are complete, in all regions.

        throttled: Answers of AWS that there were too many requests.

        findings: Findings so far.

        accounts: Accounts that are to be scanned.

        accounts_done: Accounts that are complete.
    """

    asked: int = 0
    answered: int = 0
    failed: int = 0
    units: int = 0
    done: int = 0
    services: int = 0
    services_done: int = 0
    throttled: int = 0
    findings: int = 0
    accounts: int = 1
    accounts_done: int = 0


@define(eq=False)
class _Node:
    """A resource in the making."""

    unit: _Unit
    item: Any
    parent: _Node | None
    region: str
    results: dict[Call, Any]
    at: tuple[int, ...] = ()
    started: set[Call] = field(factory=set)
    gone: bool = False
    made: Resource | None = None


@define(eq=False)
class _Unit:
    """One type in one region, in the making."""

    step: Step
    region: str
    parent: _Unit | None
    listings: int = 0
    details: int = 0
    nodes: list[_Node] = field(factory=list)
    unlisted: list[tuple[Gap, _Node | None]] = field(factory=list)
    ready: dict[Call, int] = field(factory=dict)
    requests: list[Request] = field(factory=list)
    complete: bool = False

    @property
    def listed(self) -> bool:
        return not self.listings and (self.parent is None or self.parent.listed)


class _SkipError(Exception):
    """A parameter is None: there is nothing to ask."""


class _MissingError(Exception):
    """A parameter hangs on a call that was not answered."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(str(gap))
        self.gap = gap


_STOP: Final = None
_TRIES_UNTIL_BROKEN: Final = 3
_PATIENCE: Final = 2.0  # seconds

Then = Callable[[Answer], None]


class Collector:
    """
    Collects what a plan needs; iterate over it once.

    Args:
        plan: What to collect.

        source: Where to ask.

        target: What to look at.

        workers: Questions under way at once, at most.

        deadline: When to stop asking, on `time.monotonic`'s clock; None for never.

        record: Called with each question and its answer, on the iterating thread.

        cancelled: Stops the scan when set, like a deadline.

        detection: The secret detectors that *source* uses, if they say the rest at the end.
    """

    def __init__(  # noqa: PLR0913 - what a collection hangs on
        self,
        plan: Plan,
        source: Source,
        target: Target,
        *,
        workers: int = 32,
        deadline: float | None = None,
        record: Callable[[Request, Answer], None] | None = None,
        cancelled: threading.Event | None = None,
        detection: Detection | None = None,
    ) -> None:
        self.progress = Progress()
        self.stopped: Failure | None = None
        self._plan = plan
        self._target = target
        self._deadline = deadline
        self._record = record
        self._cancelled = cancelled
        self._detection = detection if detection and detection.defers else None
        self._deferred: dict[int, _Unit] = {}
        self._unrecorded: list[tuple[Request, Answer]] = []
        self._pool = _Pool(source, workers)
        self._units: dict[tuple[Kind, str], _Unit] = {}
        self._children: dict[Kind, list[Step]] = {}
        self._answers: dict[Request, Answer] = {}
        self._waiting: dict[Request, list[Then]] = {}
        self._pending: deque[Callable[[], None]] = deque()
        self._finished: deque[_Unit] = deque()
        self._open_units: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Collected]:
        """
        Yield each type of each region as it is complete, parents before their children.

        When the deadline passes or the scan is cancelled, what is missing ends as gaps and `stopped` says why.
        """
        try:
            self._open_all()
            yield from self._ready()
            while self._waiting:
                self._wait()
                yield from self._ready()
            if self._detection:
                self._detect(self._detection)
                yield from self._ready()
        finally:
            self._pool.close(patience=0.0 if self.stopped else _PATIENCE)

    def share(self, workers: int) -> None:
        """Have at most *workers* questions under way from now on; those that are go on."""
        self._pool.workers = workers

    def stop(self, code: str) -> None:
        """End every question that has no answer as a gap with *code*; new ones are not asked."""
        self.stopped = Failure(code, GapKind.TIMEOUT)
        self._pool.drop()
        for request in list(self._waiting):
            self._answer(request, self.stopped)

    def _wait(self) -> None:
        """Take in one answer, or stop the scan."""
        if self._cancelled is not None and self._cancelled.is_set():
            return self.stop(CANCELLED)
        patience = 0.2 if self._cancelled is not None else 3600.0
        if self._deadline is not None:
            patience = min(patience, self._deadline - time.monotonic())
            if patience <= 0:
                return self.stop(DEADLINE)
        try:
            request, answer = self._pool.take(patience)
        except queue.Empty:
            return None
        for each in (request, *self._pool.broken_by(request, answer)):
            self._answer(each, answer)

        return None

    def _ready(self) -> Iterator[Collected]:
        while self._pending or self._finished:
            while self._pending:
                self._pending.popleft()()
            while self._finished:
                yield self._collected(self._finished.popleft())

    def _detect(self, detection: Detection) -> None:
        """Let the detectors say the rest, and finish what waited for it."""
        if self.stopped and self.stopped.code == CANCELLED:
            detection.abandon()
        else:
            detection.finish()
        self._detection = None
        for request, answer in self._unrecorded:
            if self._record:
                self._record(request, answer)
        for unit in self._deferred.values():
            self._settle(unit)

    # Units

    def _open_all(self) -> None:
        for step in self._plan.steps.values():
            if step.kind.parent:
                self._children.setdefault(step.kind.parent, []).append(step)
            for region in (GLOBAL,) if step.kind.scope is Scope.GLOBAL else self._target.regions:
                above = self._units[step.kind.parent, region] if step.kind.parent else None
                self._units[step.kind, region] = _Unit(step, region, above)
        self._open_units = Counter(kind.service for kind, _ in self._units)
        self.progress.units = len(self._units)
        self.progress.services = len(self._open_units)
        for unit in list(self._units.values()):
            if unit.parent is None:
                self._list(unit, None)

    def _list(self, unit: _Unit, parent: _Node | None) -> None:
        kind = unit.step.kind
        unit.listings += 1
        if kind.listing is None:
            self._listed(unit, parent, [{}])
            return
        listing = kind.listing
        probe = _Node(unit, None, parent, self._asked_region(unit, kind.service_of(listing)), {})

        self._call(probe, listing, partial(self._take_listing, unit, parent))

    def _take_listing(self, unit: _Unit, parent: _Node | None, result: Any) -> None:
        if result is not None and not isinstance(result, Gap | list):
            listing = unit.step.kind.listing
            result = self._gap(unit, listing, Failure("NotAList", GapKind.MALFORMED)) if listing else None
        if isinstance(result, Gap):
            unit.unlisted.append((result, parent))
            result = []
        self._listed(unit, parent, result or [])

    def _listed(self, unit: _Unit, parent: _Node | None, items: list[Any]) -> None:
        kind = unit.step.kind
        above = parent.at if parent else ()
        nodes = [node for index, item in enumerate(items) if (node := self._node(unit, parent, item, (*above, index)))]
        unit.nodes += nodes
        unit.listings -= 1
        for step in self._children.get(kind, ()):
            below = self._units[step.kind, unit.region]
            for node in nodes:
                self._list(below, node)
        for node in nodes:
            unit.details += 1
            self._advance(node)
        self._settle(unit)

    def _node(self, unit: _Unit, parent: _Node | None, item: Any, at: tuple[int, ...]) -> _Node | None:
        kind = unit.step.kind
        region = self._asked_region(unit, kind.service)
        if kind.own_region:
            region = str(compiled(kind.own_region[1:]).search(item))
            if region not in self._target.regions:
                return None
        results = {kind.listing: item} if kind.listing else {}

        return _Node(unit, item, parent, region, results, at)

    def _asked_region(self, unit: _Unit, service: str) -> str:
        return home_region(self._target.partition, service) if unit.region == GLOBAL else unit.region

    # Details

    def _advance(self, node: _Node) -> None:
        """Start the calls whose needs are met; finish the node when all have their results."""
        calls = node.unit.step.calls
        for call in calls:
            if call in node.started or any(need.call not in node.results for need in call.needs()):
                continue
            node.started.add(call)
            if call.batch:
                node.unit.ready[call] = node.unit.ready.get(call, 0) + 1
            else:
                self._call(node, call, partial(self._take_detail, node, call))
        if node.gone or len(node.results) == len(calls) + (node.unit.step.kind.listing is not None):
            node.unit.details -= 1
            self._settle(node.unit)
        else:
            self._send_batches(node.unit)

    def _take_detail(self, node: _Node, call: Call, result: Any) -> None:
        if node.gone:
            return
        if result is _GONE:
            node.gone = True
            for batched in (c for c in node.unit.step.calls if c.batch and c not in node.started):
                node.unit.ready[batched] = node.unit.ready.get(batched, 0) + 1
        else:
            node.results[call] = result
        self._advance(node)

    def _send_batches(self, unit: _Unit) -> None:
        for call, ready in list(unit.ready.items()):
            if unit.listed and ready == len(unit.nodes):
                unit.ready[call] = -1  # sent
                # In AWS's order, not in that of arrival: a snapshot is asked the very same questions again.
                nodes = sorted((node for node in unit.nodes if not node.gone), key=lambda node: node.at)
                self._send_batch(unit, call, nodes)

    def _send_batch(self, unit: _Unit, call: Call, nodes: list[_Node]) -> None:
        batch = call.batch
        if batch is None:
            return
        willing: dict[str, list[_Node]] = {}
        for node in nodes:
            try:
                self._condition(node, call)
                self._resolve(batch.value, node, 0)
                others = Request.of(node.region, "", "", self._resolve(dict(call.params), node, 0))
            except _SkipError:
                self._pending.append(partial(self._take_detail, node, call, None))
            except _MissingError as missing:
                self._pending.append(partial(self._take_detail, node, call, missing.gap))
            else:
                willing.setdefault(f"{others.region} {others.params}", []).append(node)
        for alike in willing.values():
            for start in range(0, len(alike), batch.size):
                self._send_chunk(unit, call, alike[start : start + batch.size])

    def _send_chunk(self, unit: _Unit, call: Call, nodes: list[_Node]) -> None:
        batch = call.batch
        if batch is None:
            return
        region = nodes[0].region
        arguments = dict(self._resolve(dict(call.params), nodes[0], 0))
        arguments[batch.param] = [
            part for i, n in enumerate(nodes) for part in _listed_parts(self._resolve(batch.each, n, i))
        ]
        keys = [self._resolve(batch.value, node, i) for i, node in enumerate(nodes)]

        def take(answer: Answer) -> None:
            for node, result in zip(nodes, self._shares(unit, call, answer, keys), strict=True):
                self._take_detail(node, call, result)

        self._ask(unit, call, region, arguments, take)

    def _shares(self, unit: _Unit, call: Call, answer: Answer, keys: list[Any]) -> Iterator[Any]:
        """Yield each resource's share of a batch's answer."""
        batch = call.batch
        if isinstance(answer, Failure) or batch is None:
            yield from (self._result(unit, call, answer) for _ in keys)
            return
        found: dict[Any, Any] = {}
        for element in compiled(call.result).search(answer) or []:
            found.setdefault(compiled(batch.key).search(element), element)
        failed: dict[Any, str] = {}
        for element in (compiled(batch.failures).search(answer) or []) if batch.failures else []:
            code = compiled(batch.failure_code or "@").search(element)
            failed[compiled(batch.failure_key or "@").search(element)] = str(code)
        for key in keys:
            wanted = key if isinstance(key, list) else [key]
            lacking = next((each for each in wanted if each in failed or each not in found), None)
            if lacking is not None:
                code = failed.get(lacking, "NotAnswered")
                yield self._result(unit, call, Failure(code, GapKind.MALFORMED))
            else:
                yield [found[each] for each in wanted] if isinstance(key, list) else found[key]

    # Calls

    def _call(self, node: _Node, call: Call, take: Callable[[Any], None]) -> None:
        """Ask *call* about *node*; *take* gets its result, None, a gap, or `_GONE`."""
        try:
            self._condition(node, call)
            arguments = self._resolve(dict(call.params), node, 0)
        except _SkipError:
            self._pending.append(partial(take, None))
            return
        except _MissingError as missing:
            self._pending.append(partial(take, missing.gap))
            return
        if call.page_size:
            arguments = {**arguments, call.page_size[0]: call.page_size[1]}
        self._ask(node.unit, call, node.region, arguments, lambda answer: take(self._result(node.unit, call, answer)))

    def _ask(self, unit: _Unit, call: Call, region: str, arguments: Mapping[str, Any], then: Then) -> None:
        request = Request.of(region, unit.step.kind.service_of(call), call.operation, arguments)
        unit.requests.append(request)
        if request in self._answers:
            self._pending.append(partial(then, self._answers[request]))
        elif request in self._waiting:
            self._waiting[request].append(then)
        else:
            self.progress.asked += 1
            self._waiting[request] = [then]
            if self.stopped:
                self._answer(request, self.stopped)
            else:
                self._pool.ask(request)

    def _answer(self, request: Request, answer: Answer) -> None:
        waiting = self._waiting.pop(request, None)
        if waiting is None:
            return
        self.progress.answered += 1
        self.progress.failed += isinstance(answer, Failure)
        _tell(request, answer)
        self._answers[request] = answer
        if self._detection and has_secret(self._plan.kept.get(f"{request.service}:{request.operation}", {})):
            self._unrecorded.append((request, answer))
        elif self._record:
            self._record(request, answer)
        for then in waiting:
            self._pending.append(partial(then, answer))

    def _result(self, unit: _Unit, call: Call, answer: Answer) -> Any:
        """Return what *answer* means to *call*."""
        if not isinstance(answer, Failure):
            try:
                return compiled(call.result).search(answer)
            except JMESPathError:
                return self._gap(unit, call, Failure("UnexpectedForm", GapKind.MALFORMED))
        if answer.code in call.absent:
            return None
        if answer.code in call.gone:
            return [] if call == unit.step.kind.listing else _GONE
        if answer.code in call.answer_code:
            return {"error_code": answer.code}

        return self._gap(unit, call, answer)

    def _gap(self, unit: _Unit, call: Call, failure: Failure) -> Gap:
        service = unit.step.kind.service_of(call)
        return Gap(
            account=self._target.account,
            region=unit.region,
            service=service,
            operation=call.operation,
            code=failure.code,
            kind=failure.kind,
            actions=iam_actions(service, call),
            cause=failure.cause,
        )

    # Parameters

    def _condition(self, node: _Node, call: Call) -> None:
        if call.when is not None and not self._resolve(call.when, node, 0):
            raise _SkipError

    def _resolve(self, value: Any, node: _Node, index: int) -> Any:
        if isinstance(value, From):
            return self._of_other(value, node)
        if isinstance(value, Ago):
            return self._target.as_of - datetime.timedelta(days=value.days)
        if isinstance(value, str) and "$" in value:
            return self._of_item(value, node, index)
        if isinstance(value, Mapping):
            return {key: self._resolve(below, node, index) for key, below in value.items()}
        if isinstance(value, list | tuple):
            return [self._resolve(below, node, index) for below in value]

        return value

    def _of_other(self, value: From, node: _Node) -> Any:
        result = node.results[value.call]
        if isinstance(result, Gap):
            raise _MissingError(result)
        found = None if result is None else compiled(value.path).search(result)
        if found is None:
            raise _SkipError

        return found

    def _of_item(self, value: str, node: _Node, index: int) -> Any:
        if value.endswith("$scan:index"):
            return f"{value.removesuffix('$scan:index')}{index}"
        if not value.startswith("$"):
            return value
        if value.startswith("$scan:"):
            return {
                "account": self._target.account,
                "region": node.region,
                "partition": self._target.partition,
            }[value.removeprefix("$scan:")]
        if value.startswith("$parent:"):
            item = node.parent.item if node.parent else None
            found = compiled(value.removeprefix("$parent:")).search(item)
        else:
            found = compiled(value[1:]).search(node.item)
        if found is None:
            raise _SkipError

        return found

    # Resources

    def _settle(self, unit: _Unit) -> None:
        """Finish *unit*, and those under it, if nothing of it is missing any more."""
        self._send_batches(unit)
        above = unit.parent
        if unit.complete or not unit.listed or unit.details or (above is not None and not above.complete):
            if unit.listed:
                self._settle_children(unit)
            return
        if self._detection and _is_sensitive(unit.step):
            self._deferred[id(unit)] = unit
            return
        unit.complete = True
        self._make(unit)
        self._finished.append(unit)
        self._settle_children(unit)

    def _settle_children(self, unit: _Unit) -> None:
        for step in self._children.get(unit.step.kind, ()):
            self._settle(self._units[step.kind, unit.region])

    def _make(self, unit: _Unit) -> None:
        for node in unit.nodes:
            if not node.gone and (node.parent is None or node.parent.made):
                node.made = self._resource(unit, node)

    def _resource(self, unit: _Unit, node: _Node) -> Resource:
        region = node.region if unit.step.kind.own_region or unit.region != GLOBAL else GLOBAL
        target = self._target
        values: dict[str, Any] = {}
        resource = unit.step.kind(
            target.account, region, target.partition, target.as_of, values, node.parent.made if node.parent else None
        )
        for name in unit.step.facts:
            values[name] = self._value(unit, node, name)
        label = str(resource.know("arn") or resource.know(resource.label) or "")
        for name, value in values.items():
            if isinstance(value, Gap) and label:
                values[name] = value.about(label)

        return resource

    def _value(self, unit: _Unit, node: _Node, name: str) -> Any:
        fact = unit.step.facts[name]
        result = node.results[fact.call]
        if isinstance(result, Gap):
            return result
        try:
            return fact.read(result)
        except (KeyError, TypeError, ValueError, AttributeError, JMESPathError):
            return self._gap(unit, fact.call, Failure(f"Unreadable:{name}", GapKind.MALFORMED))

    def _collected(self, unit: _Unit) -> Collected:
        kind = unit.step.kind
        resources = tuple(node.made for node in unit.nodes if node.made)
        unlisted = tuple(
            Unlisted(gap, node.made if node else None) for gap, node in unit.unlisted if node is None or node.made
        )
        for node in unit.nodes:
            node.results.clear()
        for request in unit.requests:
            if not self._plan.shared(request.service, request.operation):
                self._answers.pop(request, None)
        unit.requests.clear()
        self.progress.done += 1
        self._open_units[kind.service] -= 1
        self.progress.services_done += not self._open_units[kind.service]

        return Collected(kind, unit.region, resources, unlisted)


_GONE: Final = object()


def _is_sensitive(step: Step) -> bool:
    return any(has_secret(fact_tree(f.path, f.parse, sensitive=f.sensitive)) for f in step.facts.values())


_EVENTS: Final = {GapKind.DENIED: "call.refused", GapKind.THROTTLED: "call.throttled"}


def _tell(request: Request, answer: Answer) -> None:
    """Log the failure of a call, and never what it was asked about."""
    if not isinstance(answer, Failure):
        return
    fields = {"service": request.service, "operation": request.operation, "region": request.region, "code": answer.code}
    if answer.kind in _EVENTS:
        log.info(_EVENTS[answer.kind], **fields)
    else:
        # Among these are the codes that mean "there is none".
        log.debug("call.failed", kind=answer.kind.value, **fields)


def _listed_parts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Pool:
    """Worker threads over lanes of questions; used from one thread only."""

    def __init__(self, source: Source, workers: int) -> None:
        self._source = source
        self.workers = workers
        self._threads: list[threading.Thread] = []
        self._lanes: dict[tuple[str, str], deque[Request]] = {}
        self._turn: deque[tuple[str, str]] = deque()
        self._busy: dict[tuple[str, str], int] = {}
        self._busy_region: dict[str, int] = {}
        self._under_way = 0
        self._silent: dict[tuple[str, str], int] = {}
        self._broken: dict[tuple[str, str], Failure] = {}
        self._questions: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[Request, Answer | BaseException]] = queue.SimpleQueue()

    def ask(self, request: Request) -> None:
        """Put *request* into its lane."""
        lane = (request.service, request.region)
        if lane in self._broken:
            self._under_way += 1
            self._busy[lane] = self._busy.get(lane, 0) + 1
            self._busy_region[lane[1]] = self._busy_region.get(lane[1], 0) + 1
            self._answers.put((request, self._broken[lane]))
            return
        waiting = self._lanes.setdefault(lane, deque())
        if not waiting:
            self._turn.append(lane)
        waiting.append(request)
        self._dispatch()

    def take(self, patience: float) -> tuple[Request, Answer]:
        """
        Return one question and its answer.

        Raises:
            queue.Empty: None came within *patience* seconds.
        """
        request, answer = self._answers.get(timeout=patience)
        lane = (request.service, request.region)
        self._under_way -= 1
        self._busy[lane] -= 1
        self._busy_region[request.region] -= 1
        self._dispatch()
        if isinstance(answer, BaseException):
            raise answer

        return request, answer

    def broken_by(self, request: Request, answer: Answer) -> tuple[Request, ...]:
        """Return the questions that need not be asked: nothing answers where *request* was sent."""
        lane = (request.service, request.region)
        silent = isinstance(answer, Failure) and (
            answer.kind is GapKind.TIMEOUT or answer.code in {"EndpointConnectionError", "ConnectionError"}
        )
        if not silent:
            self._silent[lane] = -1_000_000
            return ()
        self._silent[lane] = self._silent.get(lane, 0) + 1
        if self._silent[lane] < _TRIES_UNTIL_BROKEN or not isinstance(answer, Failure):
            return ()
        self._broken[lane] = answer
        dropped = tuple(self._lanes.pop(lane, ()))
        if dropped:
            self._turn.remove(lane)

        return dropped

    def drop(self) -> None:
        """Forget the questions that are not under way."""
        self._lanes.clear()
        self._turn.clear()

    def close(self, patience: float) -> None:
        """Let the threads end after what they are at; wait for them *patience* seconds altogether."""
        self.drop()
        for _ in self._threads:
            self._questions.put(_STOP)
        until = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _dispatch(self) -> None:
        while self._turn and self._under_way < self.workers:
            lane = self._next_lane()
            waiting = self._lanes[lane]
            request = waiting.popleft()
            self._turn.remove(lane)
            if waiting:
                self._turn.append(lane)
            else:
                del self._lanes[lane]
            self._under_way += 1
            self._busy[lane] = self._busy.get(lane, 0) + 1
            self._busy_region[lane[1]] = self._busy_region.get(lane[1], 0) + 1
            if len(self._threads) < min(self._under_way, self.workers):
                self._start()
            self._questions.put(request)

    def _next_lane(self) -> tuple[str, str]:
        """Return the first lane in turn that has not half of the workers already, nor has its region."""
        half = max(1, self.workers // 2)
        for lane in self._turn:
            if self._busy.get(lane, 0) < half and self._busy_region.get(lane[1], 0) < half:
                return lane

        return self._turn[0]

    def _start(self) -> None:
        name = f"awsaudit-{len(self._threads) + 1}"
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (request := self._questions.get()) is not _STOP:
            try:
                answer: Answer | BaseException = self._source.ask(request)
            except BaseException as error:  # noqa: BLE001 - carried to the iterating thread, which raises it
                answer = error
            self._answers.put((request, answer))
