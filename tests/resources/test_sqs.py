from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake


def test_policy_and_timeout_are_read():
    """
    The policy is JSON as text, and left out where there is none.
    """
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/payouts"
    attributes = {"VisibilityTimeout": "30", "Policy": '{"Statement": []}'}
    queue = fake(Queue, {LIST: url, ATTRIBUTES: attributes})

    assert (30, {"Statement": []}) == (queue.visibility_timeout, queue.policy)
    assert fake(Queue, {LIST: url, ATTRIBUTES: {}}).policy is None
