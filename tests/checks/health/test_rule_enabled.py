from awsaudit import Status
from awsaudit.resources.events import Rule
from awsaudit.testing import run_check, statuses
from awsaudit_checks.health.rule_enabled import rule_enabled


def test_accepts_an_enabled_rule(bus, rule):
    """
    In either of the two states; a disabled one beside it is remarked on.
    """
    logged = rule(State="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
    (noted,) = run_check(rule_enabled, bus(), rule(), rule(Name="old", State="DISABLED"))

    assert [Status.PASS] == statuses(run_check(rule_enabled, bus(), logged))
    assert (Status.PASS, ("the rule old is disabled",)) == (noted.status, noted.notes)


def test_flags_a_region_whose_rules_are_disabled(bus, rule):
    """
    That another region has one does not help.
    """
    (finding,) = run_check(rule_enabled, bus(), rule(State="DISABLED"), rule(region="us-east-1"))

    assert Status.FAIL is finding.status
    assert "aws events enable-rule --region eu-west-1 --name health" == finding.fix


def test_rules_of_a_service_are_not_the_accounts_to_enable(bus, rule):
    """
    User Notifications made it.
    """
    (finding,) = run_check(rule_enabled, bus(), rule(State="DISABLED", ManagedBy="notifications.amazonaws.com"))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_does_not_judge_regions_without_one(bus, rule):
    """
    Nor other buses.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_enabled, bus(), rule({"source": ["aws.ec2"]})))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_enabled, bus(name="beacon"), rule(State="DISABLED")))


def test_does_not_know_what_it_cannot_see(bus, rule):
    """
    Rules that could not be listed, and a pattern that is not understood beside one that is disabled.
    """
    unclear = rule({"source": [{"regex": "aws.*"}]}, Name="unclear")

    assert [Status.UNKNOWN] == statuses(run_check(rule_enabled, bus(), unlisted=[Rule]))
    assert [Status.UNKNOWN] == statuses(run_check(rule_enabled, bus(), rule(State="DISABLED"), unlisted=[Rule]))
    assert [Status.UNKNOWN] == statuses(run_check(rule_enabled, bus(), rule(State="DISABLED"), unclear))
