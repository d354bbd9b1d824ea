import json

import pytest


@pytest.fixture(name="saved")
def _saved(cli, account, home):
    cli("scan", "--region", "eu-west-1", "-c", "sqs-encryption", "-q", "-o", "r.json")
    return home / "r.json"


def test_renders_again(cli, saved):
    """
    A saved report becomes a table, or the same JSON, without a scan.
    """
    assert "withdrawals" in cli("report", "r.json").out
    assert json.loads(saved.read_text()) == json.loads(cli("report", "r.json", "-f", "json").out)


def test_shows_what_is_asked_for(cli, saved):
    """
    --status and --show-pass choose the verdicts of the table.
    """
    assert "deposits" in cli("report", "r.json", "--show-pass").out
    passed = cli("report", "r.json", "--status", "pass").out
    assert ("deposits" in passed, "withdrawals" in passed) == (True, False)


def test_keeps_paths(cli, saved, home):
    """
    The path of a finding survives each native form, and is on the page.
    """
    plain = json.loads(saved.read_text())
    hop = {"resource": "internet", "type": "internet", "by": "policy Open, statement 1", "holds": None}
    plain["findings"][0]["path"] = [hop]
    saved.write_text(json.dumps(plain))
    cli("report", "r.json", "-o", "r.jsonl", "-o", "r.html")

    assert plain == json.loads(cli("report", "r.jsonl", "-f", "json").out)
    assert "policy Open, statement 1" in (home / "r.html").read_text()


def test_gate(cli, saved):
    """
    The gate holds for saved reports, too.
    """
    assert (1, 0) == (
        cli("report", "r.json", "--fail-on", "low").code,
        cli("report", "r.json", "--fail-on", "high").code,
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "there is no report r.json"), ("{}", "not a report of awsaudit"), ("x", "r.json is not a JSON report")],
)
def test_broken_files(cli, home, content, says):
    """
    What is no report is refused in one line.
    """
    if content is not None:
        (home / "r.json").write_text(content)
    done = cli("report", "r.json")

    assert 2 == done.code
    assert done.err.startswith(f"error: {says}")
    assert 1 == len(done.err.splitlines())
