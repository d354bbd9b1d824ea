import json

import pytest

from awsaudit import Status
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.service_confused_deputy import service_confused_deputy
from tests.checks.policies import OWN, OWN_ORGANIZATION, STRANGER, allow, document, policy_in


def exits(*statements):
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/exits"
    policy = document(statements, "sqs:SendMessage")
    return fake(Queue, {LIST: url, ATTRIBUTES: {"Policy": json.dumps(policy)} if statements else {}})


def mended(finding):
    return json.loads(policy_in(finding.fix, "--attributes")["Policy"])["Statement"]


SENDERS = ["sns.amazonaws.com", "s3.amazonaws.com", "events.amazonaws.com", "sns.af-south-1.amazonaws.com"]
TOPICS = f"arn:aws:sns:eu-west-1:{OWN}:*"


@pytest.mark.parametrize("service", SENDERS)
@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:validator-exits"}},
        {"StringLike": {"aws:SourceAccount": "*"}},
        {"StringEqualsIfExists": {"aws:SourceOrgID": OWN_ORGANIZATION}},
        {"StringNotEquals": {"aws:SourceAccount": STRANGER}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ],
    ids=str,
)
def test_flags_a_service_for_anybody(service, condition):
    """
    Without a source that is fixed the service sends for every customer; the command's policy passes.
    """
    (finding,) = run_check(service_confused_deputy, exits(allow({"Service": service}, **condition)))

    assert (Status.FAIL, f"{service} for anybody") == (finding.status, finding.found)
    assert [Status.PASS] == statuses(run_check(service_confused_deputy, exits(*mended(finding))))


def test_binds_buckets_by_their_account():
    """
    The ARN of a bucket tells no account, those of topics and rules do.
    """
    both = (allow({"Service": "s3.amazonaws.com"}), allow({"Service": "sns.amazonaws.com"}))
    conditions = [s["Condition"] for s in mended(run_check(service_confused_deputy, exits(*both))[0])]

    assert [
        {"StringEquals": {"aws:SourceAccount": OWN}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:*:*:{OWN}:*"}},
    ] == conditions


def test_prints_no_command_for_a_mixed_statement():
    """
    No one condition is known to suit S3 and SNS together.
    """
    found = run_check(service_confused_deputy, exits(allow({"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]})))

    assert [(Status.FAIL, None)] * 2 == [(finding.status, finding.fix) for finding in found]


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"aws:SourceArn": TOPICS}},
        {"StringEquals": {"aws:SourceAccount": OWN}},
        {"StringEquals": {"aws:SourceOrgID": OWN_ORGANIZATION}},
        {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": f"{OWN_ORGANIZATION}/*"}},
        {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{STRANGER}:prices"}},
    ],
    ids=str,
)
def test_accepts_a_fixed_source(condition):
    """
    A source, its account or its organization pins the service, whosever it is.
    """
    found = run_check(service_confused_deputy, exits(allow({"Service": "sns.amazonaws.com"}, **condition)))

    assert [Status.PASS] == statuses(found)


def test_remarks_on_buckets_that_tell_no_account():
    """
    A bucket by its ARN alone passes with a remark.
    """
    bucket = {"aws:SourceArn": "arn:aws:s3:::northlight-exports"}
    (finding,) = run_check(service_confused_deputy, exits(allow({"Service": "s3.amazonaws.com"}, ArnEquals=bucket)))

    assert (Status.PASS, 1) == (finding.status, len(finding.notes))


@pytest.mark.parametrize(
    "statements", [(), (allow({"AWS": OWN}),), (allow({"Service": "chime.amazonaws.com"}),)], ids=str
)
def test_does_not_concern_other_services(statements):
    """
    Other services may not say what they send for.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(service_confused_deputy, exits(*statements)))
