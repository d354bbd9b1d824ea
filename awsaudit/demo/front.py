"""
A layer in front of the fake AWS that says what AWS would say.

moto lacks operations and bends answers. A `Front` answers single operations itself, or mends what moto answered, on
botocore's own event system; every answer is checked against the shape in botocore's service model. It also refuses,
throttles and delays, for tests of what happens then.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3

from attrs import frozen
from botocore.validate import ParamValidator


Answerer = Callable[[Mapping[str, Any], str], Mapping[str, Any] | None]
Amender = Callable[[dict[str, Any], Mapping[str, Any], str], None]


@frozen
class Refusal(Exception):  # noqa: N818 - it names the situation
    """
    Raised by an answerer: AWS answers with an error.

    Args:
        code: The error code.

        message: The message.

        status: The HTTP status.
    """

    code: str
    message: str = "refused"
    status: int = 400


@frozen
class _Response:
    status_code: int
    headers: Mapping[str, str]


class _Within(threading.local):
    """Whether this thread is at an answer of the layer itself."""

    answer = False


class Front:
    """
    What stands between clients and the fake AWS; `attach` it to the sessions that shall see it.

    Answerers get the call's parameters and region and return the answer, or None to leave it to moto. Amenders get
    moto's answer to change in place, the parameters and the region.
    """

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        self._within = _Within()
        self._answers: dict[tuple[str, str], list[Answerer]] = {}
        self._amends: dict[tuple[str, str], list[Amender]] = {}

    def answer(self, service: str, operation: str, answerer: Answerer) -> None:
        """Answer *operation* of *service*, later ones before earlier ones."""
        self._answers.setdefault((service, operation), []).insert(0, answerer)

    def amend(self, service: str, operation: str, amender: Amender) -> None:
        """Change what moto answered to *operation* of *service*, earlier ones first."""
        self._amends.setdefault((service, operation), []).append(amender)

    def refuse(self, service: str, operation: str, code: str = "AccessDenied", *, region: str | None = None) -> None:
        """Refuse *operation* of *service*, ``*`` for every one, in *region* or everywhere."""

        def answerer(_: Mapping[str, Any], where: str) -> None:
            if region in {None, where}:
                raise Refusal(code, "User is not authorized to perform this action", 403)

        self.answer(service, operation, answerer)

    @contextlib.contextmanager
    def refusing(self, service: str, operation: str, code: str = "AccessDenied") -> Iterator[None]:
        """Refuse *operation* of *service* as long as the context lasts."""
        self.refuse(service, operation, code)
        try:
            yield
        finally:
            self._answers[service, operation].pop(0)

    def delay(self, service: str, operation: str, seconds: float) -> None:
        """Let *operation* of *service* take *seconds* longer."""
        self.answer(service, operation, lambda _, __: time.sleep(seconds))

    def attach(self, session: boto3.Session) -> None:
        """Put this layer in front of the clients that *session* makes from now on."""
        session.events.register_first("before-parameter-build", _remember)
        session.events.register("before-call", self._before)
        session.events.register_first("after-call", self._after)

    def _before(self, model: Any, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> Any:
        service, operation = model.service_model.service_name, model.name
        if not self._within.answer:
            self.calls[service, operation] += 1
        asked, region = context.get("awsaudit_params", {}), context.get("client_region") or _region(params)
        context["awsaudit_region"] = region
        for key in (("*", "*"), (service, "*"), (service, operation)):
            for answerer in self._answers.get(key, ()):
                try:
                    answer = self._ask(answerer, asked, region)
                except Refusal as refusal:
                    return _error(refusal)
                if answer is not None:
                    _check(model, answer)
                    return _Response(200, {}), {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}

        return None

    def _ask(self, answerer: Answerer, asked: Mapping[str, Any], region: str) -> Mapping[str, Any] | None:
        """Ask *answerer*; what it asks the fake AWS in turn is not a call of the scan."""
        outer, self._within.answer = self._within.answer, True
        try:
            return answerer(asked, region)
        finally:
            self._within.answer = outer

    def _after(self, parsed: dict[str, Any], model: Any, context: Mapping[str, Any], **_: Any) -> None:
        for amender in self._amends.get((model.service_model.service_name, model.name), ()):
            if "Error" not in parsed:
                outer, self._within.answer = self._within.answer, True
                try:
                    amender(parsed, context.get("awsaudit_params", {}), str(context.get("awsaudit_region", "")))
                finally:
                    self._within.answer = outer
                _check(model, {key: value for key, value in parsed.items() if key != "ResponseMetadata"})


def _remember(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    context["awsaudit_params"] = params


def _region(params: Mapping[str, Any]) -> str:
    signing = params.get("context", {}).get("signing", {})
    return str(params.get("context", {}).get("client_region") or signing.get("region") or "")


def _error(refusal: Refusal) -> tuple[_Response, dict[str, Any]]:
    metadata = {"HTTPStatusCode": refusal.status, "RequestId": "front"}
    return (
        _Response(refusal.status, {}),
        {"Error": {"Code": refusal.code, "Message": refusal.message}, "ResponseMetadata": metadata},
    )


def _check(model: Any, answer: Mapping[str, Any]) -> None:
    """Raise ValueError where *answer* has not the shape that botocore's model gives it."""
    if model.output_shape is None:
        return
    report = ParamValidator().validate(_undecoded(answer, model.output_shape), model.output_shape)
    if report.has_errors():
        raise ValueError(f"{model.name}: not what AWS would answer: {report.generate_report()}")


def _undecoded(value: Any, shape: Any) -> Any:
    """Return *value* with policy documents as text: botocore has decoded those of IAM before we see them."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        return {k: _undecoded(v, shape.members[k]) if k in shape.members else v for k, v in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [_undecoded(item, shape.member) for item in value]

    return json.dumps(value) if shape.type_name == "string" and isinstance(value, Mapping) else value
