import os
import subprocess
import sys

import pytest


COMMAND = [sys.executable, "-c", "from awsaudit.cli import main; main()"]


def offered(words):
    """Return what the shell is offered after *words*."""
    environ = {
        **os.environ,
        "_AWSAUDIT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    done = subprocess.run(COMMAND, check=True, capture_output=True, text=True, env=environ)
    return [line.partition(",")[2] for line in done.stdout.split()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_prints_the_script(cli, shell):
    """
    Each shell has its script.
    """
    assert "_AWSAUDIT_COMPLETE" in cli("completion", shell).out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("awsaudit exp", "explain"),
        ("awsaudit explain sqs-enc", "sqs-encryption"),
        ("awsaudit scan -c sqs-enc", "sqs-encryption"),
        ("awsaudit scan -c rds-*,sqs-enc", "rds-*,sqs-encryption"),
        ("awsaudit scan --service sq", "sqs"),
        ("awsaudit scan --region eu-central-", "eu-central-1"),
        ("awsaudit scan --framework cis-", "cis-5.0"),
        ("awsaudit scan --fail-on hi", "high"),
        ("awsaudit scan --format ta", "table"),
    ],
)
def test_completes(words, expected):
    """
    Verbs, checks, services, regions, frameworks, levels and formats complete, after a comma, too.
    """
    assert expected in offered(words)
