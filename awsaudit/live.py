"""
Answers from AWS itself: clients, paging, retries, and errors as data.
"""

from __future__ import annotations

import threading
import time

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import boto3
import jmespath

from attrs import frozen
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    PaginationError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from awsaudit.declare import Poll
from awsaudit.detection import PLAIN, Detection
from awsaudit.evidence import Answer, Failure, Request
from awsaudit.gap import ASSUME, NOT_RENEWED, GapKind, cause, classify
from awsaudit.guard import allow_only
from awsaudit.plan import Plan
from awsaudit.projection import NOTHING, Tree, project


@frozen
class Tuning:
    """
    How hard a scan leans on AWS.

    Args:
        workers: Requests under way at once, at most.

        connect_timeout: Seconds to wait for a connection.

        read_timeout: Seconds to wait for an answer.

        attempts: How often a throttled or failed request is sent, the first time included.

        max_rate: Requests a second, over all services and regions; None for no bound.
    """

    workers: int = 32
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    attempts: int = 6
    max_rate: float | None = None


class Live:
    """
    A source that asks AWS, and nothing but what its plan declares.

    It may be used from several threads. What it answers is reduced to what the plan keeps, by *detection* where a value
    may hold a secret. Sources that share a *pace* keep its bounds together; unset, the source keeps those of *tuning*.
    """

    def __init__(
        self,
        session: boto3.Session,
        plan: Plan,
        tuning: Tuning,
        detection: Detection = PLAIN,
        pace: Pace | None = None,
    ) -> None:
        self._session = session
        self._detection = detection
        self._kept = plan.kept
        self._polls = plan.polls()
        self._first_pages = plan.first_pages()
        self._operations = frozenset((o.service, o.operation) for o in plan.operations())
        self._clients: dict[tuple[str, str], Any] = {}
        self._paginators: dict[tuple[str, str, str], Any] = {}
        self._creating = threading.Lock()
        self._closed = threading.Event()
        self._pace = pace or Pace(tuning.workers, tuning.max_rate)
        self._meter = Meter(self._pace)
        self._config = Config(
            connect_timeout=tuning.connect_timeout,
            read_timeout=tuning.read_timeout,
            retries={"mode": "adaptive", "total_max_attempts": tuning.attempts},
            max_pool_connections=tuning.workers,
            user_agent_extra="awsaudit",
        )

    @property
    def meter(self) -> Meter:
        """What was sent so far."""
        return self._meter

    def ask(self, request: Request) -> Answer:
        """Return AWS's answer, all pages in one, or the failure."""
        with self._pace.turn:
            return self._ask(request)

    def _ask(self, request: Request) -> Answer:
        try:
            client = self._client(request.service, request.region)
            poll = self._polls.get((request.service, request.operation))
            if poll:
                failure = self._wait_for(client, poll)
                if failure:
                    return failure
            return self._pages(client, request)
        except ClientError as error:
            return _refusal(error)
        except (ConnectTimeoutError, ReadTimeoutError) as error:
            return Failure(type(error).__name__, GapKind.TIMEOUT)
        except (PaginationError, ParamValidationError, ResponseParserError) as error:
            return Failure(type(error).__name__, GapKind.MALFORMED)
        except BotoCoreError as error:
            return Failure(type(error).__name__, GapKind.UNAVAILABLE)

    def close(self) -> None:
        """Stop waiting for reports, and close all connections."""
        self._closed.set()
        with self._creating:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _client(self, service: str, region: str) -> Any:
        key = (service, region)
        # boto3's sessions are not safe to make clients from in two threads.
        # https://boto3.amazonaws.com/v1/documentation/api/latest/guide/session.html#multithreading-or-multiprocessing-with-sessions
        with self._creating:
            if key not in self._clients:
                client = self._session.client(service, region_name=region, config=self._config)
                allow_only(client, self._operations)
                client.meta.events.register("before-send", partial(self._meter.before_send, region))
                client.meta.events.register("needs-retry", self._meter.needs_retry)
                client.meta.events.register("response-received", _refuse_other_pages)
                self._clients[key] = client
            return self._clients[key]

    def _pages(self, client: Any, request: Request) -> Answer:
        method = _method(client, request.operation)
        if method is None:
            return Failure("UnknownOperation", GapKind.UNAVAILABLE)
        tree = self._kept.get(f"{request.service}:{request.operation}", NOTHING)
        if (request.service, request.operation) in self._first_pages:
            return self._reduced(tree, getattr(client, method)(**request.arguments))
        if not client.can_paginate(method):
            return self._by_token(client, method, request, tree)
        paginator = self._paginator(client, request, method)
        listed = frozenset(key.expression for key in paginator.result_keys)
        if not any(_keeps(tree, path.split(".")) for path in listed):
            # Pages differ in their lists alone: where none of these is kept, the first page says all.
            return self._reduced(tree, getattr(client, method)(**request.arguments))
        merged: Any = {}
        for page in paginator.paginate(**request.arguments):
            _extend(merged, self._reduced(tree, page), listed, ())

        return merged

    def _reduced(self, tree: Tree, answer: Any) -> Any:
        return project(tree, answer, detection=self._detection)

    def _paginator(self, client: Any, request: Request, method: str) -> Any:
        # botocore makes a class, documentation included, each time that it is asked for a paginator.
        key = (request.service, request.region, method)
        if key not in self._paginators:
            self._paginators[key] = client.get_paginator(method)

        return self._paginators[key]

    def _by_token(self, client: Any, method: str, request: Request, tree: Tree) -> Answer:
        """Follow the token of an operation that botocore has no paginator for, such as ListEventBuses."""
        arguments = dict(request.arguments)
        merged: Any = {}
        while True:
            page = getattr(client, method)(**arguments)
            kept = self._reduced(tree, page)
            _extend(merged, kept, frozenset(kept) if isinstance(kept, dict) else frozenset(), ())
            token = next((name for name in _TOKENS if page.get(name) and _takes(client, request.operation, name)), None)
            if token is None:
                return merged
            if arguments.get(token) == page[token]:
                raise PaginationError(message=f"the same {token} twice")
            arguments[token] = page[token]

    def _wait_for(self, client: Any, poll: Poll) -> Failure | None:
        method = _method(client, poll.operation)
        if method is None:
            return Failure("UnknownOperation", GapKind.UNAVAILABLE)
        for attempt in range(poll.tries):
            if attempt and self._closed.wait(poll.wait):
                break
            if jmespath.search(poll.done, getattr(client, method)()):
                return None

        return Failure("ReportNotReady", GapKind.TIMEOUT)


