import pytest

from awsaudit import Status
from awsaudit.resources.organizations import Organization, OrganizationAccount
from awsaudit.testing import run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.events.target_cross_account_bus import target_cross_account_bus


FOREIGN = "arn:aws:events:eu-west-1:444455556666:event-bus/default"


def test_flags_a_target_in_an_unknown_account(rule, target):
    """
    One finding a target; the command takes it off.
    """
    judged = rule()
    findings = run_check(target_cross_account_bus, judged, target(judged, "a", Arn=FOREIGN), target(judged, "b"))

    assert [f"target a is in the account 444455556666: {FOREIGN}"] == [finding.message for finding in findings]
    command = "aws events remove-targets --region eu-west-1 --rule slots --event-bus-name beacon --ids a"
    assert command == findings[0].fix
    assert FOREIGN == findings[0].path[-1].resource


def test_accepts_the_own_account_and_those_of_the_configuration(rule, target):
    """
    Accounts under [trust], suppliers among them.
    """
    judged = rule()

    assert [Status.PASS] == statuses(run_check(target_cross_account_bus, judged, target(judged)))
    for trust in (Trust(accounts=("444455556666",)), Trust(vendors=("444455556666",))):
        found = run_check(target_cross_account_bus, judged, target(judged, Arn=FOREIGN), trust=trust)
        assert [Status.PASS] == statuses(found)


def test_a_disabled_rule_is_low(rule, target):
    """
    It sends nothing now.
    """
    judged = rule(State="DISABLED")
    (finding,) = run_check(target_cross_account_bus, judged, target(judged, Arn=FOREIGN))

    assert "low" == str(finding.severity)


@pytest.mark.parametrize(
    ("fields", "arn"),
    [({"ManagedBy": "guardduty.amazonaws.com"}, FOREIGN), ({}, "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript")],
)
def test_does_not_judge_what_aws_owns(rule, target, fields, arn):
    """
    Rules of AWS services, and documents of AWS, whose ARNs name no account.
    """
    judged = rule(**fields)

    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_cross_account_bus, judged, target(judged, Arn=arn)))


def test_does_not_know_while_the_organization_is_hidden(rule, target):
    """
    The account may be one of the organization's; the own account is known anyhow.
    """
    judged = rule()
    hidden = {"unlisted": [Organization, OrganizationAccount]}

    assert [Status.UNKNOWN] == statuses(
        run_check(target_cross_account_bus, judged, target(judged, Arn=FOREIGN), **hidden)
    )
    assert [Status.PASS] == statuses(run_check(target_cross_account_bus, judged, target(judged), **hidden))
