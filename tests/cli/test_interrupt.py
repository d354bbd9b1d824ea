import json
import os
import signal
import subprocess
import sys

import pytest

from awsaudit import load
from awsaudit.cli.interrupt import Interrupt


COMMAND = [sys.executable, "-c", "from awsaudit.cli import main; main()"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_one_asks_the_scan_to_end(capfd, number):
    """
    While there is something to report, Ctrl-C and SIGTERM set the event and say so.
    """
    with Interrupt() as interrupt, interrupt.reporting():
        signal.raise_signal(number)

        assert interrupt.cancelled.is_set()

    assert "stopping: what was found so far is reported" in capfd.readouterr().err


def test_before_there_is_something_to_report_it_ends_the_command():
    """
    While credentials are looked for, Ctrl-C ends at once.
    """
    with pytest.raises(KeyboardInterrupt), Interrupt():
        signal.raise_signal(signal.SIGINT)


def test_leaves_the_handlers_as_they_were():
    """
    After the scan, Ctrl-C means what it did before.
    """
    before = signal.getsignal(signal.SIGINT)
    with Interrupt():
        pass

    assert before is signal.getsignal(signal.SIGINT)


@pytest.fixture(name="scanning")
def _scanning(home, server):
    """A slow scan in a process of its own, which has begun to write."""
    own = {"AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    arguments = ["--region", "eu-west-1", "-s", "sqs", "--max-rate", "0.2", "-o", "r.json", "-o", "r.jsonl", "-v"]
    process = subprocess.Popen(
        [*COMMAND, "scan", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **own},
    )
    for line in process.stderr:
        if "scan.started" in line:
            break
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c_writes_the_partial_report(scanning, home):
    """
    The first Ctrl-C ends the scan, what was found is written, and the exit code is 130.
    """
    scanning.send_signal(signal.SIGINT)
    _, err = scanning.communicate(timeout=60)

    assert 130 == scanning.returncode
    assert "Cancelled" == load(home / "r.json").coverage.stopped
    assert "end" == json.loads((home / "r.jsonl").read_text().splitlines()[-1])["record"]
    assert "Traceback" not in err


def test_a_second_one_ends_at_once(scanning, home):
    """
    The second Ctrl-C waits for nothing: no report, 130.
    """
    scanning.send_signal(signal.SIGINT)
    scanning.send_signal(signal.SIGTERM)
    scanning.communicate(timeout=10)

    assert 130 == scanning.returncode
    assert not (home / "r.json").exists()
