import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.sns import TOPIC, TOPICS, Topic
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sns.policy_public import policy_public
from tests.checks.policies import UNSIGNED, PublicPolicies, allow, document, policy_in


ARN = "arn:aws:sns:eu-west-1:111122223333:slashings"


def slashings(policy):
    attributes = {"Policy": json.dumps(policy)} if policy else {}
    return fake(Topic, {TOPICS: {"TopicArn": ARN}, TOPIC: attributes})


class TestPublicPolicies(PublicPolicies):
    check = policy_public
    action = "SNS:Publish"
    severity = Severity.HIGH

    def make(self, policy):
        return slashings(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--attribute-value")


def test_accepts_the_policy_of_a_new_topic():
    """
    AWS gives every topic a policy for everybody, bound to the owner.
    """
    actions = [
        "SNS:GetTopicAttributes",
        "SNS:SetTopicAttributes",
        "SNS:AddPermission",
        "SNS:RemovePermission",
        "SNS:DeleteTopic",
        "SNS:Subscribe",
        "SNS:ListSubscriptionsByTopic",
        "SNS:Publish",
    ]
    default = document([allow({"AWS": "*"}, StringEquals={"AWS:SourceOwner": "111122223333"})], actions, ARN)

    assert [Status.PASS] == statuses(run_check(policy_public, slashings(default)))


def test_flags_requests_that_nobody_signed():
    """
    SNS takes requests without a signature, which have no account.
    """
    assert [Status.FAIL] == statuses(run_check(policy_public, slashings(document(UNSIGNED, "SNS:Publish"))))


@pytest.mark.parametrize(
    "endpoint", ["*@example.com", "https://hooks.example.com/*", "arn:aws:sqs:eu-west-1:444455556666:*"]
)
def test_accepts_subscriptions_of_fixed_endpoints(endpoint):
    """
    Whoever asks, what is published goes to that owner's endpoint only.
    """
    policy = document([allow(StringLike={"sns:Endpoint": endpoint})], ["SNS:Subscribe", "SNS:Receive"])

    assert [Status.PASS] == statuses(run_check(policy_public, slashings(policy)))


@pytest.mark.parametrize(
    "condition",
    [
        {"sns:Endpoint": "*"},
        {"sns:Endpoint": "https://*"},
        {"sns:Endpoint": "arn:aws:sqs:*:*:q"},
        {"sns:Protocol": "https"},
    ],
)
def test_flags_subscriptions_of_any_endpoint(condition):
    """
    A protocol, or a pattern that anybody has an endpoint for, binds nobody.
    """
    policy = document([allow(StringLike=condition)], "SNS:Subscribe")

    assert [Status.FAIL] == statuses(run_check(policy_public, slashings(policy)))


def test_remarks_on_buckets_that_tell_no_account():
    """
    A bucket by its ARN alone passes with a remark; with its account there is nothing to remark.
    """
    source = {"aws:SourceArn": "arn:aws:s3:::northlight-exports"}
    alone = document([allow(ArnEquals=source)], "SNS:Publish")
    both = document([allow(ArnEquals=source, StringEquals={"aws:SourceAccount": "111122223333"})], "SNS:Publish")

    (finding,) = run_check(policy_public, slashings(alone))
    assert (Status.PASS, 1) == (finding.status, len(finding.notes))
    assert () == run_check(policy_public, slashings(both))[0].notes
