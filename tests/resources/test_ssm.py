import pytest

from awsaudit.resources.ssm import PARAMETERS, Parameter
from awsaudit.testing import fake
from tests.test_collect import Session, collect


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(("name", "tail"), [("/prod/db", "parameter/prod/db"), ("db", "parameter/db")])
def test_parameter_is_read(name, tail):
    """
    A name with a path has one slash in the ARN; a plain text has no key.
    """
    secure = fake(Parameter, {PARAMETERS: {"Name": name, "Type": "SecureString", "KeyId": "alias/aws/ssm"}})
    plain = fake(Parameter, {PARAMETERS: {"Name": name, "Type": "String"}})

    assert f"arn:aws:ssm:eu-west-1:111122223333:{tail}" == secure.arn
    assert ("SecureString", "alias/aws/ssm") == (secure.kind, secure.key_id)
    assert plain.key_id is None


def test_an_empty_page_is_not_the_last(session):
    """
    AWS may answer with a token and nothing else.
    """
    stub = session.stub("ssm")
    stub.add_response("describe_parameters", {"Parameters": [], "NextToken": "t"}, {"MaxResults": 50})
    more = {"Parameters": [{"Name": "db", "Type": "String"}]}
    stub.add_response("describe_parameters", more, {"MaxResults": 50, "NextToken": "t"})

    inventory = collect(session, Parameter)

    assert ["db"] == [parameter.name for parameter in inventory.every(Parameter)]
