"""
What a scan of a large organization takes: ``python -m tests.benchmarks.organization [ACCOUNTS REGIONS RESOURCES]``.

What can be measured here is measured: the bytes of a shard's report, what it takes to merge many, the requests of the plan.
The rest is calculated, and the queue of shards is simulated; the figures that this hangs on stand at the top.
"""

from __future__ import annotations

import datetime
import gzip
import heapq
import json
import random
import resource
import subprocess
import sys
import time

from attrs import frozen

from awsaudit import Coverage, Finding, Report, Severity, Status, Subject
from awsaudit.archive import decoded
from awsaudit.declare import Scope
from awsaudit.merge import Merger
from awsaudit.plan import plan
from awsaudit.plugins import load_checks
from awsaudit.report import CheckInfo, Part
from awsaudit.shard import shards


@frozen
class Assumptions:
    """
    What is not measured here.

    Args:
        details: Detail calls for each resource; from the example account.

        findings: Verdicts for each resource; from the example account.

        failing: The part of them that fails or is unknown.

        rate: Requests a second of one function of 2,048 MB with 32 workers, bound by its CPU.

        spread: Standard deviation of the logarithm of the accounts' sizes: a few hold most.

        start: Seconds until a function is at its work: cold start and import.

        memory: GB of a function.
    """

    details: float = 1.0
    findings: float = 3.0
    failing: float = 0.06
    rate: float = 300.0
    spread: float = 1.2
    start: float = 6.0
    memory: float = 2.0


# List prices of us-east-1, November 2026, in dollars: a GB-second of Lambda on arm64; a million invocations; a thousand state
# transitions; a thousand PUTs and GETs of S3; a GB in S3 for a month.
PRICES = {
    "gb_second": 0.0000133334,
    "invocations": 0.20,
    "transitions": 0.025,
    "puts": 0.005,
    "gets": 0.0004,
    "gb": 0.023,
}
TRANSITIONS = 5
"""State transitions of a shard: start, scan, choice, end, and one for a retry now and then."""
LIMIT = 840.0
"""Seconds that a shard may take: fifteen minutes but for the minute that is kept for writing."""
BEGUN = datetime.datetime(2026, 11, 27, 3, tzinfo=datetime.UTC)
REGIONS = 17


def requests_of_the_plan():
    """Return how many listings a scan makes at least: for each region, and once an account."""
    steps = [step for step in plan(load_checks().values()).steps.values() if step.kind.parent is None]
    calls = {(step.kind.service, call.operation, step.kind.scope) for step in steps for call in _firsts(step)}
    regional = sum(scope is not Scope.GLOBAL for _, _, scope in calls)
    return regional, len(calls) - regional


def _firsts(step):
    return (step.kind.listing,) if step.kind.listing else step.calls


def report(account, count, slim):
    """Return a shard's report with the findings of *count* resources."""
    ids = [f"s3-synthetic-{number}" for number in range(200)]
    infos = {
        id_: CheckInfo(
            id_,
            f"The good state of {id_}",
            Severity.MEDIUM,
            "s3",
            "AWS::S3::Bucket",
            "Why " * 60,
            "How",
            "https://docs.aws.amazon.com/",
            {},
            (),
        )
        for id_ in ids
    }
    findings = []
    assumed = Assumptions()
    for number in range(int(count * assumed.findings)):
        failing = number % 100 < assumed.failing * 100
        if slim and not failing:
            continue
        name = f"{account}-service-{number:06}"
        findings.append(
            Finding(
                check_id=ids[number % len(ids)],
                status=Status.FAIL if failing else Status.PASS,
                severity=Severity.MEDIUM,
                account=account,
                region="eu-west-1",
                resource=Subject(
                    f"arn:aws:s3:::{name}", "AWS::S3::Bucket", name, {"team": "payments", "environment": "production"}
                ),
                message="Anybody may read the objects of the bucket" if failing else "Objects are private",
                fix=f"aws s3api put-public-access-block --bucket {name} --public-access-block-configuration BlockPublicAcls=true"
                if failing
                else None,
            )
        )
    part = Part(account, "eu-west-1", "0.1.0", BEGUN, BEGUN, {"AWS::S3::Bucket": count}, 1)
    return Report(
        (account,),
        "aws",
        ("eu-west-1",),
        BEGUN,
        BEGUN,
        infos,
        tuple(findings),
        Coverage({"AWS::S3::Bucket": count}, parts=(part,)),
    )


