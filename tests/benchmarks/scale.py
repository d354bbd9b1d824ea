"""
Scan an account of a great many things through a synthetic endpoint: ``python -m tests.benchmarks.scale [PART]``.

The endpoint makes its pages up as they are asked for, and holds none: 5,000 security groups, 20,000 network interfaces,
100,000 snapshots and 300,000 log groups; PART, 1 unless told otherwise, is how much of that. Everything else is empty.
The scan runs in a process of its own, and again with a tenth, so that memory can be told a thing.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time

from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs


ACCOUNT = "111122223333"
REGION = "eu-west-1"
SIZES = {
    "DescribeSecurityGroups": 5_000,
    "DescribeNetworkInterfaces": 20_000,
    "DescribeSnapshots": 100_000,
    "DescribeLogGroups": 300_000,
}
PAGE = {
    "DescribeSecurityGroups": 1000,
    "DescribeNetworkInterfaces": 1000,
    "DescribeSnapshots": 1000,
    "DescribeLogGroups": 50,
}
CHECKS = (
    "ebs-snapshot-encrypted",
    "ec2-sg-ssh-open",
    "ec2-sg-database-ports-open",
    "ec2-sg-default-closed",
    "health-log-group-resource-policy",
)


def group(n):
    rule = "<item><ipProtocol>tcp</ipProtocol><fromPort>{0}</fromPort><toPort>{0}</toPort><ipRanges><item><cidrIp>{1}</cidrIp></item></ipRanges></item>"
    rules = "".join(
        rule.format(port, "0.0.0.0/0" if n % 50 == 0 and port == 22 else "10.0.0.0/8") for port in (22, 443, 5432)
    )
    return f"<item><groupId>sg-{n:017x}</groupId><groupName>service-{n}</groupName><vpcId>vpc-1</vpcId><ownerId>{ACCOUNT}</ownerId><ipPermissions>{rules}</ipPermissions></item>"


def interface(n):
    return (
        f"<item><networkInterfaceId>eni-{n:017x}</networkInterfaceId><subnetId>subnet-{n % 60}</subnetId><vpcId>vpc-1</vpcId>"
        f"<description>interface {n}</description><groupSet><item><groupId>sg-{n % SIZES['DescribeSecurityGroups']:017x}</groupId></item></groupSet>"
        f"<privateIpAddressesSet><item><privateIpAddress>10.{n >> 16}.{n >> 8 & 255}.{n & 255}</privateIpAddress></item></privateIpAddressesSet></item>"
    )


def snapshot(n):
    return (
        f"<item><snapshotId>snap-{n:017x}</snapshotId><volumeId>vol-{n // 30:017x}</volumeId><status>completed</status>"
        f"<startTime>2026-11-01T00:00:00.000Z</startTime><ownerId>{ACCOUNT}</ownerId><volumeSize>100</volumeSize>"
        f"<encrypted>{'false' if n % 500 == 0 else 'true'}</encrypted><description>nightly copy {n}</description></item>"
    )


MAKERS = {
    "DescribeSecurityGroups": ("securityGroupInfo", group),
    "DescribeNetworkInterfaces": ("networkInterfaceSet", interface),
    "DescribeSnapshots": ("snapshotSet", snapshot),
}
GLOBAL = {
    "GetCallerIdentity": f"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:user/bench</Arn><UserId>A</UserId><Account>{ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    "DescribeRegions": f"<DescribeRegionsResponse><regionInfo><item><regionName>{REGION}</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>",
}


def xml(operation, asked, part):
    """Return the answer of a service that speaks the query protocol."""
    if operation in GLOBAL:
        return GLOBAL[operation]
    # No snapshot is public, nor may anybody else's be listed.
    if operation not in MAKERS or "RestorableBy.1" in asked:
        return f"<{operation}Response><{operation}Result/></{operation}Response>"
    element, make = MAKERS[operation]
    first = int(asked.get("NextToken", ["0"])[0])
    last = min(first + PAGE[operation], int(SIZES[operation] * part))
    more = f"<nextToken>{last}</nextToken>" if last < int(SIZES[operation] * part) else ""
    return f"<{operation}Response><{element}>{''.join(map(make, range(first, last)))}</{element}>{more}</{operation}Response>"


def logs(asked, part):
    """Return a page of log groups."""
    first = int(asked.get("nextToken", 0))
    last = min(first + PAGE["DescribeLogGroups"], int(SIZES["DescribeLogGroups"] * part))
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"
    groups = [
        {
            "logGroupName": f"/aws/lambda/f-{n}",
            "logGroupArn": f"{arn}:/aws/lambda/f-{n}",
            "arn": f"{arn}:/aws/lambda/f-{n}:*",
            "storedBytes": n,
        }
        for n in range(first, last)
    ]
    return {"logGroups": groups, **({"nextToken": str(last)} if last < int(SIZES["DescribeLogGroups"] * part) else {})}


async def serve(part, counts, ready):
    """Serve until cancelled; *ready* is called with the port."""

    async def answer(reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\r\n")[1:])}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                target = headers.get("x-amz-target", "").rpartition(".")[2]
                asked = parse_qs(body.decode()) if not target else json.loads(body or b"{}")
                operation = target or asked.get("Action", ["?"])[0]
                counts[operation] += 1
                if operation == "DescribeLogGroups":
                    content = json.dumps(logs(asked, part))
                else:
                    content = "{}" if target or operation == "?" else xml(operation, asked, part)
                data = content.encode()
                writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    ready(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


def scan():
    """Scan, and print what it took; AWS_ENDPOINT_URL names the endpoint."""
    import boto3

    from awsaudit import Settings
    from awsaudit.scan import open_live
    from awsaudit.selection import Selection

    started = time.perf_counter()
    settings = Settings(selection=Selection(checks=CHECKS), regions=(REGION,))
    opened = open_live(settings, boto3.Session("bench", "bench", region_name=REGION))
    findings = Counter(finding.status.value for finding in opened)
    report = opened.report()
    assert not report.coverage.shortfalls, report.coverage.shortfalls
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    wall = time.perf_counter() - started
    print(
        json.dumps(
            {"wall": wall, "cpu": time.process_time(), "peak": peak, "requests": report.coverage.requests, **findings}
        )
    )


def measure(part):
    """Return what a scan of *part* of the account takes, and how often each operation was asked for."""
    counts, found = Counter(), {}
    port = []
    ready = threading.Event()

    def run():
        asyncio.run(serve(part, counts, lambda number: (port.append(number), ready.set())))

    threading.Thread(target=run, daemon=True).start()
    ready.wait()
    environment = {**os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port[0]}", "AWS_EC2_METADATA_DISABLED": "true"}
    command = [sys.executable, "-m", "tests.benchmarks.scale", "scan"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    found = json.loads(done.stdout)

    return found, counts


def main(part=1.0):
    print("| part | requests | wall | CPU | peak | findings |")
    print("|--:|--:|--:|--:|--:|--:|")
    for size in (part / 10, part):
        found, counts = measure(size)
        number = sum(found.get(status, 0) for status in ("pass", "fail", "unknown", "not_applicable"))
        print(
            f"| {size:g} | {found['requests']:,} | {found['wall']:.1f} s | {found['cpu']:.1f} s | {found['peak']:.0f} MB | {number:,} |",
            flush=True,
        )
        print(f"<!-- {dict(counts.most_common(8))} -->", file=sys.stderr, flush=True)


if __name__ == "__main__":
    scan() if sys.argv[1:] == ["scan"] else main(*map(float, sys.argv[1:]))
