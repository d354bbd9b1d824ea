from awsaudit.resources.codeconnections import CONNECTIONS, Connection
from awsaudit.testing import fake
from tests.test_collect import Session, collect


ID = "0f1e2d3c-0000-1111-2222-333344445555"


def told(service, **more):
    arn = f"arn:aws:{service}:eu-west-1:111122223333:connection/{ID}"
    return {"ConnectionArn": arn, "ConnectionName": "forge", "ConnectionStatus": "AVAILABLE", **more}


def test_connection_is_read():
    """
    Either spelling of its ARN ends with its id; what AWS leaves out is unset.
    """
    old = fake(Connection, {CONNECTIONS: told("codestar-connections", ProviderType="GitHub")})
    new = fake(Connection, {CONNECTIONS: told("codeconnections", OwnerAccountId="111122223333")})

    assert (ID, ID) == (old.id, new.id)
    assert ("forge", "AVAILABLE", "GitHub", None) == (old.name, old.status, old.provider_type, old.host_arn)
    assert (None, "111122223333") == (new.provider_type, new.owner_account)


def test_listing_is_paged():
    """
    There is no paginator for it in botocore; the token is followed all the same.
    """
    session = Session()
    stub = session.stub("codeconnections")
    stub.add_response("list_connections", {"Connections": [told("codeconnections")], "NextToken": "more"}, {})
    stub.add_response("list_connections", {"Connections": [told("codestar-connections")]}, {"NextToken": "more"})

    assert 2 == len(collect(session, Connection).every(Connection))
