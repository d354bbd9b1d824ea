"""The live source against a server of our own: what becomes of each way in which AWS does not answer."""

import http.server
import json
import socket
import threading
import time

import boto3
import pytest

from awsaudit.errors import ReadOnlyError
from awsaudit.evidence import Failure, Request
from awsaudit.gap import GapKind
from awsaudit.live import Live, Meter, Pace, Tuning
from awsaudit.plan import Operation


class Plan:
    """As much of a plan as a live source asks for."""

    kept = {"sqs:ListQueues": {"QueueUrls": "whole"}}  # noqa: RUF012 - a stand-in
    shared = None

    def polls(self):
        return {}

    def first_pages(self):
        return frozenset()

    def operations(self):
        return (Operation("sqs", "ListQueues", ("sqs:ListQueues",)),)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers each request with the next of the planned answers, the last one for ever."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        answers = self.server.answers
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        if status == "hang":
            time.sleep(body)
            return
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(name="server")
def _server(monkeypatch):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    yield server
    server.shutdown()
    server.server_close()


REQUEST = Request.of("eu-west-1", "sqs", "ListQueues", {"MaxResults": 1000})


def live(**tuning):
    return Live(boto3.Session("x", "x", region_name="eu-west-1"), Plan(), Tuning(**tuning))


def ask(**tuning):
    source = live(**tuning)
    try:
        return source.ask(REQUEST), source.meter
    finally:
        source.close()


def error(code, message="", status=400):
    return (status, {"__type": f"com.amazonaws.sqs#{code}", "message": message})


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (error("AccessDeniedException"), Failure("AccessDeniedException", GapKind.DENIED)),
        (
            error("AccessDenied", "… with an explicit deny in a service control policy", 403),
            Failure("AccessDenied", GapKind.DENIED, "service control policy"),
        ),
        (
            error("AccessDenied", "… because no permissions boundary allows the action", 403),
            Failure("AccessDenied", GapKind.DENIED, "permissions boundary"),
        ),
        (error("ExpiredTokenException"), Failure("ExpiredTokenException", GapKind.DENIED)),
        (error("SomethingNew", status=403), Failure("SomethingNew", GapKind.DENIED)),
        (error("OptInRequired", status=403), Failure("OptInRequired", GapKind.UNAVAILABLE)),
        (error("InvalidClientTokenId", status=403), Failure("InvalidClientTokenId", GapKind.UNAVAILABLE)),
    ],
)
def test_refusals_say_of_what_kind_they_are(server, answer, failure):
    """
    Codes are sorted; where AWS's message names the sort of policy, it is kept, and nothing else of the message.
    """
    server.answers = [answer]

    assert failure == ask(attempts=1)[0]


def test_sends_a_throttled_request_again(server):
    """
    It is answered in the end, and the meter has counted.
    """
    server.answers = [error("ThrottlingException"), (200, {"QueueUrls": ["q"], "Other": "dropped"})]

    answer, meter = ask(attempts=3)

    assert {"QueueUrls": ["q"]} == answer
    assert (2, 1) == (meter.sent, meter.throttled)


def test_gives_up_on_a_throttled_request(server):
    """
    After the attempts it is a throttled failure.
    """
    server.answers = [error("ThrottlingException")]

    answer, meter = ask(attempts=2)

    assert Failure("ThrottlingException", GapKind.THROTTLED) == answer
    assert 2 == meter.sent


def test_an_answer_that_is_none_is_malformed(server):
    """
    Broken JSON is not an empty answer.
    """
    server.answers = [(200, b"<html>proxy</html>")]

    assert GapKind.MALFORMED is ask(attempts=1)[0].kind


def test_a_server_that_hangs_is_a_timeout(server):
    """
    The read timeout holds.
    """
    server.answers = [("hang", 3)]

    assert Failure("ReadTimeoutError", GapKind.TIMEOUT) == ask(attempts=1, read_timeout=0.3)[0]


def test_nobody_there_is_unavailable(monkeypatch):
    """
    A refused connection is not an empty answer either.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")

    assert Failure("EndpointConnectionError", GapKind.UNAVAILABLE) == ask(attempts=1)[0]


def test_an_operation_that_this_botocore_lacks_is_unavailable(server):
    """
    Neither a service nor an operation that is not known ends in an error.
    """
    source = live()

    for service, operation in (("sqs", "ListDreams"), ("dreams", "ListDreams")):
        assert GapKind.UNAVAILABLE is source.ask(Request.of("eu-west-1", service, operation, {})).kind
    source.close()


def test_the_guard_is_on_every_client(server):
    """
    An operation outside the plan is not sent, whatever the plan's own code asks.
    """
    source = live()

    with pytest.raises(ReadOnlyError):
        source.ask(Request.of("eu-west-1", "sqs", "PurgeQueue", {"QueueUrl": "q"}))
    assert 0 == source.meter.sent
    source.close()


def test_holds_to_a_rate():
    """
    Requests leave no closer together than the rate allows, over all threads.
    """
    meter = Meter(Pace(6, 50))
    started = time.monotonic()
    threads = [threading.Thread(target=meter.before_send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 6 == meter.sent
    assert time.monotonic() - started >= 5 / 50


class Slow(Handler):
    """Answers like its base, and remembers how many requests it was at together."""

    at_once: list[int] = []  # noqa: RUF012 - one for all requests
    now = 0
    lock = threading.Lock()

    def do_POST(self):
        with Slow.lock:
            Slow.now += 1
            Slow.at_once.append(Slow.now)
        time.sleep(0.05)
        with Slow.lock:
            Slow.now -= 1
        super().do_POST()


def test_sources_keep_one_bound_together(server):
    """
    Sources that share a pace have no more requests under way than it allows, whatever each of them is asked.
    """
    server.answers = [(200, {"QueueUrls": []})]
    server.RequestHandlerClass = Slow
    Slow.at_once.clear()
    pace = Pace(2)
    sources = [Live(boto3.Session("x", "x"), Plan(), Tuning(), pace=pace) for _ in range(3)]
    threads = [threading.Thread(target=source.ask, args=(REQUEST,)) for source in sources for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for source in sources:
        source.close()

    assert (9, 2) == (len(Slow.at_once), max(Slow.at_once))
    assert [3, 3, 3] == [source.meter.regions["eu-west-1"] for source in sources]
