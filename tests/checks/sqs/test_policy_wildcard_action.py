import json

import pytest

from awsaudit import Status
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.policy_wildcard_action import policy_wildcard_action
from tests.checks.policies import OWN, STRANGER, allow, deny, document, policy_in


ROLE = {"AWS": f"arn:aws:iam::{OWN}:role/validator"}


def exits(policy):
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/exits"
    return fake(Queue, {LIST: url, ATTRIBUTES: {"Policy": json.dumps(policy)} if policy else {}})


def mended(finding):
    text = policy_in(finding.fix, "--attributes")["Policy"]
    return json.loads(text) if text else None


@pytest.mark.parametrize(
    "action", ["*", "sqs:*", "SQS:*", "sqs:Set*", "sqs:?urgeQueue", ["sqs:SendMessage", "sqs:Delete*"]]
)
@pytest.mark.parametrize("principal", [ROLE, {"AWS": STRANGER}, {"Service": "sns.amazonaws.com"}])
def test_flags_wildcards_over_managing_actions(action, principal):
    """
    A pattern that also lets one rewrite, empty or delete the queue fails, whoever it is for.
    """
    (finding,) = run_check(policy_wildcard_action, exits(document([allow(principal)], action)))

    assert Status.FAIL is finding.status
    after = exits(mended(finding))
    assert statuses(run_check(policy_wildcard_action, after)) in ([Status.PASS], [Status.NOT_APPLICABLE])


def test_leaves_what_sends_and_receives():
    """
    The command puts the listed actions in the wildcard's place, and leaves those that were listed.
    """
    policy = document([allow(ROLE)], ["sqs:ListQueueTags", "sqs:*"])
    (finding,) = run_check(policy_wildcard_action, exits(policy))

    assert [
        "sqs:ListQueueTags",
        "sqs:SendMessage",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
    ] == mended(finding)["Statement"][0]["Action"]


def test_flags_everything_but():
    """
    NotAction is a wildcard, too.
    """
    policy = {"Statement": [{**allow(ROLE), "NotAction": "sqs:PurgeQueue", "Resource": "*"}]}
    (finding,) = run_check(policy_wildcard_action, exits(policy))

    assert (Status.FAIL, "everything but sqs:PurgeQueue") == (finding.status, finding.found)
    assert "NotAction" not in mended(finding)["Statement"][0]


@pytest.mark.parametrize("principal", [{"AWS": OWN}, {"AWS": f"arn:aws:iam::{OWN}:root"}])
def test_accepts_the_policy_of_the_console(principal):
    """
    The account's own root delegates to IAM.
    """
    assert [Status.PASS] == statuses(run_check(policy_wildcard_action, exits(document([allow(principal)], "SQS:*"))))


@pytest.mark.parametrize(
    "action", ["sqs:SendMessage", ["sqs:DeleteQueue", "sqs:SetQueueAttributes"], "sqs:Get*", "sqs:SendMessage*"]
)
def test_accepts_listed_actions(action):
    """
    What is listed was meant; wildcards over harmless actions pass.
    """
    assert [Status.PASS] == statuses(run_check(policy_wildcard_action, exits(document([allow(ROLE)], action))))


def test_leaves_everybody_to_the_other_check():
    """
    What is for everybody is reported by sqs-policy-public.
    """
    assert [Status.PASS] == statuses(run_check(policy_wildcard_action, exits(document([allow()], "sqs:*"))))


def test_accepts_what_is_denied_to_all():
    """
    A wildcard does not reach what a Deny takes from everybody.
    """
    managing = [
        "sqs:SetQueueAttributes",
        "sqs:AddPermission",
        "sqs:RemovePermission",
        "sqs:DeleteQueue",
        "sqs:PurgeQueue",
    ]
    policy = document([allow(ROLE), {**deny(), "Action": managing}], "sqs:*")

    assert [Status.PASS] == statuses(run_check(policy_wildcard_action, exits(policy)))


def test_does_not_concern_queues_without_a_policy():
    """
    Without a policy there is nothing to judge.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(policy_wildcard_action, exits(None)))
