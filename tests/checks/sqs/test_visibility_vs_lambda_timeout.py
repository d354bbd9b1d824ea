import pytest

from awsaudit import Severity, Status
from awsaudit.resources.lambda_ import MAPPED_FUNCTION, MAPPINGS, EventSourceMapping
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.visibility_vs_lambda_timeout import visibility_vs_lambda_timeout


QUEUE = "arn:aws:sqs:eu-west-1:111122223333:deposits"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:book"
REFUSED = object()


def mapping(timeout=10, id="m-1", function=FUNCTION, **fields):  # noqa: A002 - it is the mapping's id
    listed = {"UUID": id, "EventSourceArn": QUEUE, "FunctionArn": function, "State": "Enabled", **fields}
    told = {} if timeout is REFUSED else {MAPPED_FUNCTION: None if timeout is None else {"Timeout": timeout}}
    return fake(EventSourceMapping, {MAPPINGS: listed, **told})


@pytest.fixture(name="judge")
def judge_fixture(queue):
    """Return a function that judges a queue that hides messages for some seconds, beside mappings."""

    def judge(seconds, *mappings, **more):
        return run_check(
            visibility_vs_lambda_timeout, queue("deposits", VisibilityTimeout=str(seconds)), *mappings, **more
        )

    return judge


@pytest.mark.parametrize(
    ("seconds", "reader"),
    [
        (60, mapping()),
        (90, mapping(MaximumBatchingWindowInSeconds=30)),
        (18, mapping(3)),
        (43200, mapping(900)),
    ],
)
def test_accepts_six_times_the_timeout(judge, seconds, reader):
    """
    Plus the time in which a batch is gathered, if there is one.
    """
    assert [Status.PASS] == statuses(judge(seconds, reader))


@pytest.mark.parametrize(
    ("seconds", "reader", "needed", "severity"),
    [
        (30, mapping(), 60, Severity.MEDIUM),
        (60, mapping(MaximumBatchingWindowInSeconds=5), 65, Severity.MEDIUM),
        (10, mapping(), 60, Severity.MEDIUM),
        (9, mapping(), 60, Severity.HIGH),
        (30, mapping(900), 5400, Severity.HIGH),
    ],
)
def test_flags_less(judge, seconds, reader, needed, severity):
    """
    Less than the timeout itself is high: the message comes back while the function still works.
    """
    (finding,) = judge(seconds, reader)

    assert Status.FAIL is finding.status
    assert severity is finding.severity
    assert (
        "aws sqs set-queue-attributes --region eu-west-1 --queue-url "
        f"https://sqs.eu-west-1.amazonaws.com/111122223333/deposits --attributes VisibilityTimeout={needed}"
        == finding.fix
    )
    assert ["AWS::SQS::Queue", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function"] == [
        hop.type for hop in finding.path
    ]


def test_names_the_version_or_alias(judge):
    """
    The timeout is that of what the mapping calls.
    """
    (finding,) = judge(30, mapping(20, function=f"{FUNCTION}:live"))

    assert (
        "received messages are hidden for 30 seconds; the function book:live may run 20 and needs 120"
        == finding.message
    )


def test_the_command_suits_all_readers(judge):
    """
    Two functions that read one queue: what the one's command sets is enough for the other.
    """
    findings = judge(30, mapping(10), mapping(20, id="m-2"))

    assert {True} == {finding.fix.endswith("VisibilityTimeout=120") for finding in findings}
    assert 2 == len(findings)


@pytest.mark.parametrize(
    "others",
    [
        [],
        [mapping(EventSourceArn=f"{QUEUE}-other")],
        [mapping(State="Disabled")],
        [mapping(State="Disabling")],
        [mapping(State="Deleting")],
        [mapping(None)],
    ],
)
def test_does_not_judge_what_no_function_reads(judge, others):
    """
    Other queues' mappings, those that are switched off, one whose function is no more.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(1, *others))


def test_does_not_know_while_evidence_is_hidden(judge, hidden):
    """
    A function of another account, mappings that could not be listed, attributes that were refused.
    """
    assert [Status.UNKNOWN] == statuses(judge(60, mapping(REFUSED)))
    assert [Status.UNKNOWN] == statuses(judge(60, mapping(), mapping(REFUSED, id="m-2")))
    assert [Status.FAIL] == statuses(judge(59, mapping(), mapping(REFUSED, id="m-2")))
    assert [Status.UNKNOWN] == statuses(judge(60, unlisted=[EventSourceMapping]))
    assert [Status.UNKNOWN] == statuses(run_check(visibility_vs_lambda_timeout, hidden("deposits"), mapping()))
