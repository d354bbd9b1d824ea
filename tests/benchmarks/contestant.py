"""
One side of the comparison, in a process of its own: ``python -m tests.benchmarks.contestant scan|bare TAPE REGIONS``.

Prints wall seconds, CPU seconds, peak memory in MB, and requests. AWS_ENDPOINT_URL names the endpoint.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
import time

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


WORKERS = 32


def bare(tape, regions):
    """Make exactly the calls of the tape, all at once, with a thread pool of botocore clients."""
    import boto3

    from botocore.config import Config

    session = boto3.Session("bench", "bench", region_name=regions[0])
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "adaptive", "total_max_attempts": 6},
        max_pool_connections=WORKERS,
    )
    clients, methods = {}, {}
    for service, region, operation, _ in tape["calls"]:
        if (service, region) not in clients:
            clients[service, region] = session.client(service, region_name=region, config=config)
        client = clients[service, region]
        if (service, operation) not in methods:
            methods[service, operation] = next(
                m for m, o in client.meta.method_to_api_mapping.items() if o == operation
            )

    def call(one):
        service, region, operation, params = one
        return getattr(clients[service, region], methods[service, operation])(**params)

    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(1 for _ in pool.map(call, tape["calls"]))


def scan(_, regions):
    """Scan."""
    import boto3

    from awsaudit import Settings
    from awsaudit.scan import open_live
    from awsaudit.selection import Selection
    from tests.benchmarks.subject import checks_of

    settings = Settings(selection=Selection(checks=checks_of()), regions=tuple(regions), workers=WORKERS)
    opened = open_live(settings, boto3.Session("bench", "bench", region_name=regions[0]))
    for _finding in opened:
        pass
    report = opened.report()
    assert not report.coverage.shortfalls, report.coverage.shortfalls
    return report.coverage.requests


def _peak():
    # Not ru_maxrss, which a child inherits from the process that started it.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main(side, tape, regions):
    content = pickle.loads(Path(tape).with_suffix(".calls").read_bytes())  # noqa: S301 - written by ourselves
    started = time.perf_counter()
    requests = {"bare": bare, "scan": scan}[side](content, regions.split(","))
    wall = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    result = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": _peak(), "requests": requests}
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
