"""The verbs that people type most start at once."""

import os
import resource
import subprocess
import sys

import pytest


SLOW = {"boto3", "botocore", "jinja2", "moto", "rich", "structlog", "tabulate"}
QUICK = (
    ["--help"],
    ["scan", "--help"],
    ["who-can", "--help"],
    ["policy-check", "--help"],
    ["checks"],
    ["explain", "sqs-encryption"],
    ["completion", "bash"],
)


@pytest.mark.parametrize("arguments", QUICK, ids=" ".join)
def test_imports_nothing_slow(arguments):
    """
    What asks nothing of AWS and draws nothing imports none of the libraries for it.
    """
    script = (
        "import sys\nfrom awsaudit.cli.command import run\nsys.stdout = open('/dev/null', 'w')\n"
        f"run({arguments!r})\nsys.stderr.write(' '.join({{m.partition('.')[0] for m in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert set() == SLOW & set(done.stderr.split())


def cpu(command):
    """Return the least CPU time of *command*, in seconds."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times = []
    for _ in range(6):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, env=environ)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    return min(times)


@pytest.mark.parametrize("arguments", [["--help"], ["checks"], ["explain", "sqs-encryption"]], ids=" ".join)
def test_starts_in_a_few_times_what_python_takes(arguments):
    """
    Against an empty Python on the same machine, starting takes less than thirty times as long; today it is 10 to 16.
    """
    empty = cpu([sys.executable, "-c", "pass"])
    ours = cpu([sys.executable, "-c", "from awsaudit.cli import main; main()", *arguments])

    assert ours < 30 * empty
