import json

from awsaudit import Severity
from awsaudit.resources.sns import TOPIC, TOPICS, Topic
from awsaudit.testing import fake, run_check
from awsaudit_checks.sns.policy_cross_account import policy_cross_account
from tests.checks.policies import STRANGER, SharedPolicies, allow, document, policy_in


ARN = "arn:aws:sns:eu-west-1:111122223333:slashings"


def slashings(policy):
    attributes = {"Policy": json.dumps(policy)} if policy else {}
    return fake(Topic, {TOPICS: {"TopicArn": ARN}, TOPIC: attributes})


class TestSharedPolicies(SharedPolicies):
    check = policy_cross_account
    action = "SNS:Publish"
    severity = Severity.MEDIUM

    def make(self, policy):
        return slashings(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--attribute-value")


def test_leaves_a_statement_for_the_account():
    """
    A topic cannot be without a policy: where no statement is left, the command's is for the account itself.
    """
    (finding,) = run_check(policy_cross_account, slashings(document([allow({"AWS": STRANGER})], "SNS:Subscribe")))

    assert [{"AWS": "111122223333"}] == [
        s["Principal"] for s in policy_in(finding.fix, "--attribute-value")["Statement"]
    ]
