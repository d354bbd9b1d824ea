import os
import subprocess
import sys

import pytest

from awsaudit.cli.demo import places_of
from awsaudit.config import Config


COMMAND = [sys.executable, "-c", "from awsaudit.cli import main; main()"]


def demo(*arguments, **environ):
    """Run the demo in a process of its own."""
    return subprocess.run(
        [*COMMAND, "demo", *arguments], check=False, capture_output=True, text=True, env={**os.environ, **environ}
    )


def test_shows_the_table_and_writes_the_page(home):
    """
    Without AWS, the demo prints the table, writes the page and names it, and the gate holds; settings for AWS do not
    reach it.
    """
    environ = {"AWS_PROFILE": "nobody", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    done = demo("-s", "sqs", "--fail-on", "medium", "--no-progress", **environ)

    assert (1, "wrote awsaudit-report.html\n") == (done.returncode, done.stderr)
    assert "sqs-encryption" in done.stdout
    assert (home / "awsaudit-report.html").read_text().lower().startswith("<!doctype html>")


def test_output_takes_the_place_of_the_page():
    """
    With -o the demo writes what is asked for and nothing else.
    """
    assert (None, "awsaudit-report.html") == tuple(p.path and p.path.name for p in places_of(Config()))
    assert ("r.json",) == tuple(p.path and p.path.name for p in places_of(Config(output=("r.json",))))


@pytest.mark.parametrize("flag", ["--profile", "--role-arn", "--snapshot"])
def test_takes_no_credentials(cli, flag):
    """
    What names somebody's account is no flag of the demo.
    """
    assert 2 == cli("demo", flag, "x").code


def test_dry_run_builds_nothing(cli):
    """
    --dry-run prints the plan.
    """
    assert "nothing was sent" in cli("demo", "--dry-run", "-s", "sqs").out
