import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.resources.sns import (
    SUBSCRIPTION,
    TOPIC,
    TOPIC_SUBSCRIPTIONS,
    TOPICS,
    ForeignSubscription,
    Topic,
    TopicSubscription,
)
from awsaudit.testing import fake
from tests.test_collect import Session, collect


ARN = "arn:aws:sns:eu-west-1:111122223333:oncall"


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def subscription(arn, endpoint="ops@example.com"):
    listed = {"TopicArn": ARN, "Protocol": "email", "Endpoint": endpoint, "Owner": "111122223333"}
    return fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: {**listed, "SubscriptionArn": arn}})


def test_topic_is_read():
    """
    The policy is JSON as text; without a key there is none.
    """
    policy = '{"Version": "2012-10-17", "Statement": []}'
    topic = fake(Topic, {TOPICS: {"TopicArn": ARN}, TOPIC: {"Policy": policy, "Owner": "111122223333"}})

    assert ("oncall", "111122223333", None, False) == (topic.name, topic.owner, topic.kms_key_id, topic.fifo)
    assert {"Version": "2012-10-17", "Statement": []} == topic.policy


def test_a_policy_that_is_no_object_is_malformed():
    """
    What cannot be read as a policy is not taken for no policy.
    """
    with pytest.raises(EvidenceMissing, match="Unreadable:policy"):
        _ = fake(Topic, {TOPIC: {"Policy": "[]"}}).policy


def test_a_confirmed_subscription_has_its_own_arn():
    """
    Its ARN tells that it was confirmed.
    """
    confirmed = subscription(f"{ARN}:9c1b")

    assert (True, f"{ARN}:9c1b") == (confirmed.confirmed, confirmed.arn)
    assert ("email", "@example.com", ARN) == (confirmed.protocol, confirmed.endpoint.shown, confirmed.topic_arn)


@pytest.mark.parametrize("word", ["PendingConfirmation", "Deleted"])
def test_what_stands_for_the_arn_of_others_tells_endpoints_apart(word):
    """
    Two that are not confirmed differ, the same one stays the same, and nobody's address is repeated.
    """
    one, same, other = subscription(word), subscription(word), subscription(word, "dev@example.com")

    assert not one.confirmed
    assert one.arn == same.arn != other.arn
    assert one.arn.startswith(f"{ARN}:email-")
    assert "ops" not in one.arn


def test_subscriptions_are_listed_under_their_topic(session):
    """
    Each topic is asked for its own; a topic that is gone meanwhile has none, a refusal is no empty list.
    """
    sns = session.stub("sns")
    sns.add_response("list_topics", {"Topics": [{"TopicArn": ARN + end} for end in "abc"]})
    listed = {"TopicArn": ARN + "a", "Protocol": "sqs", "Endpoint": "arn:aws:sqs:::q", "SubscriptionArn": ARN + "a:1"}
    sns.add_response("list_subscriptions_by_topic", {"Subscriptions": [listed]}, {"TopicArn": ARN + "a"})
    sns.add_client_error("list_subscriptions_by_topic", "NotFound", http_status_code=404)
    sns.add_client_error("list_subscriptions_by_topic", "AuthorizationError", http_status_code=403)
    for end in "abc":
        attributes = {"Attributes": {"Owner": "111122223333", "KmsMasterKeyId": "alias/aws/sns"}}
        sns.add_response("get_topic_attributes", attributes, {"TopicArn": ARN + end})

    inventory = collect(session, Topic, TopicSubscription)
    a, b, c = inventory.every(Topic)

    assert [ARN + "a:1"] == [found.arn for found in inventory.children(a, TopicSubscription)]
    assert [] == list(inventory.children(b, TopicSubscription))
    with pytest.raises(EvidenceMissing, match="grant sns:ListSubscriptionsByTopic"):
        inventory.children(c, TopicSubscription)


def test_subscription_has_its_filter():
    """
    Without one it gets everything; the scope is left out where it is the attributes.
    """
    listed = {"SubscriptionArn": f"{ARN}:1", "TopicArn": ARN, "Protocol": "sqs", "Endpoint": "arn:aws:sqs:::q"}
    told = {"FilterPolicy": '{"source": ["aws.health"]}', "FilterPolicyScope": "MessageBody"}
    plain = fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed, SUBSCRIPTION: {}})
    filtered = fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed, SUBSCRIPTION: told})

    assert (None, None) == (plain.filter_policy, plain.filter_scope)
    assert ({"source": ["aws.health"]}, "MessageBody") == (filtered.filter_policy, filtered.filter_scope)