def merge_some(accounts, resources, slim):
    """Merge so many shards in this process, and print what that took."""
    packed = [gzip.compress(report(f"{number:012}", resources, slim).encoded("json")) for number in range(accounts)]
    began = time.process_time()
    merger = Merger()
    for data in packed:
        merger.add(decoded(data, "shard"))
    whole = merger.report()
    size = len(whole.encoded("json"))
    print(
        json.dumps(
            {
                "seconds": time.process_time() - began,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "findings": len(whole.findings),
                "json": size,
                "packed": sum(map(len, packed)) / len(packed),
            }
        )
    )


def measured(accounts, resources, *, slim):
    """Return the same from a process of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.organization",
        "merge",
        str(accounts),
        str(resources),
        str(int(slim)),
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def simulate(durations, concurrency):
    """Return when the last of the shards is done that run *concurrency* at a time, in their order."""
    running = []
    for duration in durations:
        began = heapq.heappop(running) if len(running) >= concurrency else 0.0
        heapq.heappush(running, began + duration)
    return max(running)


def main(accounts=5_000, regions=REGIONS, resources=10_000_000):
    assumed = Assumptions()
    regional, fixed = requests_of_the_plan()
    dice = random.Random(1)  # noqa: S311 - the same sizes every time
    sizes = [dice.lognormvariate(0, assumed.spread) for _ in range(accounts)]
    whole = sum(sizes)
    things = [size / whole * resources for size in sizes]
    asked = [fixed + regional * regions + thing * assumed.details for thing in things]
    durations = [assumed.start + requests / assumed.rate for requests in asked]
    long = sum(duration > LIMIT for duration in durations)
    items = [shard.event("run-" + "0" * 32) for shard in shards(f"{n:012}" for n in range(accounts))]
    print(f"{accounts:,} accounts, {regions} regions, {resources:,} resources")
    print(
        f"plan: {regional} listings a region, {fixed} an account; {regional * regions + fixed:,} requests of an empty account"
    )
    print(
        f"requests: {sum(asked):,.0f}; a shard's median {sorted(asked)[accounts // 2]:,.0f}, largest {max(asked):,.0f}"
    )
    print(
        f"shards: {accounts:,}, list {len(json.dumps(items)) / 1e6:.2f} MB, an item {len(json.dumps(items[0]))} bytes"
    )
    print(
        f"seconds of a shard: median {sorted(durations)[accounts // 2]:.0f}, largest {max(durations):.0f}; past {LIMIT:.0f} s: {long}"
    )
    for concurrency in (40, 200, 1000):
        took = simulate([min(duration, LIMIT) for duration in durations], concurrency)
        print(f"  {concurrency:>5} at a time: {took / 60:.1f} min, {sum(asked) / took:,.0f} requests/s over all")
    seconds = sum(min(duration, LIMIT) for duration in durations)
    puts = accounts * 3 + 10
    cost = {
        "Lambda": seconds * assumed.memory * PRICES["gb_second"] + accounts / 1e6 * PRICES["invocations"],
        "Step Functions": accounts * TRANSITIONS / 1000 * PRICES["transitions"],
        "S3 requests": puts / 1000 * PRICES["puts"] + accounts / 1000 * PRICES["gets"],
    }
    print(
        "cost of a run: "
        + ", ".join(f"{name} ${value:.2f}" for name, value in cost.items())
        + f"; in all ${sum(cost.values()):.2f}"
    )
    print("merging, measured:")
    for count, each, slim in ((100, 2000, False), (400, 2000, True), (1600, 2000, True)):
        found = measured(count, each, slim=slim)
        print(
            f"  {count} shards of {each} resources{' without passes' if slim else ''}: {found['findings']:,} findings, "
            f"{found['seconds']:.1f} s CPU, {found['peak']:.0f} MB, JSON {found['json'] / 1e6:.1f} MB, "
            f"a shard {found['packed'] / 1e3:.1f} kB packed",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["merge"]:
        merge_some(int(sys.argv[2]), int(sys.argv[3]), bool(int(sys.argv[4])))
    else:
        main(*map(int, sys.argv[1:]))
