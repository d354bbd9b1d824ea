"""
Measure the access engine: how long it takes to decide who may do one action, and whom policies let in.

Run by hand: python -m tests.benchmarks.access [principals] [resources]
"""

from __future__ import annotations

import sys
import time

from fnmatch import fnmatchcase

from awsaudit.access import (
    PolicyKind,
    PolicySet,
    Principal,
    PrincipalKind,
    Request,
    TrustZone,
    evaluate,
    exposure,
    parse_policy,
)


OWN = "111122223333"
TEAMS = 20
SHELVES = 20


def allow(action, resource, **condition):
    found = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**found, "Condition": condition} if condition else found


def deny(action, resource, **condition):
    return {**allow(action, resource, **condition), "Effect": "Deny"}


def queue(number):
    return f"arn:aws:sqs:eu-west-1:{OWN}:team-{number % TEAMS}-queue-{number}"


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def managed(number):
    """Return a policy of about ten statements, as teams write them."""
    team = number % TEAMS
    own = f"arn:aws:sqs:*:{OWN}:team-{team}-*"
    send = ["sqs:SendMessage", "sqs:GetQueueUrl"] if number % 3 else "sqs:Send*"
    return document(
        allow(send, [own, queue(number)]),
        allow("sqs:*", own, StringEquals={"aws:PrincipalTag/team": f"team-{team}"}),
        allow(["s3:GetObject", "s3:ListBucket"], [f"arn:aws:s3:::team-{team}", f"arn:aws:s3:::team-{team}/*"]),
        allow("dynamodb:*", f"arn:aws:dynamodb:eu-west-1:{OWN}:table/team-{team}-*"),
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:*"),
        allow("kms:Decrypt", "*", StringLike={"kms:ViaService": "sqs.*.amazonaws.com"}),
        allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:*:{OWN}:secret:team-{team}/*"),
        allow("sts:AssumeRole", f"arn:aws:iam::{OWN}:role/team-{team}-*", Bool={"aws:MultiFactorAuthPresent": "true"}),
        deny("sqs:*", f"arn:aws:sqs:*:{OWN}:*-queue-{number % 7}", Bool={"aws:SecureTransport": "false"}),
        deny("*", "*", NotIpAddress={"aws:SourceIp": ["203.0.113.0/24"]}, Bool=VIA_SERVICE[number % 8 == 0]),
    )


def shared(number):
    """Return the policy of a queue: that of its team, a topic's, and one that keeps others out."""
    return document(
        {**allow("sqs:*", queue(number)), "Principal": {"AWS": f"arn:aws:iam::{OWN}:root"}},
        {
            **allow("sqs:SendMessage", queue(number)),
            "Principal": {"Service": "sns.amazonaws.com"},
            "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{OWN}:topic-{number}"}},
        },
        {**allow("sqs:SendMessage", queue(number)), "Principal": "*", "Condition": CLOSED[number % len(CLOSED)]},
        {
            **deny("sqs:*", queue(number)),
            "Principal": "*",
            "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}, "Bool": {"aws:x": "true"}},
        },
    )


VIA_SERVICE = ({"aws:ViaAWSService": "true"}, {"aws:ViaAWSService": "false"})
CLOSED = (
    {"StringEquals": {"aws:PrincipalAccount": OWN}},
    {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}},
    {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}, "Bool": {"aws:SecureTransport": "true"}},
)


def holders(number):
    """Return roles, each with three to six policies, some of them with a boundary."""
    shelf = [parse_policy(managed(n), PolicyKind.IDENTITY, f"policy {n}") for n in range(TEAMS * SHELVES)]
    fence = parse_policy(document(allow("*", "*"), deny("iam:*", "*")), PolicyKind.BOUNDARY, "the boundary")
    control = parse_policy(
        document(allow("*", "*"), deny("organizations:*", "*")), PolicyKind.SCP, "the control policy"
    )
    for n in range(number):
        principal = Principal(
            PrincipalKind.ROLE,
            f"arn:aws:iam::{OWN}:role/team-{n % TEAMS}-role-{n}",
            OWN,
            organization="o-exampleorgid",
            tags={"team": f"team-{n % TEAMS}"},
        )
        held = tuple(shelf[n % TEAMS + TEAMS * ((n // TEAMS + 7 * k) % SHELVES)] for k in range(3 + n % 4))
        yield principal, PolicySet(identity=held, boundary=fence if n % 5 == 0 else None, scps=((control,),))


def decide(principals, resources):
    """Return how many of the evaluations came out how, and the seconds they took."""
    policies = [parse_policy(shared(n), PolicyKind.RESOURCE, f"the policy of queue {n}") for n in range(resources)]
    people = list(holders(principals))
    found = {}
    begun = time.process_time()
    for number, policy in enumerate(policies):
        arn = queue(number)
        for principal, own in people:
            both = PolicySet(own.identity, own.boundary, scps=own.scps, resource=policy)
            verdict = evaluate(Request(principal, "sqs:SendMessage", arn), both).verdict.value
            found[verdict] = found.get(verdict, 0) + 1

    return found, time.process_time() - begun


def compare(principals, resources):
    """Return the seconds that it takes to compare the same actions and resources with globs, and nothing else."""
    people = list(holders(principals))
    begun = time.process_time()
    for number in range(resources):
        arn = queue(number)
        for _, own in people:
            for policy in own.identity:
                for statement in policy.statements:
                    if any(fnmatchcase("sqs:SendMessage", action) for action in statement.actions):
                        any(fnmatchcase(arn, wanted) for wanted in statement.resources)

    return time.process_time() - begun


def expose(resources):
    """Return how many policies were looked at, and the seconds that it took."""
    policies = [parse_policy(shared(n), PolicyKind.RESOURCE, f"the policy of queue {n}") for n in range(resources)]
    zone = TrustZone(accounts=frozenset({OWN}), organizations=frozenset({"o-exampleorgid"}))
    found = {}
    begun = time.process_time()
    for number, policy in enumerate(policies):
        level = str(exposure(policy, owner=OWN, trusted=zone, resource=queue(number)).level)
        found[level] = found.get(level, 0) + 1

    return found, time.process_time() - begun


def main(principals=1_000, resources=1_000):
    bare = compare(principals, max(resources // 20, 1)) * resources / max(resources // 20, 1)
    print("| what | number | seconds | a piece | to bare globs | outcomes |")
    print("|---|--:|--:|--:|--:|---|")
    for what, number, (found, seconds) in (
        ("evaluate", principals * resources, decide(principals, resources)),
        ("exposure", resources, expose(resources)),
    ):
        outcomes = ", ".join(f"{name} {count / number:.0%}" for name, count in sorted(found.items()))
        ratio = f"{seconds / bare:.2f}" if what == "evaluate" else ""
        each = f"{seconds / number * 1e6:.0f} µs"
        print(f"| {what} | {number} | {seconds:.2f} s | {each} | {ratio} | {outcomes} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
