import datetime

import pytest

from awsaudit import EvidenceMissing
from awsaudit.resources.health import Account, Entity, Event
from awsaudit.testing import call_faults
from tests.test_collect import Session, collect


OPEN = {"filter": {"eventStatusCodes": ["open", "upcoming"]}}
STARTS = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def event(name, **fields):
    told = {
        "arn": f"arn:aws:health:eu-west-1::event/EC2/A/{name}",
        "eventTypeCode": "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED",
        "eventTypeCategory": "scheduledChange",
        "eventScopeCode": "ACCOUNT_SPECIFIC",
    }
    return {**told, **fields}


@pytest.mark.parametrize("kind", [Account, Event])
def test_calls_exist(kind):
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(kind))


def test_events_are_read_with_what_they_affect(session):
    """
    Once for all regions; entities are asked only of the account's own events that want something.
    """
    stub = session.stub("health", "us-east-1")
    own = event("a", region="eu-west-1", startTime=STARTS)
    required = event("b", eventTypeCategory="accountNotification", actionability="ACTION_REQUIRED")
    others = [event("c", eventScopeCode="PUBLIC"), event("d", eventTypeCategory="issue")]
    stub.add_response("describe_events", {"events": [own, required, *others]}, OPEN)
    for each, entities in ((own, [{"entityValue": "i-1", "statusCode": "PENDING"}]), (required, [])):
        stub.add_response(
            "describe_affected_entities", {"entities": entities}, {"filter": {"eventArns": [each["arn"]]}}
        )

    events = collect(session, Event).every(Event)

    assert [(Entity("i-1", "PENDING"),), (), (), ()] == [each.entities for each in events]
    assert ("global", "eu-west-1", STARTS) == (events[0].region, events[0].event_region, events[0].starts)


def test_the_account_knows_its_support_plan(session):
    """
    The refusal of AWS is the answer; what other refusals mean is not known.
    """
    stub = session.stub("health", "us-east-1")
    operations = ("describe_events", "describe_health_service_status_for_organization")
    for operation in operations:
        stub.add_client_error(operation, "SubscriptionRequiredException")
    (without,) = collect(session, Account).every(Account)
    for operation in operations:
        stub.add_client_error(operation, "AccessDeniedException", http_status_code=403)
    (refused,) = collect(session, Account).every(Account)
    stub.add_response("describe_events", {"events": []}, OPEN)
    stub.add_response(operations[1], {"healthServiceAccessStatusForOrganization": "ENABLED"}, {})
    (told,) = collect(session, Account).every(Account)

    assert (False, None) == (without.supported, without.organizational_view)
    assert (True, "ENABLED") == (told.supported, told.organizational_view)
    assert ("arn:aws:health::111122223333:account", "111122223333") == (told.arn, told.name)
    with pytest.raises(EvidenceMissing):
        _ = refused.supported
    with pytest.raises(EvidenceMissing):
        _ = refused.organizational_view


def test_accounts_without_a_support_plan_have_no_events(session):
    """
    `Account.supported` says that they could not be asked for.
    """
    session.stub("health", "us-east-1").add_client_error("describe_events", "SubscriptionRequiredException")

    assert () == collect(session, Event).every(Event)
