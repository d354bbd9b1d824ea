import json

import pytest

from awsaudit import Status
from awsaudit.resources.iam import PASSWORD_POLICY, PasswordPolicy
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.password_policy_reuse import password_policy_reuse


def judged(settings, **more):
    return run_check(password_policy_reuse, fake(PasswordPolicy, {PASSWORD_POLICY: settings}), **more)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (None, "none remembered"),
        ({"MinimumPasswordLength": 16}, "none remembered"),
        ({"PasswordReusePrevention": 5}, "5 remembered"),
    ],
)
def test_few_remembered_passwords_fail(settings, found):
    """
    The command sets as many as AWS can remember, and keeps the rest.
    """
    (finding,) = judged(settings)
    asked = json.loads(finding.fix.split("'")[1])

    assert (Status.FAIL, found) == (finding.status, finding.found)
    assert 24 == asked["PasswordReusePrevention"]
    assert asked.get("MinimumPasswordLength") == (8 if settings is None else settings.get("MinimumPasswordLength"))


def test_all_remembered_passes():
    """
    As many as AWS can remember, or as many as are asked for.
    """
    assert [Status.PASS] == statuses(judged({"PasswordReusePrevention": 24}))
    assert [Status.PASS] == statuses(judged({"PasswordReusePrevention": 12}, minimum=12))


def test_a_refused_policy_is_unknown():
    """
    It is not the same as none.
    """
    assert [Status.UNKNOWN] == statuses(run_check(password_policy_reuse, fake(PasswordPolicy, {})))
