"""A secret that is planted wherever one can be never comes out."""

import json
import subprocess
import sys

from pathlib import Path

from tests.integration.canary import CANARY


def test_a_planted_secret_comes_out_nowhere(tmp_path):
    """
    No report format, no snapshot and no log holds it; the check that looks for it says so without repeating it.

    In a process of its own: a second example account would wipe the one that the other tests share.
    """
    script = Path(__file__).with_name("canary.py")
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=True)
    log, _, last = done.stdout.rstrip().rpartition("\n")

    assert {"leaks": [], "caught": ["fail"]} == json.loads(last)
    assert CANARY not in log + done.stderr
