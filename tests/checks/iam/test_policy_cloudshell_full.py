import pytest

from awsaudit import Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.policy_cloudshell_full import policy_cloudshell_full
from tests.checks.iam.people import group, role, user


FULL = "arn:aws:iam::aws:policy/AWSCloudShellFullAccess"


@pytest.mark.parametrize(("make", "kind"), [(role, "role"), (user, "user"), (group, "group")])
def test_the_policy_fails_on_whoever_has_it(make, kind):
    """
    The command detaches it.
    """
    (finding,) = run_check(policy_cloudshell_full, make("ops", attached=[FULL]))

    assert finding.status is Status.FAIL
    assert f"aws iam detach-{kind}-policy --{kind}-name ops --policy-arn {FULL}" == finding.fix


def test_other_policies_pass():
    """
    One of the account's own may have the same name.
    """
    own = FULL.replace("::aws:", "::111122223333:")

    assert [Status.PASS] * 2 == statuses(
        [
            *run_check(policy_cloudshell_full, role("ops")),
            *run_check(policy_cloudshell_full, role("ops", attached=[own])),
        ]
    )


def test_refused_evidence_is_unknown():
    """
    What is attached was not told.
    """
    assert [Status.UNKNOWN] == statuses(run_check(policy_cloudshell_full, fake(Role, {})))
