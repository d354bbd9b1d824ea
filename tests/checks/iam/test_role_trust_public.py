import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import ROLES, Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.role_trust_public import role_trust_public
from tests.checks.iam.people import role
from tests.checks.policies import PublicPolicies, allow, document, policy_in


def signer(policy, **more):
    listed = {"Arn": "arn:aws:iam::111122223333:role/signer", "RoleName": "signer", "Path": "/", **more}
    return fake(Role, {ROLES: {**listed, "AssumeRolePolicyDocument": policy}})


class TestPublicPolicies(PublicPolicies):
    check = role_trust_public
    action = "sts:AssumeRole"
    resource = None

    def make(self, policy):
        return signer(policy)

    def mended(self, finding):
        return policy_in(finding.fix, "--policy-document")


@pytest.mark.parametrize("action", ["sts:*", "*", "STS:assumerole", ["sts:TagSession", "sts:Assume*"]])
def test_flags_every_spelling_of_assuming(action):
    """
    Wildcards and upper case are the same action.
    """
    (finding,) = run_check(role_trust_public, signer(document([allow()], action, None)))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)


def test_external_id_alone_restricts_nobody():
    """
    Whoever learns the external id comes in: high instead of critical.
    """
    bound = document([allow(StringEquals={"sts:ExternalId": "4f1c"})], "sts:AssumeRole", None)
    (finding,) = run_check(role_trust_public, signer(bound))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "sts:externalid=4f1c" in finding.message


def test_accepts_services_and_providers():
    """
    A role for a service, or for tokens, is not for everybody; nor is one that everybody may only tag.
    """
    service = document([allow({"Service": "ec2.amazonaws.com"})], "sts:AssumeRole", None)
    tokens = document([allow({"Federated": "cognito-identity.amazonaws.com"})], "sts:AssumeRoleWithWebIdentity", None)
    tags = document([allow()], "sts:TagSession", None)

    assert [Status.PASS] * 3 == [run_check(role_trust_public, signer(p))[0].status for p in (service, tokens, tags)]


def test_passes_over_service_linked_roles():
    """
    Nobody edits them.
    """
    linked = role("AWSServiceRoleForX", Path="/aws-service-role/x.amazonaws.com/")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(role_trust_public, linked))
