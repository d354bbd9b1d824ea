import json

from awsaudit import Status
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake, run_check
from awsaudit_checks.sqs.policy_public import policy_public
from tests.checks.policies import UNSIGNED, PublicPolicies, allow, deny, document, policy_in


def exits(policy):
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/exits"
    return fake(Queue, {LIST: url, ATTRIBUTES: {"Policy": json.dumps(policy)} if policy else {}})


class TestPublicPolicies(PublicPolicies):
    check = policy_public
    action = "sqs:SendMessage"

    def make(self, policy):
        return exits(policy)

    def mended(self, finding):
        text = policy_in(finding.fix, "--attributes")["Policy"]
        return json.loads(text) if text else None


def test_flags_requests_that_nobody_signed():
    """
    SQS takes requests without a signature, which have no account: an absent key must not pass.
    """
    (finding,) = run_check(policy_public, exits(document(UNSIGNED, "sqs:SendMessage")))

    assert (Status.FAIL, "anybody") == (finding.status, finding.found)


def test_says_what_is_open_and_how():
    """
    The message names the statement, who gets in, what they may do, and a request that does it.
    """
    (finding,) = run_check(policy_public, exits(document([{**allow(), "Sid": "Send"}], "SQS:*")))

    assert (
        "statement 1 (Send) of its policy lets anybody do sqs:SendMessage, sqs:ReceiveMessage, sqs:DeleteMessage, "
        "sqs:ChangeMessageVisibility and 7 more: arn:aws:iam::999999999999:role/x may sqs:SendMessage"
        == finding.message
    )
    assert "Send anybody" == finding.sub_key


def test_passes_over_statements_about_other_queues():
    """
    A statement that names another queue decides nothing here.
    """
    other = document([allow()], "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:deposits")

    assert Status.PASS is run_check(policy_public, exits(other))[0].status


def test_mends_all_that_is_open_at_once():
    """
    Two statements are two problems with one command: one after the other would undo the first.
    """
    two = document(
        [{**allow(), "Sid": "One"}, {**allow(), "Sid": "Two"}, deny("*", Bool={"aws:SecureTransport": "false"})],
        "sqs:*",
    )
    findings = run_check(policy_public, exits(two))

    assert ["One anybody", "Two anybody"] == [finding.sub_key for finding in findings]
    assert 1 == len({finding.fix for finding in findings})
    assert (
        Status.PASS
        is run_check(policy_public, exits(json.loads(policy_in(findings[0].fix, "--attributes")["Policy"])))[0].status
    )


def test_does_not_read_what_is_no_policy():
    """
    A document that no parser likes is unknown, not a pass.
    """
    assert Status.UNKNOWN is run_check(policy_public, exits({"Statement": [{"Effect": "Maybe"}]}))[0].status
