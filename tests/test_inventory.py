import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.inventory import Inventory
from awsaudit.resources.sns import SUBSCRIPTION, SUBSCRIPTIONS, Subscription
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake, fake_inventory


def queue(name, **attributes):
    attributes = {"QueueArn": f"arn:aws:sqs:eu-west-1:111122223333:{name}", **attributes}
    return fake(Queue, {LIST: f"https://sqs.example/{name}", ATTRIBUTES: attributes})


def test_those_of_keeps_what_is_known_beside_what_is_not():
    """
    One known to match settles the question; without one, a hidden one leaves it open.
    """
    plain, encrypted = queue("a"), queue("b", SqsManagedSseEnabled="true")
    hidden = fake(Queue, {LIST: "https://sqs.example/c"})

    assert (encrypted,) == Inventory.those_of([plain, hidden, encrypted], lambda q: q.sse_sqs)
    assert () == Inventory.those_of([plain], lambda q: q.sse_sqs)
    with pytest.raises(EvidenceMissing):
        Inventory.those_of([plain, hidden], lambda q: q.sse_sqs)


def test_holding_finds_by_value():
    """
    A resource is found by a value of a tuple fact; none is an answer only where nothing is hidden.
    """
    subscription = "arn:aws:sns:eu-west-1:111122223333:paid:1"
    listed = {"SubscriptionArn": subscription}
    attributes = {"RedrivePolicy": '{"deadLetterTargetArn": "arn:a"}'}
    seen = fake(Subscription, {SUBSCRIPTIONS: listed, SUBSCRIPTION: attributes})
    hidden = fake(Subscription, {SUBSCRIPTIONS: listed})
    known = fake_inventory([seen], [])
    partly = fake_inventory([seen, hidden], [])

    assert seen is known.holding(Subscription.dead_letter_arns, "arn:a")
    assert None is known.holding(Subscription.dead_letter_arns, "arn:b")
    assert seen is partly.holding(Subscription.dead_letter_arns, "arn:a", "eu-west-1")
    with pytest.raises(EvidenceMissing):
        partly.holding(Subscription.dead_letter_arns, "arn:b")
