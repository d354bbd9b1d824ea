import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.resources.sns import SUBSCRIPTION, TOPIC, TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
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
    assert ("email", "ops@example.com", ARN) == (confirmed.protocol, confirmed.endpoint, confirmed.topic_arn)


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