def test_subscription_keeps_no_more_of_an_address_than_it_shows():
    """
    Of a URL the host, of a mail address the domain, of a number its end; an ARN whole.
    """

    def shown(endpoint):
        return subscription("PendingConfirmation", endpoint).endpoint.shown

    assert "https://hooks.example.com" == shown("https://user:pass@Hooks.example.com:8443/sns/T0K3N?key=x")
    assert "@example.com" == shown("ops@Example.com")
    assert "…67" == shown("+491701234567")
    assert "arn:aws:sqs:eu-west-1:111122223333:q" == shown("arn:aws:sqs:eu-west-1:111122223333:q")


def test_text_messages_are_asked_about_only_where_there_are_some(session):
    """
    The sandbox, its numbers and the limit are the account's; no number is kept whole.
    """
    sns = session.stub("sns")
    listed = {"TopicArn": ARN, "Owner": "111122223333"}
    by_mail = {**listed, "SubscriptionArn": f"{ARN}:1", "Protocol": "email", "Endpoint": "ops@example.com"}
    by_text = {**listed, "SubscriptionArn": f"{ARN}:2", "Protocol": "sms", "Endpoint": "+491701234567"}
    sns.add_response("list_topics", {"Topics": [{"TopicArn": ARN}]})
    sns.add_response("list_subscriptions_by_topic", {"Subscriptions": [by_mail, by_text]}, {"TopicArn": ARN})
    sns.add_response("get_topic_attributes", {"Attributes": {"Owner": "111122223333"}}, {"TopicArn": ARN})
    for subscription in (by_mail, by_text):
        asked = {"SubscriptionArn": subscription["SubscriptionArn"]}
        sns.add_response("get_subscription_attributes", {"Attributes": {}}, asked)
        if subscription is by_mail:
            continue
        sns.add_response("get_sms_sandbox_account_status", {"IsInSandbox": True}, {})
        numbers = [{"PhoneNumber": "+491701234567", "Status": "Verified"}]
        sns.add_response("list_sms_sandbox_phone_numbers", {"PhoneNumbers": numbers}, {})
        limit = {"MonthlySpendLimit": "1"}
        sns.add_response("get_sms_attributes", {"attributes": limit}, {"attributes": ["MonthlySpendLimit"]})

    inventory = collect(session, Topic, TopicSubscription)
    mail, text = inventory.every(TopicSubscription)

    assert (None, (), None) == (mail.sms_sandbox, mail.sms_numbers, mail.sms_limit)
    assert (True, 1.0) == (text.sms_sandbox, text.sms_limit)
    assert [(text.endpoint, True)] == [(each.number, each.verified) for each in text.sms_numbers]
    assert "1234567" not in str(text.sms_numbers)


def test_only_fifo_topics_are_asked_for_tags(session):
    """
    Those of other topics no check reads.
    """
    sns = session.stub("sns")
    sns.add_response("list_topics", {"Topics": [{"TopicArn": ARN}, {"TopicArn": f"{ARN}.fifo"}]})
    attributes = {"Attributes": {"Owner": "111122223333"}}
    sns.add_response("get_topic_attributes", attributes, {"TopicArn": ARN})
    sns.add_response("get_topic_attributes", attributes, {"TopicArn": f"{ARN}.fifo"})
    tags = {"Tags": [{"Key": "ordering", "Value": "required"}]}
    sns.add_response("list_tags_for_resource", tags, {"ResourceArn": f"{ARN}.fifo"})

    standard, fifo = collect(session, Topic).every(Topic)

    assert ({}, {"ordering": "required"}) == (standard.fifo_tags, fifo.fifo_tags)


def test_subscriptions_to_topics_of_others_are_told_from_those_to_own_ones(session):
    """
    AWS lists all that the account owns; those that wait for their confirmation differ by where they go.
    """
    sns = session.stub("sns")
    own = {"SubscriptionArn": f"{ARN}:1", "TopicArn": ARN, "Protocol": "http", "Owner": "111122223333"}
    foreign = {**own, "SubscriptionArn": "PendingConfirmation", "TopicArn": ARN.replace("111122223333", "444455556666")}
    listed = [{**each, "Endpoint": f"http://example.com/{path}"} for each in (own, foreign) for path in "ab"]
    sns.add_response("list_subscriptions", {"Subscriptions": listed})

    one, other = collect(session, ForeignSubscription).every(ForeignSubscription)

    assert one.arn != other.arn
    assert one.arn.startswith(f"{foreign['TopicArn']}:http-")
