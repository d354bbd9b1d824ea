"""Runs a script of commands with an `aws` that only writes down what it was called with."""

import subprocess

from typing import NamedTuple


AWS = """#!/usr/bin/env bash
if [ "$1 $2" = "sts get-caller-identity" ]; then
  cat "$ACCOUNT"
  exit
fi
printf '%s\\0' "$@" "" >> "$CALLS"
[ "$2" != fails ]
"""
WITNESS = '#!/usr/bin/env bash\ntouch "$CALLS.$(basename "$0")"\n'


class Run(NamedTuple):
    """
    What a script did.

    Args:
        code: Its exit code.

        errors: What it wrote to standard error.

        calls: The arguments of each call of `aws`, but that for the account.

        others: Names of files that it made, and of other programs that ran.
    """

    code: int
    errors: str
    calls: list
    others: set


def run(script, folder, *, have_read=True, account="111122223333"):
    """Run *script* below *folder*, after it was read, with credentials of *account*."""
    tools, home, calls, path = (folder / name for name in ("bin", "home", "calls", "repair.sh"))
    tools.mkdir(parents=True)
    home.mkdir()
    calls.touch()
    (folder / "account").write_text(account, "utf-8")
    for name, body in (("aws", AWS), *((name, WITNESS) for name in ("reboot", "id", "cmd", "forged"))):
        (tools / name).write_text(body)
        (tools / name).chmod(0o755)
    path.write_text(script.replace("have_read=no", "have_read=yes") if have_read else script, "utf-8")
    environment = {
        "PATH": f"{tools}:/usr/bin:/bin",
        "CALLS": str(calls),
        "ACCOUNT": str(folder / "account"),
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(["bash", path], cwd=home, env=environment, capture_output=True, text=True, check=False)
    made = [call.split("\0") for call in calls.read_text("utf-8").split("\0\0") if call]
    others = {file.name for file in [*folder.glob("calls.*"), *home.iterdir()]}

    return Run(done.returncode, done.stderr, made, others)
