"""The command as a process of its own, over HTTP, as a pipeline runs it."""

import os
import subprocess
import sys

import boto3
import pytest


COMMAND = [sys.executable, "-c", "from awsaudit.cli import main; main()", "scan", "--region", "eu-west-1"]


@pytest.fixture(name="scan")
def _scan(server):
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    sqs = boto3.client(
        "sqs", endpoint_url=server, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    sqs.create_queue(QueueName="withdrawals", Attributes={"SqsManagedSseEnabled": "false"})

    def invoke(*arguments, **environ):
        environ = {**os.environ, **keys, "AWS_ENDPOINT_URL": server, **environ}
        return subprocess.run([*COMMAND, *arguments], check=False, capture_output=True, text=True, env=environ)

    return invoke


def test_results_and_the_rest_are_apart(scan):
    """
    The table is on standard output; standard error is empty; the gate is the exit code.
    """
    done = scan("-c", "sqs-encryption", "--fail-on", "medium")

    assert (1, "") == (done.returncode, done.stderr)
    assert "withdrawals" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "environ", "colored"),
    [
        ([], {"FORCE_COLOR": "1"}, True),
        (["--color", "always"], {}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_in_a_pipe(scan, arguments, environ, colored):
    """
    A pipe gets colour only if it is asked for.
    """
    assert colored == ("\x1b[" in scan("-c", "sqs-encryption", *arguments, **environ).stdout)


def test_an_endpoint_that_nobody_answers_on(scan):
    """
    Where AWS cannot be reached nothing can run: 4, and one line.
    """
    done = scan("-c", "sqs-encryption", AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")

    assert (4, "") == (done.returncode, done.stdout)
    assert "error: AWS could not be reached; check the network, the proxy and AWS_ENDPOINT_URL\n" == done.stderr
