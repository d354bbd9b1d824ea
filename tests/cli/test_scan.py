import json

import pytest

from awsaudit import load


SQS = ("scan", "--region", "eu-west-1", "-c", "sqs-encryption")


def test_prints_the_table_on_standard_output(cli, account):
    """
    Without -o the table is the result, and nothing else is said.
    """
    done = cli(*SQS)

    assert 0 == done.code
    assert "withdrawals" in done.out
    assert "deposits" not in done.out
    assert "" == done.err


def test_writes_files_by_their_suffix_and_says_so(cli, account, home):
    """
    -o may be repeated; the files and one line of counts are named on standard error, and standard output stays empty.
    """
    done = cli(*SQS, "-o", "a.json", "-o", "b.jsonl")

    assert (0, "") == (done.code, done.out)
    assert ["wrote a.json", "wrote b.jsonl"] == done.err.splitlines()[:2]
    assert done.err.splitlines()[2].startswith("1 failed (1 medium) · 1 passed")
    assert load(home / "a.json").findings == load(home / "b.jsonl").findings


def test_quiet_says_nothing(cli, account):
    """
    With -q standard error stays empty.
    """
    assert "" == cli(*SQS, "-q", "-o", "a.json").err


def test_streams_lines_to_standard_output(cli, account):
    """
    JSON Lines have a header, the findings and an end.
    """
    records = [json.loads(line)["record"] for line in cli(*SQS, "-f", "jsonl").out.splitlines()]

    assert ["scan", "finding", "finding", "end"] == records


@pytest.mark.parametrize(("level", "code"), [("medium", 1), ("info", 1), ("high", 0), ("critical", 0)])
def test_gate(cli, account, level, code):
    """
    --fail-on trips on a failure of the level or worse.
    """
    assert code == cli(*SQS, "--fail-on", level).code


def test_a_crashed_check_goes_before_the_gate(cli, account, pack):
    """
    3 goes before 1: the report is written, and a log line names the check and the place.
    """
    done = cli("scan", "--region", "eu-west-1", "-c", "own-*", "--checks-from", str(pack), "--fail-on", "low")

    assert 3 == done.code
    assert "check.crashed" in done.err
    assert "check=own-crash" in done.err
    assert "own.py:" in done.err
    assert "Traceback" not in done.err


def test_strict_wants_everything_seen(cli, account, pack, home):
    """
    --strict makes an unknown verdict incomplete.
    """
    arguments = ("scan", "--region", "eu-west-1", "-c", "sqs-*", "--save-snapshot", "s.gz")
    assert 0 == cli(*arguments).code

    replayed = ("scan", "--snapshot", "s.gz", "-c", "sqs-encryption", "-c", "own-options", "--checks-from", str(pack))
    assert 0 == cli(*replayed).code

    other = ("scan", "--snapshot", "s.gz", "-c", "sqs-*", "-c", "eks-supported-version")
    assert (0, 3) == (cli(*other).code, cli(*other, "--strict").code)


def test_no_credentials(cli):
    """
    Without credentials nothing can run: 4, and what to do.
    """
    done = cli(*SQS)

    assert 4 == done.code
    assert "" == done.out
    assert (
        "error: there are no AWS credentials; run `aws configure` or `aws sso login`, or name a --profile\n" == done.err
    )


def test_nothing_answered(cli, account, home):
    """
    A snapshot that holds nothing of what is asked lets nothing run: 4, before the gate.
    """
    cli(*SQS, "--save-snapshot", "s.gz", "-q")

    assert 4 == cli("scan", "--snapshot", "s.gz", "-c", "eks-supported-version", "--fail-on", "info").code


def test_a_deadline_is_incomplete(cli, account):
    """
    A scan that ran out of time says so with 3.
    """
    assert 3 == cli(*SQS, "--timeout", "0.000001").code


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-c", "sqs-encyption"], "error: there is no check 'sqs-encyption'; did you mean sqs-encryption?\n"),
        (["-s", "sqq"], "error: there is no service 'sqq'; did you mean sqs?\n"),
        (["--profile", "nobody"], "error: there is no profile 'nobody'\n"),
        (["--severity", "bad"], "error: invalid value for '--severity': 'bad' is not one of "),
        (["--regoin", "x"], "error: no such option '--regoin'; did you mean '--region'?\n"),
        (["-o", "missing/a.json"], "error: cannot write missing/a.json: there is no folder missing\n"),
        (["-o", "a.doc"], "error: no report format goes with 'a.doc'; end it in "),
        (["-o", "."], "error: cannot write .: it is a folder; name a file in it, such as report.html\n"),
        (
            ["-o", "gs://bucket/a.json"],
            "error: cannot write to gs://bucket/a.json: a file, s3://bucket/key or - is needed\n",
        ),
        (["-f", "jso"], "error: there is no report format 'jso'; did you mean json?\n"),
        (["-f", "table", "-o", "a.json"], "error: --format says how to write standard output"),
        (["--timeout", "soon"], "error: --timeout: seconds are needed, or a number with s, m or h, such as 15m"),
        (["--workers", "0"], "error: --workers: a whole number from 1 is needed"),
        (["--external-id", "x"], "error: --external-id goes with --role-arn\n"),
        (["--snapshot", "none.gz"], "error: there is no snapshot none.gz\n"),
        (
            ["--snapshot", "none.gz", "--profile", "x"],
            "error: --profile goes with a live account, not with --snapshot\n",
        ),
        (["--region", "eu-wst-1"], "error: there is no region 'eu-wst-1'; did you mean eu-west-1?\n"),
    ],
)
def test_mistakes_are_one_line(cli, account, arguments, says):
    """
    What was written wrongly is named in one line that says how to mend it; the exit code is 2.
    """
    done = cli("scan", *arguments)

    assert 2 == done.code
    assert "" == done.out
    assert done.err.startswith(says)
    assert 1 == len(done.err.splitlines())


def test_a_format_for_a_file_without_suffix(cli, account, home):
    """
    -f also goes for files whose suffix names no format.
    """
    cli(*SQS, "-o", "report", "-f", "json")

    assert 2 == len(load(home / "report").findings)


def test_log_tells_of_the_scan(cli, account):
    """
    With -v the log, on standard error, tells of the scan's start and end.
    """
    done = cli(*SQS, "-v", "--log-format", "json")

    assert ["scan.started", "scan.finished"] == [json.loads(line)["event"] for line in done.err.splitlines()]


def test_check_options_reach_the_check(cli, account, pack, home):
    """
    Tables of the file set the options of checks, converted to their types.
    """
    (home / "awsaudit.toml").write_text(
        '[checks.own-options]\ndays = 30\nratio = 1\nstrict = true\nnames = ["a"]\ntag = "b"\n'
    )
    done = cli("scan", "--region", "eu-west-1", "-c", "own-options", "--checks-from", str(pack))

    assert "deposits 30 1.0 True ('a',) 'b'" in done.out
