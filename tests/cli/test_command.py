import json
import os
import re
import subprocess
import sys

import pytest

from awsaudit.cli.command import VERBS, awsaudit


COMMAND = [sys.executable, "-c", "from awsaudit.cli import main; main()"]


def test_every_verb_says_in_help_what_it_does(cli):
    """
    Help lists the verbs without importing them; each begins its own help with a sentence.
    """
    assert list(VERBS) == re.findall(
        r"^  ([a-z-]+)  ", cli("--help").out.partition("Commands:")[2].partition("Global:")[0], re.MULTILINE
    )
    for name in VERBS:
        assert re.match(r"Usage: awsaudit .*\n\n  [A-Z].*", cli(name, "--help").out)


@pytest.mark.parametrize("arguments", [["--version"], ["-h"], ["scan", "-h"], ["config", "init", "--help"]])
def test_help_and_version_are_results(cli, arguments):
    """
    Help and version go to standard output and end with 0.
    """
    done = cli(*arguments)

    assert (0, "") == (done.code, done.err)
    assert done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["scna"], "error: there is no command 'scna'; did you mean scan?; see `awsaudit --help`\n"),
        (["explain"], "error: missing argument 'CHECK'; see `awsaudit explain --help`\n"),
        (["config", "initt"], "error: no such command 'initt'; did you mean 'init'?\n"),
        (["completion", "csh"], "error: invalid value for '{bash|zsh|fish}': 'csh' is not one of "),
        (["--colour", "never"], "error: no such option '--colour'; did you mean "),
    ],
)
def test_usage_errors(cli, arguments, says):
    """
    A wrong command line is one line and 2.
    """
    done = cli(*arguments)

    assert (2, "") == (done.code, done.out)
    assert done.err.startswith(says.replace("?; see `awsaudit --help`", "?"))
    assert 1 == len(done.err.splitlines())


def test_nothing_at_all_shows_help(cli):
    """
    The bare command explains itself.
    """
    done = cli()

    assert 2 == done.code
    assert "Commands:" in done.out + done.err


@pytest.mark.parametrize("arguments", [["-q", "scan"], ["scan", "-q"], ["-q", "scan", "-q"]])
def test_global_flags_stand_before_or_after_the_verb(cli, account, arguments):
    """
    A global flag means the same on either side.
    """
    assert "" == cli(*arguments, "--region", "eu-west-1", "-c", "sqs-encryption", "-o", "r.json").err


def test_verbosity_adds_up(cli):
    """
    -v before and after the verb makes -vv.
    """
    assert "verbose = 2  # --verbose" in cli("-v", "config", "show", "-v").out


@pytest.fixture(name="fault")
def _fault(monkeypatch):
    """Makes the verb `schema` fail as only a mistake of ours can."""

    def callback(**_):
        raise LookupError("a \x1b[31mfault\nof ours")

    monkeypatch.setattr(awsaudit.get_command(None, "schema"), "callback", callback)


def test_a_fault_of_ours_is_one_line_and_its_traceback_is_kept(cli, fault, tmp_path, monkeypatch):
    """
    Whatever goes wrong, no traceback reaches the terminal; it is in a file that the line names.
    """
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = cli("schema")
    (kept,) = tmp_path.glob("awsaudit-*.log")

    assert (3, "") == (done.code, done.out)
    assert (
        f"error: awsaudit itself failed: LookupError: a \\x1b[31mfault; please report it, the traceback is in {kept}; "
        "-v prints it\n" == done.err
    )
    assert "Traceback (most recent call last):" in kept.read_text()


def test_its_traceback_is_in_the_log_with_v(cli, account, pack, home):
    """
    With -v the traceback is an event of the log, before the line.
    """
    environ = {**os.environ, "AWSAUDIT_LOG_FORMAT": "json", "AWSAUDIT_CHECKS_FROM": str(pack)}
    script = (
        "import sys\nfrom awsaudit.cli import command\nfrom awsaudit.cli.config import show\nfrom awsaudit import config\n"
        "def fail(*_): raise LookupError('x')\nconfig.Config.check_options = fail\n"
        "sys.exit(command.run(['config', 'show', '-v']))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True, env=environ)
    event, line = done.stderr.splitlines()

    assert 3 == done.returncode
    assert "awsaudit.crashed" == json.loads(event)["event"]
    assert "Traceback" in json.loads(event)["exception"]
    assert "error: awsaudit itself failed: LookupError: x; please report it, the traceback is in the log above" == line


def test_who_closes_standard_output_early_is_no_error():
    """
    `awsaudit checks | head -1` ends with 0 and says nothing.
    """
    script = f"set -o pipefail; {sys.executable} -c 'from awsaudit.cli import main; main()' checks | head -1"
    done = subprocess.run(["bash", "-c", script], check=False, capture_output=True, text=True)

    assert (0, "") == (done.returncode, done.stderr)


def test_the_installed_command_runs():
    """
    The exit code of the process is that of the command.
    """
    done = subprocess.run([*COMMAND, "checks", "-s", "none"], check=False, capture_output=True, text=True)

    assert (2, "error: there is no service 'none'\n") == (done.returncode, done.stderr)
