"""The example account, standing once for all integration tests of a worker."""

import pytest

from awsaudit import Settings, demo
from awsaudit.evidence import Failure
from awsaudit.gap import GapKind
from awsaudit.plan import plan
from awsaudit.plugins import load_checks
from awsaudit.scan import Scan, open_live


class Replay:
    """A source of what one scan of the example account was answered; it can refuse an operation, and it counts."""

    def __init__(self, answers, refused=None, code="AccessDenied"):
        self.answers = answers
        self.refused = refused
        self.failure = Failure(code, GapKind.DENIED)
        self.asked = []

    def ask(self, request):
        self.asked.append(request)
        if (request.service, request.operation) == self.refused:
            return self.failure
        return self.answers[request]

    def close(self):
        pass


class Recording:
    """What a live scan of the example account asked and was answered."""

    def __init__(self, company, folder):
        self.snapshot = folder / "demo.awsaudit"
        company.front.calls.clear()
        scan = open_live(Settings(save_snapshot=self.snapshot), company.session)
        self.answers = {}
        record = scan._collector._record

        def both(request, answer):
            self.answers[request] = answer
            record(request, answer)

        scan._collector._record = both
        self.findings = list(scan)
        self.report = scan.report()
        self.target = scan.target
        self.plan = scan.plan
        self.calls = set(company.front.calls)
        self._alone = {}

    def alone(self, id_):
        """Return what the check *id_* finds by itself, and what it asks for that."""
        if id_ not in self._alone:
            scan, source = self.scan([load_checks()[id_]])
            self._alone[id_] = list(scan), source.asked
        return self._alone[id_]

    def scan(self, checks=None, refused=None):
        source = Replay(self.answers, refused)
        scan = Scan(self.plan if checks is None else plan(checks), source, self.target, Settings(workers=1))
        return scan, source


@pytest.fixture(name="company", scope="session")
def _company():
    with demo.account() as company:
        yield company


@pytest.fixture(name="recording", scope="session")
def _recording(company, tmp_path_factory):
    return Recording(company, tmp_path_factory.mktemp("recording"))


@pytest.fixture(name="checks", scope="session")
def _checks():
    return load_checks()
