from awsaudit import Status
from awsaudit.resources.iam import ROLES, Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.role_trust_cross_account import role_trust_cross_account
from awsaudit_checks.iam.role_trust_public import role_trust_public
from tests.checks.iam.people import role
from tests.checks.policies import STRANGER, SharedPolicies, allow, document, policy_in


def signer(policy):
    listed = {"Arn": "arn:aws:iam::111122223333:role/signer", "RoleName": "signer", "Path": "/"}
    return fake(Role, {ROLES: {**listed, "AssumeRolePolicyDocument": policy}})


class TestSharedPolicies(SharedPolicies):
    check = role_trust_cross_account
    action = "sts:AssumeRole"
    resource = None

    def make(self, policy):
        return signer(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy-document")


def test_closes_a_role_that_only_a_stranger_may_assume():
    """
    A trust policy needs a statement: the command's lets nobody in, and is no way in for the other check either.
    """
    (finding,) = run_check(
        role_trust_cross_account, signer(document([allow({"AWS": STRANGER})], "sts:AssumeRole", None))
    )
    closed = policy_in(finding.fix, "--policy-document")

    assert [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}] == closed["Statement"]
    assert [Status.PASS] == statuses(run_check(role_trust_public, signer(closed)))


def test_external_id_makes_no_account_known():
    """
    A stranger with an external id is a stranger; whose it is its owner says under [trust].
    """
    bound = document([allow({"AWS": STRANGER}, StringEquals={"sts:ExternalId": "4f1c"})], "sts:AssumeRole", None)

    assert [Status.FAIL] == statuses(run_check(role_trust_cross_account, signer(bound)))


def test_accepts_services_whether_or_not_they_tell_for_whom_they_act():
    """
    EC2 and Lambda send no source; a role for them is no way in for another account.
    """
    for service in ("ec2", "lambda", "events"):
        trusted = document([allow({"Service": f"{service}.amazonaws.com"})], "sts:AssumeRole", None)
        assert [Status.PASS] == statuses(run_check(role_trust_cross_account, signer(trusted)))


def test_passes_over_service_linked_roles():
    """
    Nobody edits them.
    """
    linked = role("AWSServiceRoleForX", Path="/aws-service-role/x.amazonaws.com/")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(role_trust_cross_account, linked))
