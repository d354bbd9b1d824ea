import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.policy_notaction_allow import policy_notaction_allow
from tests.checks.iam.people import allow, deny, policy, role, user, verdict


def but(*actions, resource="*", **conditions):
    """Return a statement that allows everything but *actions*."""
    statement = {"Effect": "Allow", "NotAction": list(actions), "Resource": resource}
    return {**statement, "Condition": conditions} if conditions else statement


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        (but("iam:*", "organizations:*"), Severity.MEDIUM),
        (but("*:Delete*", "iam:*"), Severity.MEDIUM),
        (but("s3:*"), Severity.HIGH),
        (but("iam:CreateUser"), Severity.HIGH),
    ],
)
def test_everything_but_some_actions_fails(statement, severity):
    """
    An administrator's if IAM is not among them.
    """
    (finding,) = run_check(policy_notaction_allow, policy("wide", statement), role("ops", attached=["arn:x"]))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert f"NotAction {', '.join(statement['NotAction'])}" == finding.found
    assert Status.FAIL is verdict(policy_notaction_allow, user("ops", statement))


@pytest.mark.parametrize(
    "statements",
    [
        [allow("*")],
        [allow("s3:*")],
        [but("s3:Delete*", resource="arn:aws:s3:::ledger/*")],
        [but("iam:*", Bool={"aws:MultiFactorAuthPresent": "true"})],
        [{"Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*"}],
        [but("iam:*"), deny("*")],
        [allow("*"), {"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"}],
    ],
)
def test_named_actions_denials_and_what_is_bound_pass(statements):
    """
    Action * is another check's finding, and a Deny with NotAction is a fence.
    """
    assert Status.PASS is verdict(policy_notaction_allow, policy("sound", *statements))


def test_policies_of_aws_and_of_nobody_are_not_judged():
    """
    PowerUserAccess is one of AWS's.
    """
    power = policy("PowerUserAccess", but("iam:*"), arn="arn:aws:iam::aws:policy/PowerUserAccess")

    assert Status.NOT_APPLICABLE is verdict(policy_notaction_allow, power)
    assert Status.NOT_APPLICABLE is verdict(policy_notaction_allow, policy("idle", but("iam:*"), attachments=0))


def test_refused_evidence_is_unknown():
    """
    What it may do was not told.
    """
    assert [Status.UNKNOWN] == statuses(run_check(policy_notaction_allow, fake(Role, {})))
