import json

from awsaudit import Status
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake, run_check
from awsaudit_checks.sqs.policy_cross_account import policy_cross_account
from tests.checks.policies import STRANGER, SharedPolicies, allow, document, policy_in


def exits(policy):
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/exits"
    return fake(Queue, {LIST: url, ATTRIBUTES: {"Policy": json.dumps(policy)} if policy else {}})


class TestSharedPolicies(SharedPolicies):
    check = policy_cross_account
    action = "sqs:SendMessage"

    def make(self, policy):
        return exits(policy)

    def mended(self, finding):
        text = policy_in(finding.fix, "--attributes")["Policy"]
        return json.loads(text) if text else None


def test_unsets_a_policy_without_statements():
    """
    Where nothing is left the command takes the policy away.
    """
    (finding,) = run_check(policy_cross_account, exits(document([allow({"AWS": STRANGER})], "sqs:SendMessage")))

    assert (
        "aws sqs set-queue-attributes --region eu-west-1 --queue-url "
        """https://sqs.eu-west-1.amazonaws.com/111122223333/exits --attributes '{"Policy": ""}'""" == finding.fix
    )


def test_flags_one_owners_addresses():
    """
    A narrow range of the internet is somebody's, and not the account's.
    """
    office = [allow(IpAddress={"aws:SourceIp": "203.0.113.0/24"})]
    (finding,) = run_check(policy_cross_account, exits(document(office, "sqs:SendMessage")))

    assert (Status.FAIL, "anybody in 203.0.113.0/24") == (finding.status, finding.found)
