import pytest

from awsaudit import EvidenceMissing
from awsaudit.resources.dynamodb import KeyPart, Table
from awsaudit.testing import call_faults
from tests.test_collect import Session, collect


ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/locks"
STREAM = f"{ARN}/stream/2026-01-01T00:00:00.000"
DESCRIBED = {"TableArn": ARN, "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}], "LatestStreamArn": STREAM}


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def listing(session):
    dynamodb = session.stub("dynamodb", "eu-west-1")
    dynamodb.add_response("list_tables", {"TableNames": ["locks"]}, {})
    return dynamodb


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(Table))


def test_reads_a_table_and_its_policies(session):
    """
    A stream that is found no more has no policy.
    """
    dynamodb = listing(session)
    dynamodb.add_response("describe_table", {"Table": DESCRIBED}, {"TableName": "locks"})
    dynamodb.add_response("get_resource_policy", {"Policy": '{"Statement": []}'}, {"ResourceArn": ARN})
    dynamodb.add_client_error(
        "get_resource_policy", "ResourceNotFoundException", expected_params={"ResourceArn": STREAM}
    )

    (table,) = collect(session, Table).every(Table)

    assert (ARN, (KeyPart("LockID", "HASH"),), STREAM) == (table.arn, table.key, table.stream_arn)
    assert ({"Statement": []}, None) == (table.policy, table.stream_policy)


def test_no_policy_is_none_and_refused_is_unknown(session):
    """
    One answer is about the table, the other about its stream.
    """
    dynamodb = listing(session)
    dynamodb.add_response("describe_table", {"Table": {**DESCRIBED, "LatestStreamArn": STREAM}}, {"TableName": "locks"})
    dynamodb.add_client_error("get_resource_policy", "PolicyNotFoundException")
    dynamodb.add_client_error("get_resource_policy", "AccessDeniedException", http_status_code=400)

    (table,) = collect(session, Table).every(Table)

    assert table.policy is None
    with pytest.raises(EvidenceMissing, match="grant dynamodb:GetResourcePolicy"):
        _ = table.stream_policy
