import datetime

import pytest

from awsaudit import EvidenceMissing
from awsaudit.declare import iam_actions
from awsaudit.resources.notifications import (
    EMAIL_CONTACTS,
    Channel,
    EmailContact,
    EventRule,
    NotificationConfiguration,
)
from awsaudit.testing import call_faults
from tests.test_collect import Session, collect


ARN = "arn:aws:notifications::111122223333:configuration/a01234567890"
CHAT = "arn:aws:chatbot::111122223333:chat-configuration/slack-channel/oncall"
NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
ALL = [NotificationConfiguration, EventRule, Channel]


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("kind", [*ALL, EmailContact])
def test_calls_exist(kind):
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(kind))


def configure(stub):
    told = {"arn": ARN, "name": "health", "description": "-", "status": "ACTIVE", "creationTime": NOW}
    stub.add_response("list_notification_configurations", {"notificationConfigurations": [told]}, {})


def test_configurations_are_read_with_rules_and_channels(session):
    """
    Once for all regions, in the home of the service.
    """
    stub = session.stub("notifications", "us-east-1")
    configure(stub)
    rule = {
        "arn": f"{ARN}/rule/a01234567890",
        "notificationConfigurationArn": ARN,
        "creationTime": NOW,
        "source": "aws.health",
        "eventType": "AWS Health Event",
        "eventPattern": "",
        "regions": ["eu-west-1", "us-east-1"],
        "managedRules": ["arn:aws:events:eu-west-1:111122223333:rule/AWSUserNotificationsManagedRule-a"],
        "statusSummaryByRegion": {
            "us-east-1": {"status": "INACTIVE", "reason": "-"},
            "eu-west-1": {"status": "ACTIVE", "reason": "-"},
        },
    }
    stub.add_response("list_channels", {"channels": [CHAT]}, {"notificationConfigurationArn": ARN})
    stub.add_response("list_event_rules", {"eventRules": [rule]}, {"notificationConfigurationArn": ARN})

    inventory = collect(session, NotificationConfiguration, Channel, EventRule)
    ((configuration,), (event_rule,), (channel,)) = (inventory.every(kind) for kind in ALL)

    assert ("global", "health", "ACTIVE") == (configuration.region, configuration.name, configuration.status)
    assert ("aws.health", None, ("eu-west-1",)) == (
        event_rule.source,
        event_rule.event_pattern,
        event_rule.active_regions,
    )
    assert f"{ARN}/{CHAT}" == channel.arn
    assert (channel,) == inventory.children(configuration, Channel)


def test_refused_channels_are_a_gap(session):
    """
    A configuration that is gone meanwhile has none.
    """
    stub = session.stub("notifications", "us-east-1")
    configure(stub)
    stub.add_client_error("list_channels", "AccessDeniedException", http_status_code=403)
    hidden = collect(session, NotificationConfiguration, Channel)
    configure(stub)
    stub.add_client_error("list_channels", "ResourceNotFoundException")
    gone = collect(session, NotificationConfiguration, Channel)

    with pytest.raises(EvidenceMissing):
        hidden.every(Channel)
    assert () == gone.every(Channel)


def test_mail_contacts_are_kept_without_their_address(session):
    """
    The status says whether somebody confirmed it; IAM writes the service with a hyphen.
    """
    arn = "arn:aws:notifications-contacts::111122223333:emailcontact/a01234567890"
    told = {"arn": arn, "name": "oncall", "address": "oncall@northlight.example", "status": "active"}
    contact = {**told, "creationTime": NOW, "updateTime": NOW}
    stub = session.stub("notificationscontacts", "us-east-1")
    stub.add_response("list_email_contacts", {"emailContacts": [contact]}, {})

    (found,) = collect(session, EmailContact).every(EmailContact)

    assert (arn, "active") == (found.arn, found.status)
    assert {"arn", "status"} == set(found.values)
    assert ("notifications-contacts:ListEmailContacts",) == iam_actions("notificationscontacts", EMAIL_CONTACTS)
