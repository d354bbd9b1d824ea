import json

import pytest

from awsaudit import Status
from awsaudit.resources.iam import Account, ManagedPolicy, Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.support_role_exists import support_role_exists
from tests.checks.iam.people import ADMINISTRATOR, allow, deny, everything, policy, role
from tests.estate import alone


ITSELF = fake(Account, {})
ACCESS = "arn:aws:iam::aws:policy/AWSSupportAccess"
OF_AWS = policy("AWSSupportAccess", allow("support:*"), arn=ACCESS)


def judged(*things, **more):
    return run_check(support_role_exists, ITSELF, *alone(), *things, **more)


@pytest.mark.parametrize(
    "holder",
    [
        role("incidents", attached=[ACCESS]),
        role("incidents", allow("support:*")),
        role("incidents", allow(["support:Create*", "support:Describe*", "support:Add*"])),
        role("incidents", allow("support:*", Bool={"aws:MultiFactorAuthPresent": "true"})),
    ],
)
def test_a_role_that_may_open_cases_passes(holder):
    """
    By AWS's policy or another one, and with a second factor too; a note names it.
    """
    (finding,) = judged(holder, OF_AWS)

    assert finding.status is Status.PASS
    assert ("incidents may open cases",) == finding.notes


@pytest.mark.parametrize(
    "holder",
    [
        role("reader", allow("support:Describe*")),
        role("barred", allow("support:*"), deny("support:CreateCase")),
        role("admin", attached=[ADMINISTRATOR]),
        role("AWSServiceRoleForSupport", attached=[ACCESS], Path="/aws-service-role/support.amazonaws.com/"),
    ],
)
def test_readers_administrators_and_services_do_not_count(holder):
    """
    Nor does a role that is denied it.
    """
    assert [Status.FAIL] == statuses(judged(holder, OF_AWS, everything))


def test_the_command_makes_a_role_that_passes():
    """
    Printed in full: the role, its trust in the account, and AWS's policy.
    """
    (finding,) = judged()
    trust = json.loads(finding.fix.split("'")[1])

    assert "arn:aws:iam::111122223333:root" == trust["Statement"][0]["Principal"]["AWS"]
    assert finding.fix.endswith(f"attach-role-policy --role-name aws-support --policy-arn {ACCESS}")


def test_policies_that_were_refused_are_unknown():
    """
    One role that is known to pass is enough all the same.
    """
    seen = role("incidents", allow("support:*"))
    blind = role("other", attached=[ACCESS])

    assert [Status.UNKNOWN] == statuses(judged(blind, unlisted=[ManagedPolicy]))
    assert [Status.PASS] == statuses(judged(blind, seen, unlisted=[ManagedPolicy]))
    assert [Status.UNKNOWN] == statuses(judged(unlisted=[Role]))
