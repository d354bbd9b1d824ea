"""Queues, and what sends failed messages to them."""

import json

import pytest

from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake


def _queue(name, **attributes):
    url = f"https://sqs.eu-west-1.amazonaws.com/111122223333/{name}"
    counts = {
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
        "MessageRetentionPeriod": "345600",
    }
    return fake(Queue, {LIST: url, ATTRIBUTES: {**counts, **attributes}})


@pytest.fixture(name="queue")
def queue_factory():
    """Return a maker of queues: name, then attributes in AWS's spelling."""
    return _queue


@pytest.fixture(name="source")
def source_factory():
    """Return a maker of queues whose redrive policy names an ARN."""

    def make(name, target, **attributes):
        policy = {"deadLetterTargetArn": target, "maxReceiveCount": "5"}
        return _queue(name, RedrivePolicy=json.dumps(policy), **attributes)

    return make


@pytest.fixture(name="hidden")
def hidden_factory():
    """Return a maker of queues whose attributes were refused."""

    def make(name):
        return fake(Queue, {LIST: f"https://sqs.eu-west-1.amazonaws.com/111122223333/{name}"})

    return make
