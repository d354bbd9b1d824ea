"""Run all cases and print the table of docs/performance.md."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

from pathlib import Path

from tests.benchmarks.tape import record


LATENCY = 0.05
REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "us-west-2")
CASES = ((50, 1), (50, 4), (300, 1), (300, 4))
ROUNDS = 3


def measure(side, tape, regions, port):
    """Return the medians of three runs of one side."""
    environment = {**os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_EC2_METADATA_DISABLED": "true"}
    command = [sys.executable, "-m", "tests.benchmarks.contestant", side, str(tape), ",".join(regions)]
    runs = [
        json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
        for _ in range(ROUNDS)
    ]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main():
    print(
        "| N | regions | requests | wall: scan | wall: bare | ratio | CPU: scan | CPU: bare | peak: scan | peak: bare |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for number, count in CASES:
        with tempfile.TemporaryDirectory() as folder:
            tape = Path(folder) / "tape"
            regions = REGIONS[:count]
            calls, _ = record(tape, regions, number)
            command = [sys.executable, "-m", "tests.benchmarks.endpoint", str(tape), str(LATENCY)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
                port = server.stdout.readline().strip()
                try:
                    bare, scan = (measure(side, tape, regions, port) for side in ("bare", "scan"))
                finally:
                    server.terminate()
            assert calls == bare["requests"] == scan["requests"], (calls, bare, scan)
            print(
                f"| {number} | {count} | {calls} | {scan['wall']:.2f} s | {bare['wall']:.2f} s "
                f"| {scan['wall'] / bare['wall']:.2f} | {scan['cpu']:.2f} s | {bare['cpu']:.2f} s "
                f"| {scan['peak']:.0f} MB | {bare['peak']:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
