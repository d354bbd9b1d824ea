import pytest

from awsaudit import Status
from awsaudit.resources.events import Rule
from awsaudit.testing import run_check, statuses
from awsaudit_checks.health.rule_backup_region import rule_backup_region


@pytest.mark.parametrize("regions", [["eu-west-1", "us-west-2"], ["us-west-2", "us-east-1"]])
def test_accepts_a_rule_in_the_backup_region(holder, rule, regions):
    """
    In us-west-2; in us-east-1 for who has his rule in us-west-2.
    """
    rules = [rule(region=region) for region in regions]

    assert [Status.PASS] == statuses(run_check(rule_backup_region, holder, *rules))


@pytest.mark.parametrize(("primary", "backup"), [("eu-west-1", "us-west-2"), ("us-west-2", "us-east-1")])
def test_flags_accounts_without_one(holder, rule, primary, backup):
    """
    The command makes it.
    """
    (finding,) = run_check(rule_backup_region, holder, rule(region=primary), regions=[backup])

    assert f"no enabled rule in {backup} takes the copies of events of AWS Health" == finding.message
    assert finding.fix.startswith(f"aws events put-rule --region {backup} ")


def test_regions_of_china_stand_in_for_each_other(holder, rule):
    """
    GovCloud has none.
    """
    holder.partition = "aws-cn"
    one = run_check(rule_backup_region, holder, rule(region="cn-north-1"), regions=["cn-northwest-1"])
    both = run_check(rule_backup_region, holder, rule(region="cn-north-1"), rule(region="cn-northwest-1"))
    holder.partition = "aws-us-gov"
    none = run_check(rule_backup_region, holder, rule(region="us-gov-west-1"))

    assert [Status.FAIL, Status.PASS, Status.NOT_APPLICABLE] == [*statuses(one), *statuses(both), *statuses(none)]


def test_does_not_judge_accounts_without_any_rule(holder, rule):
    """
    That is health-rule-exists's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_backup_region, holder, rule(State="DISABLED")))


def test_does_not_know_what_it_cannot_see(holder, rule):
    """
    The region was not scanned, or the rules could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(run_check(rule_backup_region, holder, rule()))
    assert [Status.UNKNOWN] == statuses(
        run_check(rule_backup_region, holder, rule(), unlisted=[Rule], regions=["us-west-2"])
    )
