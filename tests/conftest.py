"""Reports out of a few words, for the tests of the report and its formats."""

import datetime
import shlex

import pytest

from awsaudit import Coverage, Finding, Gap, GapKind, Report, Severity, Status, Subject
from awsaudit.report import CheckInfo, Shortfall, sort_key


BEGUN = datetime.datetime(2026, 11, 24, 13, 47, 17, tzinfo=datetime.UTC)
ACCOUNT = "111122223333"

HOSTILE_NAMES = (
    "</script><img src=x onerror=window.pwned=1>",
    "<!--<script>window.pwned=1//",
    "{{7*7}}{% raw %}${7*7}",
    "$(reboot);`id`",
    "a\x1b[31mred\x1b]0;title\x07\r\nforged line",
    "invoice\u202egpj.exe\u2066\u200b\u2028",
    "\ue000\ue001\ue002",
    "\ud800 half a pair",
    "=cmd|' /C calc'!A0",
)


def pytest_collection_modifyitems(items):
    """
    Put the integration tests last: their example account stands until the end, and moto does not begin anew beside it.
    """
    items.sort(key=lambda item: "integration" in item.path.parts)


@pytest.fixture
def make_finding():
    """Return a function that makes a finding of `sqs-encryption` on the queue of a name."""

    def make(name="orders", status=Status.FAIL, severity=Severity.MEDIUM, **more):
        account, region = more.get("account", ACCOUNT), more.get("region", "eu-west-1")
        tags = more.pop("tags", {})
        arn = more.pop("arn", f"arn:aws:sqs:{region}:{account}:{name}")
        defaults = {
            "check_id": "sqs-encryption",
            "account": account,
            "region": region,
            "message": f"{name} is not encrypted" if status is Status.FAIL else "Queues are encrypted at rest",
            "fix": f"aws sqs set-queue-attributes --queue-url {shlex.quote(name)} --region {region}"
            if status is Status.FAIL
            else None,
        }
        return Finding(
            status=status,
            severity=severity,
            resource=Subject(arn, "AWS::SQS::Queue", name, tags),
            **{**defaults, **more},
        )

    return make


@pytest.fixture
def make_report():
    """Return a function that makes a report of findings."""

    def make(*findings, **more):
        ids = sorted({"sqs-encryption", *(finding.check_id for finding in findings)})
        defaults = {
            "accounts": tuple(sorted({ACCOUNT, *(finding.account for finding in findings)})),
            "partition": "aws",
            "regions": ("eu-central-1", "eu-west-1"),
            "started": BEGUN,
            "finished": BEGUN + datetime.timedelta(seconds=75),
            "checks": {id_: _info(id_) for id_ in ids},
            "findings": tuple(sorted(findings, key=sort_key)),
            "coverage": Coverage({"AWS::SQS::Queue": len(findings)}),
            "tool_version": "0.1.0",
        }
        return Report(**{**defaults, **more})

    return make


def _info(id_):
    return CheckInfo(
        id=id_,
        title="Queues are encrypted at rest" if id_ == "sqs-encryption" else f"The good state of {id_}",
        severity=Severity.MEDIUM,
        service=id_.partition("-")[0],
        resource_type="AWS::SQS::Queue",
        rationale="Message bodies often carry\npersonal data.\n\nEither encryption passes.",
        remediation="Turn on SSE-SQS.",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/",
        frameworks={"cis-5.0": ("1.1", "2.3")},
        equivalents=("prowler:sqs_queues_server_side_encryption_enabled",),
    )


@pytest.fixture
def refusal():
    """Return a call that was refused in two regions, and a region that is closed altogether."""
    denied = Gap(ACCOUNT, "eu-west-1", "kms", "GetKeyPolicy", "AccessDenied", GapKind.DENIED, ("kms:GetKeyPolicy",))
    elsewhere = Gap(ACCOUNT, "us-east-1", "kms", "GetKeyPolicy", "AccessDenied", GapKind.DENIED, ("kms:GetKeyPolicy",))
    closed = Gap(
        ACCOUNT, "us-west-2", "*", "*", "UnauthorizedOperation", GapKind.DENIED, (), None, "service control policy"
    )
    return Coverage(
        {"AWS::SQS::Queue": 2},
        (
            Shortfall(denied, 14, ("sqs-encryption",)),
            Shortfall(elsewhere, 3, ("sqs-encryption",)),
            Shortfall(closed, 40, ("sqs-encryption",)),
        ),
    )


@pytest.fixture(params=HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def hostile_name(request):
    """Return a name that tries to be more than a name."""
    return request.param


@pytest.fixture
def hostile_names():
    """Return every one of them."""
    return HOSTILE_NAMES
