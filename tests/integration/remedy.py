"""
Runs printed commands against copies of the example account, and looks whether the failures are gone.

A copy is a forked process: what a command changes there nobody else sees. In it ``bash`` runs the command as it was
printed; ``aws`` on its path is a client of the AWS CLI, which runs in the process that holds the account.

A scan costs more than a command, so one copy serves many commands, and is scanned once: a *wave* holds at most one
failure of a resource. Whatever is not repaired in its wave is tried by itself, since commands may get into each other's way.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import gc
import importlib.util
import io
import json
import os
import pickle
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, Final

import s3transfer  # noqa: F401 - the CLI would bring its own in its place

from attrs import define, evolve, field, frozen
from botocore.loaders import Loader

from awsaudit import Check, Finding, Settings, Status
from awsaudit.inventory import Target
from awsaudit.live import Live, Tuning
from awsaudit.plan import plan
from awsaudit.scan import Scan
from tests.integration.writes import take


WORKERS: Final = 4
READS: Final = ("BatchGet", "Describe", "Get", "List")
TOKENS: Final = ("token", "marker")

SHIM: Final = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    server.sendall(json.dumps(sys.argv[1:]).encode() + b"\\n")
    answer = json.loads(server.makefile("rb").read())
sys.stdout.write(answer["stdout"])
sys.stderr.write(answer["stderr"])
sys.exit(answer["code"])
"""


@frozen
class Ran:
    """
    What came of a command.

    Args:
        code: The shell's exit code.

        said: The end of what it wrote to the standard error.
    """

    code: int
    said: str


@frozen
class Outcome:
    """
    What came of a failure whose command was run.

    Args:
        finding: The failure.

        fault: Why it does not count as repaired; empty if it does.

        refused: What the CLI did not accept in the command, asked for commands that do not repair; empty if nothing.
    """

    finding: Finding
    fault: str
    refused: str = ""


def missing() -> str:
    """Return what this machine lacks to run commands; empty if nothing."""
    absent = [name for name in ("bash", "jq", "xargs") if shutil.which(name) is None]
    absent += [] if importlib.util.find_spec("awscli") else ["awscli"]
    absent += [] if hasattr(os, "fork") else ["fork"]

    return ", ".join(absent)


