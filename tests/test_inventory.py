import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.inventory import Inventory
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake


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
