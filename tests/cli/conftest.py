import os
import pathlib

import boto3
import moto
import pytest
import structlog

from attrs import frozen
from moto.server import ThreadedMotoServer

from awsaudit.cli.command import run


@frozen
class Outcome:
    """What a run of the command left."""

    code: int
    out: str
    err: str


@pytest.fixture(name="home", autouse=True)
def _home(tmp_path, monkeypatch):
    """
    An empty working directory and home, and none of the developer's own settings.
    """
    for name in list(os.environ):
        if name.startswith(("AWS_", "AWSAUDIT_", "XDG_")) or name in {"CI", "NO_COLOR", "FORCE_COLOR", "COLUMNS"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)

    return pathlib.Path(folder)


@pytest.fixture(name="cli")
def _cli(capsys):
    """
    Runs the command in this process.
    """

    def invoke(*arguments):
        code = run(arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    yield invoke
    structlog.reset_defaults()


@pytest.fixture(name="account")
def _account(monkeypatch):
    """
    An account with one encrypted queue, and one that is not.
    """
    with moto.mock_aws():
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        sqs = boto3.client("sqs")
        sqs.create_queue(QueueName="deposits", Attributes={"SqsManagedSseEnabled": "true"})
        sqs.create_queue(QueueName="withdrawals", Attributes={"SqsManagedSseEnabled": "false"})
        yield sqs


@pytest.fixture(name="server", scope="module")
def _server():
    """A fake AWS that another process can reach."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(name="pack")
def _pack(tmp_path):
    """
    A file with two checks of queues: one always crashes, one has options.
    """
    file = tmp_path / "own.py"
    file.write_text(
        '''
from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.sqs import Queue

REMEDIATION = Remediation(text="Mend it.", cli=None, url="https://docs.aws.amazon.com/")


@check("own-crash", title="It runs", severity=Severity.LOW, remediation=REMEDIATION)
def crash(queue: Queue) -> Iterator[Problem]:
    """It never does."""
    raise RuntimeError(queue.url)


@check("own-options", title="It is set", severity=Severity.LOW, remediation=REMEDIATION)
def options(
    queue: Queue, *, days: int = 90, ratio: float = 0.5, strict: bool = False, names: tuple[str, ...] = (), tag: str = ""
) -> Iterator[Problem]:
    """Its options are its findings."""
    yield Problem(f"{queue.url.rpartition('/')[2]} {days!r} {ratio!r} {strict!r} {names!r} {tag!r}")
'''
    )
    return file
