import pytest

from awsaudit.resources.pipes import PIPE, PIPES, WHOLE_PIPE, Pipe
from awsaudit.testing import fake
from tests.test_collect import Session, collect


ARN = "arn:aws:pipes:eu-west-1:111122223333:pipe/trades"
LISTED = {
    "Arn": ARN,
    "Name": "trades",
    "CurrentState": "RUNNING",
    "Source": "arn:aws:kinesis:eu-west-1:111122223333:stream/trades",
    "Target": "arn:aws:sqs:eu-west-1:111122223333:trades",
}


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def test_pipe_is_read():
    """
    The listing tells both ends, the details the role.
    """
    pipe = fake(Pipe, {PIPES: LISTED, PIPE: None, WHOLE_PIPE: {"RoleArn": "arn:role"}})

    assert ("RUNNING", LISTED["Source"], LISTED["Target"]) == (pipe.state, pipe.source, pipe.target)
    assert (None, "arn:role", None) == (pipe.enrichment, pipe.role_arn, pipe.kms_key_id)


def test_role_and_dead_letter_queue_come_with_one_request(session):
    """
    A pipe from a stream is described once, though two calls are declared.
    """
    pipes = session.stub("pipes")
    pipes.add_response("list_pipes", {"Pipes": [LISTED]})
    stream = {"StartingPosition": "LATEST", "DeadLetterConfig": {"Arn": LISTED["Target"]}}
    answer = {"RoleArn": "arn:aws:iam::111122223333:role/pipe", "SourceParameters": {"KinesisStreamParameters": stream}}
    pipes.add_response("describe_pipe", answer, {"Name": "trades"})

    (pipe,) = collect(session, Pipe).every(Pipe)

    assert ("arn:aws:iam::111122223333:role/pipe", (LISTED["Target"],)) == (pipe.role_arn, pipe.dead_letter_arns)
