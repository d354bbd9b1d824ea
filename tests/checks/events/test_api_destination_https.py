import pytest

from awsaudit import Status
from awsaudit.resources.events import API_DESTINATIONS, CONNECTIONS, ApiDestination, Connection
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.api_destination_https import api_destination_https


CONNECTION = "arn:aws:events:eu-west-1:111122223333:connection/relay/1"


def destination(state="ACTIVE", url="https://relay.example/v1"):
    listed = {
        "ApiDestinationArn": "arn:aws:events:eu-west-1:111122223333:api-destination/relay/1",
        "Name": "relay",
        "ApiDestinationState": state,
        "ConnectionArn": CONNECTION,
        "InvocationEndpoint": url,
    }
    return fake(ApiDestination, {API_DESTINATIONS: listed})


def test_flags_an_inactive_destination():
    """
    The connection and its state are named; the command attaches the connection again.
    """
    listed = {"ConnectionArn": CONNECTION, "ConnectionState": "DEAUTHORIZED"}
    (finding,) = run_check(api_destination_https, destination("INACTIVE"), fake(Connection, {CONNECTIONS: listed}))

    assert f"inactive; it sends with the connection {CONNECTION}, which is DEAUTHORIZED" == finding.message
    assert (
        f"aws events update-api-destination --region eu-west-1 --name relay --connection-arn {CONNECTION}"
        == finding.fix
    )


def test_flags_an_inactive_destination_of_a_hidden_connection():
    """
    The connection explains the finding and does not decide it.
    """
    (finding,) = run_check(api_destination_https, destination("INACTIVE"), unlisted=[Connection])

    assert Status.FAIL is finding.status
    assert f"inactive; it sends with the connection {CONNECTION}" == finding.message


@pytest.mark.parametrize("url", ["http://relay.example/v1", "HTTP://relay.example/v1"])
def test_flags_an_endpoint_without_tls(url):
    """
    Everything but HTTPS fails.
    """
    (finding,) = run_check(api_destination_https, destination(url=url))

    assert f"sends to {url} without TLS" == finding.message
    assert finding.fix.endswith(" --name relay --invocation-endpoint https://relay.example/v1")


def test_accepts_an_active_https_destination():
    """
    Active, and HTTPS.
    """
    assert [Status.PASS] == statuses(run_check(api_destination_https, destination()))
