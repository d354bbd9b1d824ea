import datetime
import sqlite3

import pytest

from attrs import evolve

from awsaudit import Gap, GapKind, ReportError, Severity, Status
from awsaudit.check import Suppression
from awsaudit.history import VERSION, History
from awsaudit.native import utc


DAY = datetime.timedelta(days=1)


@pytest.fixture(name="history")
def _history(tmp_path):
    with History(tmp_path / "history.sqlite") as history:
        yield history


@pytest.fixture(name="on")
def _on(make_report):
    """Return a function that makes a report of findings, some days after the first."""

    def make(day, *findings, **more):
        report = make_report(*findings)
        return evolve(report, started=report.started + day * DAY, finished=report.finished + day * DAY, **more)

    return make


def test_remembers_runs(history, on, make_finding):
    """
    Runs come oldest first, with what failed by severity.
    """
    history.record(on(1, make_finding(), make_finding("b", severity=Severity.LOW), make_finding("c", Status.UNKNOWN)))
    history.record(on(0, make_finding()))

    older, newer = history.runs()

    assert ({"medium": 1}, 0) == (older.failed, older.unknown)
    assert ({"medium": 1, "low": 1}, 1) == (newer.failed, newer.unknown)
    assert (1, True, False) == (newer.checks, newer.complete, newer.narrowed)
    assert () == history.runs("999999999999")


def test_records_a_run_once(history, on, make_finding):
    """
    The same report again changes nothing.
    """
    history.record(on(0, make_finding()))
    history.record(on(0, make_finding()))

    assert 1 == len(history.runs())


def test_serves_as_a_baseline(history, on, make_finding):
    """
    Failures are known since they were first recorded; what a scan could not see is not forgotten, what it saw gone is.
    """
    assert history.baseline(on(0)) is None
    first = on(0, make_finding(), make_finding("b"))
    gap = Gap("111122223333", "eu-west-1", "sqs", "GetQueueAttributes", "AccessDenied", GapKind.DENIED)
    history.record(first)
    history.record(on(1, make_finding("orders", Status.UNKNOWN, gaps=(gap,))))

    compared = history.baseline(on(2)).compare(on(2, make_finding(), make_finding("b")))

    assert ["b"] == [f.resource.name for f in compared.changes.new]
    assert {"orders": utc(first.started), "b": utc(compared.started)} == {
        f.resource.name: f.first_seen for f in compared.findings
    }


def test_a_failure_that_comes_back_is_new(history, on, make_finding):
    """
    After it was seen to be gone a failure starts anew.
    """
    history.record(on(0, make_finding()))
    history.record(on(1, make_finding(status=Status.PASS)))
    back = on(2, make_finding())
    history.record(back)

    (known,) = history.baseline(on(3)).failures.values()

    assert utc(back.started) == known.first_seen


def test_an_old_report_does_not_undo_newer_ones(history, on, make_finding):
    """
    Reports may be recorded in any order: what is known to be fixed since stays so.
    """
    history.record(on(0, make_finding()))
    history.record(on(4, make_finding(status=Status.PASS), make_finding("b")))
    history.record(on(2, make_finding(), make_finding("b", Status.PASS)))

    assert ["b"] == [f.resource.name for f in history.baseline(on(5)).failures.values()]


def test_trend_is_of_like_scans(history, on, make_finding):
    """
    A scan of other regions, of few of the checks or of some resources stands in no line with a whole one.
    """
    other = make_finding(check_id="sqs-policy-public")
    history.record(on(0, make_finding(), other))
    history.record(on(1, make_finding(), other, narrowed=True))
    history.record(on(2, make_finding(), other, regions=("us-east-1",)))
    history.record(on(3, make_finding()))
    history.record(on(4, make_finding(), make_finding("b"), other))
    now = on(5, other, make_finding(status=Status.PASS))

    assert [{"medium": 2}, {"medium": 3}, {"medium": 1}] == [tally.failed for tally in history.trend(now)]
    assert () == history.trend(evolve(now, narrowed=True))


def test_trend_counts_the_checks_of_this_scan_only(history, on, make_finding):
    """
    What another check found does not bend the line.
    """
    history.record(on(0, make_finding(), make_finding(check_id="sqs-policy-public")))

    assert [{"medium": 1}, {"medium": 1}] == [tally.failed for tally in history.trend(on(1, make_finding()))]


def test_says_how_long_failures_last(history, on, make_finding):
    """
    For each severity it tells how many failures are open, and the age of the oldest; accepted ones are not.
    """
    history.record(on(0, make_finding()))
    accepted = make_finding("d", severity=Severity.LOW, suppression=Suppression("known", datetime.date(2999, 1, 1)))
    history.record(on(3, make_finding(), make_finding("b"), make_finding("c", severity=Severity.HIGH), accepted))

    lasting = {severity: (count, age.days) for severity, (count, age) in history.lasting().items()}

    assert {Severity.MEDIUM: (2, 3), Severity.HIGH: (1, 0)} == lasting


def test_is_kept_in_wal_mode(history):
    """
    Readers do not wait for a writer; the version of the tables is written down.
    """
    with sqlite3.connect(history.path) as database:
        assert ("wal",) == database.execute("pragma journal_mode").fetchone()
        assert (VERSION,) == database.execute("pragma user_version").fetchone()
    database.close()


def test_a_run_is_recorded_whole_or_not_at_all(history, on, make_finding):
    """
    A failure in the middle leaves the file as it was.
    """
    with sqlite3.connect(history.path) as database:
        database.execute("drop table failure")
    database.close()

    with pytest.raises(ReportError, match="cannot be used"):
        history.record(on(0, make_finding()))

    assert () == history.runs()


@pytest.mark.parametrize("kind", ["newer", "foreign", "text", "folder"])
def test_refuses_what_is_no_history(tmp_path, kind):
    """
    A newer file, somebody else's database, and what is none, are left alone.
    """
    path = tmp_path / "h.sqlite"
    if kind == "text":
        path.write_text("not a database, but long enough to have a header of a hundred bytes" * 3)
    elif kind == "folder":
        path.mkdir()
    else:
        with sqlite3.connect(path) as database:
            database.execute(f"pragma user_version = {VERSION + 1}" if kind == "newer" else "create table mine (a)")
        database.close()

    with pytest.raises(ReportError, match="history"):
        History(path)
