import json
import sqlite3

import pytest

from awsaudit import load


SQS = ("scan", "--region", "eu-west-1", "-c", "sqs-encryption")
STANZA = """
[[suppress]]
check = "sqs-encryption"
resource = "arn:aws:sqs:eu-west-1:123456789012:withdrawals"
reason = "OPS-7"
expires = {}
"""


def encrypt(account, name, on):
    url = account.get_queue_url(QueueName=name)["QueueUrl"]
    account.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": str(on).lower()})


def test_the_first_run_makes_the_baseline(cli, account, home):
    """
    --update-baseline writes what there is to compare with next time; without it the file has to be there.
    """
    missing = cli(*SQS, "--baseline", "base.json")
    made = cli(*SQS, "--baseline", "base.json", "--update-baseline")

    assert (2, 0) == (missing.code, made.code)
    assert "there is no report base.json to compare with; --update-baseline makes it" in missing.err
    assert "wrote base.json" in made.err
    assert 1 == len(load(home / "base.json").failed)


def test_tells_what_is_new(cli, account, home):
    """
    The report says what is new and what is fixed, and a failure keeps the time at which it was first found.
    """
    cli(*SQS, "--baseline", "base.json", "--update-baseline")
    began = json.loads((home / "base.json").read_text())["scan"]["started"]
    encrypt(account, "deposits", on=False)
    cli(*SQS, "-q", "--baseline", "base.json", "--update-baseline", "-o", "two.json", "-o", "two.jsonl")
    encrypt(account, "withdrawals", on=True)
    cli(*SQS, "-q", "--baseline", "base.json", "-o", "three.json")
    two, three = load(home / "two.json"), load(home / "three.json")

    assert ["deposits"] == [f.resource.name for f in two.changes.new]
    assert began == next(f.first_seen for f in two.failed if f.resource.name == "withdrawals")
    assert (["withdrawals"], ()) == ([f.resource.name for f in three.changes.fixed], three.changes.new)
    assert two == load(home / "two.jsonl")
    assert two == load(home / "base.json")


@pytest.mark.parametrize(
    ("gate", "before", "after"),
    [("new", 0, 1), ("new:medium", 0, 1), ("new:high", 0, 0), ("medium", 1, 1)],
)
def test_the_gate_may_be_for_what_is_new(cli, account, gate, before, after):
    """
    --fail-on new counts only failures that the baseline does not have.
    """
    cli(*SQS, "--baseline", "base.json", "--update-baseline")

    assert before == cli(*SQS, "--baseline", "base.json", "--fail-on", gate).code
    encrypt(account, "deposits", on=False)
    assert after == cli(*SQS, "--baseline", "base.json", "--fail-on", gate).code


def test_without_a_baseline_everything_is_new(cli, account):
    """
    The gate for what is new is no way past a first run.
    """
    assert 1 == cli(*SQS, "--fail-on", "new").code


@pytest.mark.parametrize("gate", ["news", "new:", "new:bad", "old:high", ""])
def test_refuses_other_gates(cli, gate):
    """
    What is no gate is an error that names those there are.
    """
    done = cli(*SQS, "--fail-on", gate)

    assert 2 == done.code
    assert "new or new:LEVEL" in done.err


def test_a_baseline_of_another_account_is_refused(cli, account, home):
    """
    To compare with somebody else's report says nothing; it is found out before the scan.
    """
    cli(*SQS, "-q", "-o", "base.json")
    text = (home / "base.json").read_text()
    (home / "base.json").write_text(text.replace("123456789012", "999999999999"))
    done = cli(*SQS, "--baseline", "base.json", "-o", "now.json")

    assert 2 == done.code
    assert "the baseline base.json is of 999999999999" in done.err
    assert not (home / "now.json").exists()


def test_update_needs_a_file(cli):
    """
    --update-baseline without --baseline is an error.
    """
    assert "goes with --baseline" in cli(*SQS, "--update-baseline").err


@pytest.mark.parametrize(
    ("expires", "failed"),
    [("2999-01-01", 0), ("2020-01-01", 1)],
)
def test_accepts_failures(cli, account, home, expires, failed):
    """
    The file in the working directory is read; what has ended fails again, and is told of.
    """
    (home / "awsaudit-suppressions.toml").write_text(STANZA.format(expires))
    done = cli(*SQS, "--fail-on", "low", "-o", "a.json", "-o", "a.jsonl")
    report = load(home / "a.json")

    assert (failed, failed, 1 - failed) == (done.code, len(report.failed), len(report.suppressed))
    assert failed == done.err.count("has ended; its failure counts again")
    assert report == load(home / "a.jsonl")


def test_tells_of_what_is_unused(cli, account, home):
    """
    A stanza that covers nothing is named, unless -q is given.
    """
    (home / "own.toml").write_text(STANZA.format("2999-01-01").replace("withdrawals", "gone"))

    assert "gone covers no failure any more" in cli(*SQS, "--suppressions", "own.toml").err
    assert "" == cli(*SQS, "--suppressions", "own.toml", "-q").err


def test_a_broken_file_is_found_before_the_scan(cli, account, home):
    """
    No scan is lost to a slip in a file.
    """
    (home / "awsaudit-suppressions.toml").write_text("[[suppress]]\n")
    (home / "base.json").write_text("{}")
    (home / "h.sqlite").write_text("no database" * 100)

    assert "'check' is missing" in cli(*SQS).err
    (home / "awsaudit-suppressions.toml").unlink()
    assert "not a report of awsaudit" in cli(*SQS, "--baseline", "base.json").err
    assert "the history h.sqlite cannot be used" in cli(*SQS, "--history", "h.sqlite").err


def test_a_history_is_a_baseline(cli, account, home):
    """
    With --history alone the next scan knows what is new, and the trend.
    """
    cli(*SQS, "--history", "h.sqlite")
    encrypt(account, "deposits", on=False)
    with sqlite3.connect(home / "h.sqlite") as database:  # the clock of a report has seconds
        database.execute("update run set started = '2026-01-01T00:00:00Z', finished = started")
        database.execute("update run set finished = started")
        database.execute("update run set id = 'first'")
        database.execute("update failure set last_seen = '2026-01-01T00:00:00Z'")
        database.execute("pragma foreign_keys = off")
        database.execute("update verdict set run = 'first'")
    database.close()
    done = cli(*SQS, "--history", "h.sqlite", "--fail-on", "new", "-o", "now.json")
    report = load(home / "now.json")

    assert 1 == done.code
    assert ["deposits"] == [f.resource.name for f in report.changes.new]
    assert [{"medium": 1}, {"medium": 2}] == [tally.failed for tally in report.trend]
    assert 2 == len(json.loads(cli("history", "--history", "h.sqlite", "-f", "json").out))


@pytest.mark.parametrize("name", ["baseline", "history"])
def test_a_found_file_may_not_write_elsewhere(cli, home, name):
    """
    A configuration file that lies in the working directory cannot make a scan write outside of it.
    """
    (home / "awsaudit.toml").write_text(f'{name} = "/tmp/elsewhere"\n')

    assert f"sets {name} '/tmp/elsewhere'" in cli(*SQS).err
