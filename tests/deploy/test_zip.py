import json
import os
import queue
import subprocess
import sys
import threading
import time
import zipfile

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest

from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.server import ThreadedMotoServer

from awsaudit.deploy.zip import LIMIT, build


@pytest.fixture(name="built", scope="module")
def _built(tmp_path_factory):
    to = tmp_path_factory.mktemp("zip") / "awsaudit.zip"
    build(to)
    return to


@pytest.fixture(name="task", scope="module")
def _task(built):
    """
    The zip, unpacked as Lambda does.
    """
    folder = built.parent / "task"
    with zipfile.ZipFile(built) as packed:
        packed.extractall(folder)
    return folder


@pytest.fixture(name="endpoint", scope="module")
def _endpoint():
    """
    A fake AWS that another process can reach, with a bucket and a queue.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    session = boto3.Session("testing", "testing", region_name="eu-west-1")
    session.client("s3", endpoint_url=url).create_bucket(
        Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    session.client("sqs", endpoint_url=url).create_queue(
        QueueName="orders", Attributes={"SqsManagedSseEnabled": "false"}
    )
    yield url
    server.stop()


def test_the_same_bytes_twice(built, tmp_path):
    """
    The zip is the same however often it is built, and small.
    """
    os.utime(built.parent)
    again = tmp_path / "again.zip"
    size = build(again)

    assert built.read_bytes() == again.read_bytes()
    assert size < LIMIT


def test_holds_no_more_than_it_needs(built):
    """
    Nothing compiled, no bytecode, nothing of where it was built, and of botocore's services those that are asked.
    """
    with zipfile.ZipFile(built) as packed:
        names = packed.namelist()
        recorded = [packed.read(name) for name in names if ".dist-info/" in name]
    services = {name.split("/")[2] for name in names if name.startswith("botocore/data/") and name.count("/") > 3}

    assert [] == [name for name in names if name.endswith((".so", ".pyc", ".pth")) or "direct_url" in name]
    assert not any(str(built.parent).encode() in content for content in recorded)
    assert {"sts", "s3", "sns", "organizations", "iam"} <= services
    assert "sagemaker" not in services
    assert {"awsaudit/deploy/templates/lambda.yaml", "awsaudit_reports/page.js"} <= set(names)


def test_needs_nothing_else(task):
    """
    All checks, frameworks and formats load out of the zip alone.
    """
    code = f"""
import sys
sys.path[:] = [{str(task)!r}] + [path for path in sys.path if "site-packages" not in path]
import awsaudit.lambda_handler
from awsaudit.framework import frameworks
from awsaudit.plugins import load_checks, load_format, load_formats
print(len(load_checks()), len(frameworks()), len([load_format(name) for name in load_formats()]))
"""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True, text=True)

    assert all(int(number) > 1 for number in done.stdout.split())


class Runtime:
    """
    The part of Lambda that a runtime asks for invocations and answers to.
    """

    def __init__(self, events):
        self._events = iter(enumerate(events))
        self.answers = queue.Queue()
        runtime = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                number, event = next(runtime._events, (None, None))
                if number is None:
                    threading.Event().wait()
                body = json.dumps(event).encode()
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", str(number))
                self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 300) * 1000)))
                self.send_header(
                    "Lambda-Runtime-Invoked-Function-Arn", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"
                )
                # The client does not look whether these two are there.
                self.send_header("Content-Type", "application/json")
                self.send_header("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                runtime.answers.put((self.path.rpartition("/")[2], json.loads(body)))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(name="answers")
def _answers(task, endpoint):
    """
    Runs the zip under Lambda's own runtime client and returns what it answers to events.
    """
    pytest.importorskip("awslambdaric")
    started = []

    def answers(*events):
        runtime = Runtime(events)
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(task),
            "HOME": str(task),
            "LAMBDA_TASK_ROOT": str(task),
            "AWS_LAMBDA_RUNTIME_API": runtime.address,
            "AWS_LAMBDA_FUNCTION_NAME": "awsaudit",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL": endpoint,
            "AWSAUDIT_OUTPUT": "s3://reports/nightly",
            "AWSAUDIT_REGION": "eu-west-1",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", "awsaudit.lambda_handler.handler"],
            cwd=task,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append((process, runtime))
        found = [runtime.answers.get(timeout=120) for _ in events]
        process.kill()
        return found, process.communicate()[0]

    yield answers
    for process, runtime in started:
        process.kill()
        process.wait()
        runtime.close()


def test_under_the_runtime_client(answers, endpoint):
    """
    The handler answers with counts and keys, logs metrics, and answers an event that is wrong with an error that says how.
    """
    ((kind, result), (wrong, error)), log = answers({"checks": ["sqs-encryption"]}, {"chekcs": []})
    (report,) = result["reports"]
    s3 = boto3.Session("testing", "testing", region_name="eu-west-1").client("s3", endpoint_url=endpoint)
    latest = json.load(s3.get_object(Bucket="reports", Key=f"nightly/account={ACCOUNT}/latest.json")["Body"])
    metrics = [json.loads(line) for line in log.splitlines() if line.startswith('{"_aws"')]

    assert ("response", ACCOUNT, 1, True) == (kind, report["scope"], report["failed"], report["complete"])
    assert ["fail"] == [finding["status"] for finding in latest["findings"]]
    assert [1] == [line["Completed"] for line in metrics]
    assert ("error", "ConfigError") == (wrong, error["errorType"])
    assert "the event has no key 'chekcs'; did you mean checks?" == error["errorMessage"]