@define
class Workshop:
    """
    Where commands are run.

    Args:
        company: The example account, standing.

        target: What the scan looked at that found the failures.

        checks: All checks by id.

        failures: What that scan found wrong, with or without a command.

        hopeless: Whether a failure need not be tried by itself, because nobody expects its command to repair it.

        workers: Copies of the account at work at once.
    """

    company: Any
    target: Target
    checks: Mapping[str, Check[Any]]
    failures: Sequence[Finding]
    hopeless: Callable[[Finding], bool]
    workers: int = 2
    _cli: Any = field(init=False, default=None)
    _known: frozenset[str] = field(init=False, default=frozenset())

    def outcomes(self) -> list[Outcome]:
        """Return what came of every failure that has a command; this process and its account stay as they are."""
        outcomes: list[Outcome] = _fork(self._outcomes)()
        return outcomes

    def _outcomes(self) -> list[Outcome]:
        take(self.company)
        self._known = frozenset(finding.fingerprint for finding in self.failures)
        self._cli = _Cli(self.company)
        fixes = [finding for finding in self.failures if finding.fix]
        self._cli.warm(service for finding in fixes for service in re.findall(r"\baws ([a-z0-9-]+)", str(finding.fix)))
        gc.freeze()
        tried = self._each(waves(fixes), self._wave)
        alone = [outcome.finding for outcome in tried if outcome.fault and not self.hopeless(outcome.finding)]
        again = self._each([[finding] for finding in alone], self._wave)
        latest = {outcome.finding.fingerprint: outcome for outcome in (*tried, *again)}
        faulty = [outcome for outcome in latest.values() if outcome.fault]
        shares = [[outcome.finding for outcome in faulty[start :: self.workers]] for start in range(self.workers)]
        parsed = {outcome.finding.fingerprint: outcome.fault for outcome in self._each(shares, self._parse)}

        return [evolve(outcome, refused=parsed.get(fingerprint, "")) for fingerprint, outcome in latest.items()]

    def _wave(self, wave: Sequence[Finding]) -> list[Outcome]:
        """Run the commands of *wave*, scan, and compare."""
        commands = dict.fromkeys(str(finding.fix) for finding in wave)
        with self._shell() as run:
            ran = {command: run(command) for command in commands}
        chosen = plan([self.checks[id_] for id_ in sorted({finding.check_id for finding in wave})])
        source = Live(self.company.session, chosen, Tuning(workers=WORKERS))
        now = evolve(self.target, as_of=datetime.datetime.now(datetime.UTC).replace(microsecond=0))
        after = list(Scan(chosen, source, now, Settings(workers=WORKERS)))

        return [Outcome(finding, self._fault(finding, ran[str(finding.fix)], after)) for finding in wave]

    def _fault(self, finding: Finding, ran: Ran, after: Iterable[Finding]) -> str:
        if ran.code:
            return f"exit code {ran.code}: {ran.said}"
        verdicts = [found for found in after if found.check_id == finding.check_id]
        for found in verdicts:
            if found.status is Status.FAIL and found.fingerprint == finding.fingerprint:
                return f"still fails: {found.message}"
            here = found.resource.arn == finding.resource.arn and found.region == finding.region
            if here and found.status is Status.UNKNOWN:
                return f"unknown: {found.message}"
            if here and found.status is Status.FAIL and found.fingerprint not in self._known:
                return f"fails for another reason: {found.message}"

        return ""

    def _parse(self, failures: Iterable[Finding]) -> list[Outcome]:
        """
        Run the commands of *failures* without letting them change anything; the fault is what the CLI does not take.

        Reads are answered by the account; a write is answered out of its shape once the CLI has taken its parameters.
        """
        self._cli.sink()
        with self._shell() as run:
            ran = [(finding, run(str(finding.fix))) for finding in failures]

        return [Outcome(finding, result.said if result.code else "") for finding, result in ran]

    def _each(
        self, groups: Sequence[Sequence[Finding]], work: Callable[[Sequence[Finding]], list[Outcome]]
    ) -> list[Outcome]:
        """Return what *work* says of each of *groups*, each in a copy of its own; if it breaks, all of the group failed."""

        def one(group: Sequence[Finding]) -> list[Outcome]:
            try:
                outcomes: list[Outcome] = _fork(functools.partial(work, group))()
            except RuntimeError as error:
                return [Outcome(finding, f"broke off: {str(error)[-600:]}") for finding in group]
            return outcomes

        def share(start: int) -> list[Outcome]:
            return [outcome for group in groups[start :: self.workers] for outcome in one(group)]

        started = [_fork(functools.partial(share, start)) for start in range(self.workers)]
        return [outcome for join in started for outcome in join()]

    @contextlib.contextmanager
    def _shell(self) -> Iterator[Callable[[str], Ran]]:
        """
        Yield what runs a command in ``bash``, with an ``aws`` that this process answers.

        A command of nothing but words, each quoted as a shell needs it, means the same to every shell and is not given to one.
        """
        time.sleep = lambda _: None  # the process is a copy, and waiters need not wait
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
            address = f"{folder}/cli"
            shim = Path(folder, "aws")
            shim.write_text(SHIM.format(python=sys.executable, address=address))
            shim.chmod(0o700)
            listener.bind(address)
            listener.listen()
            listener.settimeout(0.02)

            def run(command: str) -> Ran:
                words = shlex.split(command)
                if words[0] == "aws" and shlex.join(words) == command:
                    answer = self._cli.call(words[1:])
                    return Ran(answer["code"], _end(answer["stderr"]))
                with tempfile.TemporaryFile() as stderr, _bash(command, folder, stderr) as process:
                    while process.poll() is None:
                        with contextlib.suppress(TimeoutError):
                            self._cli.serve(listener)
                    stderr.seek(0)
                    return Ran(process.returncode, _end(stderr.read().decode(errors="replace")))

            yield run


def _end(text: str) -> str:
    return text.strip()[-600:]


