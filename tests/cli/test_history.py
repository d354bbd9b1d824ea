import datetime
import json

import pytest

from attrs import evolve

from awsaudit import Severity


@pytest.fixture(name="saved")
def _saved(home, make_report, make_finding):
    """
    Three reports, a day apart, with fewer and fewer failures.
    """
    day = datetime.timedelta(days=1)
    for number in range(3):
        findings = [make_finding(f"q{n}", severity=Severity.HIGH) for n in range(4 - 2 * number)]
        report = make_report(*findings)
        report = evolve(report, started=report.started + number * day, finished=report.finished + number * day)
        report.write(home / f"{number}.json")


def test_adds_saved_reports_and_shows_them(cli, saved):
    """
    Reports are put in order, whichever is named first.
    """
    done = cli("history", "--history", "h.sqlite", "2.json", "0.json", "1.json")
    heading, *rows = done.out.splitlines()

    assert 0 == done.code
    assert [
        "FINISHED",
        "(UTC)",
        "CHECKS",
        "CRITICAL",
        "HIGH",
        "MEDIUM",
        "LOW",
        "INFO",
        "FAILED",
        "UNKNOWN",
    ] == heading.split()
    assert [("4", "4"), ("2", "2"), ("0", "0")] == [(row.split()[4], row.split()[8]) for row in rows[:3]]


def test_bars_share_one_scale(cli, saved):
    """
    The longest bar belongs to the scan with most failures; none has no bar.
    """
    done = cli("history", "--history", "h.sqlite", "0.json", "1.json", "2.json")

    assert [20, 10, 0] == [line.count("█") for line in done.out.splitlines()[1:4]]


def test_says_what_is_open(cli, saved):
    """
    The open failures and the age of the oldest stand below.
    """
    done = cli("history", "--history", "h.sqlite", "0.json", "1.json")

    assert done.out.endswith("Open: 2 high, the oldest for 1 day.\n")


def test_json(cli, saved):
    """
    As JSON it is a list of scans.
    """
    cli("history", "--history", "h.sqlite", "0.json", "1.json", "2.json")
    runs = json.loads(cli("history", "--history", "h.sqlite", "-f", "json", "--last", "2").out)

    assert [{"high": 2}, {}] == [run["failed"] for run in runs]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "name the file with --history"),
        (("--history", "none.sqlite"), "there is no history none.sqlite"),
        (("--history", "h.sqlite", "none.json"), "there is no report none.json"),
        (("--history", "h.sqlite", "-f", "html"), "table or json, not 'html'"),
    ],
)
def test_errors(cli, home, arguments, told):
    """
    What is missing is named, and nothing is made.
    """
    done = cli("history", *arguments)

    assert (2, True) == (done.code, told in done.err)
    assert not list(home.glob("*.sqlite"))


def test_no_scan_of_the_account(cli, saved):
    """
    An account without a scan has no rows.
    """
    cli("history", "--history", "h.sqlite", "0.json")

    assert "No scan is remembered.\n" == cli("history", "--history", "h.sqlite", "--account", "999999999999").out
