"""
Records an account of N resources a service in moto, as raw HTTP answers.

Play them back with `tests.benchmarks.endpoint`: so neither side of a comparison pays for moto.
"""

from __future__ import annotations

import hashlib
import pickle

from pathlib import Path

import boto3

from moto import mock_aws

from awsaudit import Settings
from awsaudit.scan import open_live
from awsaudit.selection import Selection
from tests.benchmarks.subject import checks_of


def key(service, region, target, url, body):
    """Return what a request is recognised by: its operation, path, query and body, not its host or signature."""
    path = "/" + url.split("//", 1)[1].partition("/")[2]
    data = body if isinstance(body, bytes) else (body or "").encode()
    return hashlib.sha256(f"{service}\n{region}\n{target}\n{path}".encode() + b"\n" + data).hexdigest()


def build(session, regions, number):
    """Make *number* resources of each service in each region."""
    for region in regions:
        sqs, kms = session.client("sqs", region), session.client("kms", region)
        secrets, ecr = session.client("secretsmanager", region), session.client("ecr", region)
        events = session.client("events", region)
        for i in range(number):
            sqs.create_queue(QueueName=f"queue-{i:04}")
            kms.create_key()
            secrets.create_secret(Name=f"secret-{i:04}", SecretString="x")
            ecr.create_repository(repositoryName=f"repository-{i:04}")
            events.put_rule(Name=f"rule-{i:04}", ScheduleExpression="rate(1 day)")


class Tape:
    """The calls of one scan, with the raw answers by request."""

    def __init__(self):
        self.calls = []
        self.answers = {}

    def attach(self, session):
        session.events.register_first("before-parameter-build", self._asked)
        session.events.register_first("before-send", self._sent)
        session.events.register("after-call", self._answered)
        self._pending = {}

    def _asked(self, params, model, context, **_):
        context["tape"] = dict(params)

    def _sent(self, request, event_name, **_):
        scope = dict(request.headers)["Authorization"]
        scope = scope.decode() if isinstance(scope, bytes) else scope
        region, service = scope.split("Credential=", 1)[1].split("/")[2:4]
        target = dict(request.headers).get("X-Amz-Target", "")
        target = target.decode() if isinstance(target, bytes) else target
        self._last = (key(service, region, target, request.url, request.body), region)

    def _answered(self, http_response, model, context, **_):
        name, region = self._last
        self.calls.append((model.service_model.service_name, region, model.name, context["tape"]))
        headers = {k: v for k, v in http_response.headers.items() if k.lower() in {"content-type", "x-amzn-requestid"}}
        self.answers[name] = (http_response.status_code, headers, http_response.content)


def record(path: Path, regions, number):
    """Record a scan of an account with *number* resources of each service in each of *regions* into *path*."""
    with mock_aws():
        session = boto3.Session("bench", "bench", region_name=regions[0])
        build(session, regions, number)
        recorded = boto3.Session("bench", "bench", region_name=regions[0])
        tape = Tape()
        tape.attach(recorded)
        settings = Settings(selection=Selection(checks=checks_of()), regions=tuple(regions), workers=1)
        scan = open_live(settings, recorded)
        findings = sum(1 for _ in scan)
    path.write_bytes(pickle.dumps({"answers": tape.answers}))
    path.with_suffix(".calls").write_bytes(pickle.dumps({"calls": tape.calls}))
    return len(tape.calls), findings