def _bash(command: str, folder: str, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env={"PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )


def waves(failures: Iterable[Finding]) -> list[list[Finding]]:
    """Return *failures* in groups, in each of which no resource is named twice; the first groups are the largest."""
    groups: list[dict[tuple[str, str], Finding]] = []
    for finding in failures:
        place = (finding.resource.arn, finding.region)
        group = next((group for group in groups if place not in group), None)
        if group is None:
            groups.append({place: finding})
        else:
            group[place] = finding

    return [list(group.values()) for group in groups]


class _Cli:
    """The AWS CLI, in front of the example account."""

    def __init__(self, company: Any) -> None:
        self._front = company.front
        self._loader = _models()
        self._sinks = False
        self._waits = False

    def warm(self, services: Iterable[str]) -> None:
        """Let the CLI read the models of *services* before the process is copied."""
        for service in sorted(set(services)):
            self.call([service, "no-such-operation"])

    def sink(self) -> None:
        """Let no call change anything from now on."""
        self._sinks = True

    def serve(self, listener: socket.socket) -> None:
        """Answer one call of ``aws``."""
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as asked:
            answer = self.call(json.loads(asked.readline()))
            connection.sendall(json.dumps(answer).encode())

    def call(self, arguments: list[str]) -> dict[str, Any]:
        """Return what the CLI writes, and its exit code."""
        driver = self._driver()
        driver.session.register_component("data_loader", self._loader)
        events = driver.session.get_component("event_emitter")
        if self._sinks:
            events.register_first("before-call", self._sink)
        self._front.attach(SimpleNamespace(events=events))
        self._waits = "wait" in arguments[1:2]
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            try:
                code = driver.main(arguments)
            except SystemExit as left:
                code = left.code
            except _Sunk:
                code = 0

        return {"code": code, "stdout": stdout.getvalue(), "stderr": stderr.getvalue()}

    def _driver(self) -> Any:
        # One a call: what the CLI hooks into a driver for one operation disturbs the next.
        from awscli.clidriver import create_clidriver

        return create_clidriver()

    def _sink(self, model: Any, **_: Any) -> Any:
        if self._waits:
            raise _Sunk
        if model.name.startswith(READS):
            return None
        shape = model.output_shape
        return SimpleNamespace(status_code=200, headers={}), {} if shape is None else _example(shape)


def _models() -> Loader:
    """Return what reads the models that the CLI ships; those of botocore beside it may be newer."""
    spec = importlib.util.find_spec("awscli")
    folder = Path(str(spec and spec.origin)).parent

    return Loader(
        extra_search_paths=[str(folder / "data"), str(folder / "botocore" / "data")], include_default_search_paths=False
    )


class _Sunk(BaseException):
    """The CLI asked what a waiter asks; what it waits for does not come."""


def _example(shape: Any, depth: int = 0) -> Any:
    """Return an answer of *shape*, every member set, without a next page."""
    match shape.type_name:
        case "structure":
            members = {} if depth > 6 else shape.members
            return {k: _example(v, depth + 1) for k, v in members.items() if not k.lower().endswith(TOKENS)}
        case "list":
            return [_example(shape.member, depth + 1)]
        case "map":
            return {"example": _example(shape.value, depth + 1)}
        case "string":
            return (shape.metadata.get("enum") or ["example"])[0]
        case scalar:
            return _EXAMPLES.get(scalar, 1)


_EXAMPLES: Final = {"blob": b"example", "boolean": False, "timestamp": "2026-01-01T00:00:00Z"}


def _fork(work: Callable[[], Any]) -> Callable[[], Any]:
    """Start *work* in a copy of this process, and return what waits for its result."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(_attempt(work), pipe)
        finally:
            os._exit(0)
    os.close(writing)

    def join() -> Any:
        with os.fdopen(reading, "rb") as pipe:
            result, error = pickle.load(pipe)  # noqa: S301 - our own
        os.waitpid(process, 0)
        if error:
            raise RuntimeError(error)
        return result

    return join


def _attempt(work: Callable[[], Any]) -> tuple[Any, str]:
    try:
        return work(), ""
    except Exception as error:  # noqa: BLE001 - it is raised again in the process that waits
        return None, "".join(traceback.format_exception(error))
