import pathlib
import shutil
import subprocess
import sys

import pytest

from awsaudit import Severity, Status
from tests.reports.shell import run


SHELLCHECK = shutil.which("shellcheck", path=str(pathlib.Path(sys.executable).parent))


def call(name):
    return ["sqs", "set-queue-attributes", "--queue-url", name, "--region", "eu-west-1"]


def test_runs_the_commands_of_the_failures(eventful, tmp_path):
    """
    Failures that are not accepted are repaired, those of the worst first; nothing else is touched.
    """
    done = run(eventful.render("remediation"), tmp_path)

    assert (0, [call("ledger"), call("orders")], set()) == (done.code, done.calls, done.others)


def test_refuses_to_run_unread(eventful, tmp_path):
    """
    Until somebody writes that it was read, the script tells what to do and does nothing.
    """
    done = run(eventful.render("remediation"), tmp_path, have_read=False)

    assert (2, []) == (done.code, done.calls)
    assert "set have_read=yes in it" in done.errors


def test_skips_other_accounts(make_report, make_finding, tmp_path):
    """
    A command runs in the account that it is for, and in no other that has a resource of the name.
    """
    report = make_report(make_finding("ledger"), make_finding("orders", account="444455556666"))
    done = run(report.render("remediation"), tmp_path)

    assert (1, [call("ledger")]) == (done.code, done.calls)
    assert "skipped the commands for account 444455556666" in done.errors


@pytest.mark.parametrize("fix", ["aws sqs fails", "aws sqs fails && aws sqs x", "aws sqs fails | cat"])
def test_goes_on_after_a_command_that_failed(make_report, make_finding, tmp_path, fix):
    """
    Each command has its chance; the script counts those that failed.
    """
    script = make_report(make_finding(severity=Severity.HIGH, fix=fix), make_finding("z")).render("remediation")
    done = run(script, tmp_path)
    line = script[: script.index(") || failed")].count("\n") + 1

    assert (1, [["sqs", "fails"], call("z")]) == (done.code, done.calls)
    assert f"the command above line {line} failed" in done.errors
    assert "1 did not succeed" in done.errors


def test_variables_of_a_command_end_with_it(make_report, make_finding, tmp_path):
    """
    What one command keeps in a variable is not at hand for the next.
    """
    report = make_report(
        make_finding("a", fix="KEY=one && aws x $KEY"), make_finding("b", fix='aws y "${KEY-none}"'), make_finding("c")
    )

    assert [["x", "one"], ["y", "none"], call("c")] == run(report.render("remediation"), tmp_path).calls


def test_tells_each_finding(make_report, make_finding):
    """
    A command stands under all findings that it repairs, with what is wrong.
    """
    report = make_report(make_finding(sub_key="a", message="first"), make_finding(sub_key="b", message="second"))
    script = report.render("remediation")

    assert 1 == script.count("aws sqs set-queue-attributes")
    assert (
        "# == sqs-encryption: Queues are encrypted at rest\n"
        "#    Turn on SSE-SQS.\n"
        "#    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/\n"
        "\n"
        "# -- medium: orders in eu-west-1: first\n"
        "#    arn:aws:sqs:eu-west-1:111122223333:orders\n"
        "# -- medium: orders in eu-west-1: second\n"
        "#    arn:aws:sqs:eu-west-1:111122223333:orders\n"
        "(\n"
        "aws sqs set-queue-attributes --queue-url orders --region eu-west-1\n"
        ") || failed\n"
    ) in script


def test_lists_what_has_no_command(make_report, make_finding, tmp_path):
    """
    A failure without a command is a comment.
    """
    script = make_report(make_finding(fix=None)).render("remediation")

    assert "# -- medium: orders in eu-west-1: orders is not encrypted\n" in script
    assert "#    no command repairs this\n" in script
    assert (0, []) == run(script, tmp_path)[::2]


def test_counts_on_top(eventful):
    """
    The head says how many failures there are and how many have a command, and that not everything was seen.
    """
    assert "# 2 findings failed; there is a command for 2 of them.\n" in eventful.render("remediation")


def test_says_that_not_everything_was_seen(make_report, make_finding, refusal):
    """
    Nobody should take the account for repaired.
    """
    assert "did not see everything" in make_report(make_finding(), coverage=refusal).render("remediation")


def test_has_nothing_to_do(make_report, make_finding, tmp_path):
    """
    Without failures there is no command, and no question.
    """
    done = run(make_report(make_finding(status=Status.PASS)).render("remediation"), tmp_path, have_read=False)

    assert (0, "", []) == done[:3]


@pytest.mark.skipif(SHELLCHECK is None, reason="shellcheck is not installed; the extra `dev` brings it")
def test_shellcheck_finds_nothing(eventful, make_report, make_finding, tmp_path):
    """
    Neither errors, warnings nor matters of style.
    """
    empty = make_report()
    two = make_report(
        make_finding(fix="KEY=$(aws kms x) && aws y \"$KEY\" --query 'a[?b==`$c`]'"), make_finding(account="4")
    )
    for number, report in enumerate((eventful, empty, two)):
        path = tmp_path / f"{number}.sh"
        path.write_text(report.render("remediation"))
        done = subprocess.run([SHELLCHECK, "-f", "gcc", path], capture_output=True, text=True, check=False)
        assert "" == done.stdout