class Pace:
    """
    Bounds what is asked at once and sent in a second, over all sources that share it.

    Args:
        workers: Questions under way at once.

        max_rate: Requests a second; None for no bound.
    """

    def __init__(self, workers: int, max_rate: float | None = None) -> None:
        self.turn = threading.BoundedSemaphore(workers)
        self._interval = 1 / max_rate if max_rate else 0.0
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next request may go."""
        if not self._interval:
            return
        with self._lock:
            now = time.monotonic()
            wait = self._next - now
            self._next = max(self._next, now) + self._interval
        if wait > 0:
            time.sleep(wait)


class Meter:
    """
    Counts what is sent, by region, and keeps its pace.

    Args:
        pace: The bounds.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self.regions: Counter[str] = Counter()
        self.throttled = 0

    @property
    def sent(self) -> int:
        """How many requests were sent."""
        return self.regions.total()

    def before_send(self, region: str = "", **_: Any) -> None:
        """Wait until the next request to *region* may go, then count it; a handler of botocore's event."""
        with self._lock:
            self.regions[region] += 1
        self._pace.wait()

    def needs_retry(self, response: Any, **_: Any) -> None:
        """Count an answer that says too many requests; a handler of botocore's event."""
        code = response[1].get("Error", {}).get("Code", "") if response else ""
        if code and classify(code, 0) is GapKind.THROTTLED:
            with self._lock:
                self.throttled += 1


_TOKENS: Final = ("NextToken", "nextToken")


def _keeps(tree: Tree, path: Sequence[str]) -> bool:
    """Tell whether *tree* keeps anything of what is at *path*."""
    if isinstance(tree, str) or not path:
        return tree != NOTHING

    return path[0] in tree and _keeps(tree[path[0]], path[1:])


def _takes(client: Any, operation: str, parameter: str) -> bool:
    shape = client.meta.service_model.operation_model(operation).input_shape
    return shape is not None and parameter in shape.members


def _refuse_other_pages(response_dict: Mapping[str, Any] | None, **_: Any) -> None:
    """
    Raise for a success whose body no AWS service would send; a handler of botocore's event.

    botocore reads a body that is no JSON as an answer without members: the page of a proxy would be an empty account.
    """
    body = response_dict.get("body") if response_dict else None
    if not isinstance(body, bytes) or response_dict is None or response_dict["status_code"] >= _ERRORS:
        return
    start = body[:64].lstrip().lower()
    if start and (
        start.startswith((b"<html", b"<!doctype")) or (start[:1] not in {b"{", b"["} and _is_json(response_dict))
    ):
        raise ResponseParserError("the answer is not of the service's own form")


_ERRORS = 300


def _is_json(response: Mapping[str, Any]) -> bool:
    return "json" in str(response["headers"].get("content-type", "")).lower()


def _method(client: Any, operation: str) -> str | None:
    method = str(xform_name(operation))
    return method if client.meta.method_to_api_mapping.get(method) == operation else None


def _refusal(error: ClientError) -> Failure:
    answer: Mapping[str, Any] = error.response
    if error.operation_name == ASSUME:
        # Not the call was refused but the role that signs it.
        return Failure(NOT_RENEWED, GapKind.DENIED)
    code = str(answer.get("Error", {}).get("Code", "Unknown"))
    status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    kind = classify(code, status)
    why = cause(str(answer.get("Error", {}).get("Message", ""))) if kind is GapKind.DENIED else None

    return Failure(code, kind, why)


def _extend(merged: dict[str, Any], page: dict[str, Any], listed: frozenset[str], at: tuple[str, ...]) -> None:
    """Add *page* to *merged*: lists that AWS pages grow, everything else stays as the first page said it."""
    for key, value in page.items():
        path = (*at, key)
        if key not in merged:
            merged[key] = value
        elif isinstance(value, dict) and isinstance(merged[key], dict):
            _extend(merged[key], value, listed, path)
        elif isinstance(value, list) and isinstance(merged[key], list) and ".".join(path) in listed:
            merged[key] += value
