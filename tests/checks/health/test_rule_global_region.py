import pytest

from awsaudit import Status
from awsaudit.resources.events import Rule
from awsaudit.testing import run_check, statuses
from awsaudit_checks.health.rule_global_region import rule_global_region


HERE = {"regions": ["us-east-1"]}


@pytest.mark.parametrize("detail", [None, {"eventRegion": ["us-east-1", "global"]}, {"service": ["IAM"]}])
def test_accepts_a_rule_in_the_region(holder, rule, detail):
    """
    One that does not ask for other regions only.
    """
    pattern = {"source": ["aws.health"], **({"detail": detail} if detail else {})}

    assert [Status.PASS] == statuses(run_check(rule_global_region, holder, rule(pattern, region="us-east-1")))


@pytest.mark.parametrize(
    ("pattern", "fields"),
    [
        ({"source": ["aws.health"]}, {"region": "eu-west-1"}),
        ({"source": ["aws.health"]}, {"region": "us-east-1", "State": "DISABLED"}),
        ({"source": ["aws.health"], "detail": {"eventRegion": ["us-east-1"]}}, {"region": "us-east-1"}),
        ({"source": ["aws.health"], "detail-type": ["AWS Health Abuse Event"]}, {"region": "us-east-1"}),
    ],
)
def test_flags_accounts_without_one(holder, rule, pattern, fields):
    """
    The command makes one there.
    """
    (finding,) = run_check(rule_global_region, holder, rule(pattern, **fields), **HERE)

    assert "no enabled rule in us-east-1 takes events of services without regions" == finding.message
    assert finding.fix.startswith("aws events put-rule --region us-east-1 --name aws-health ")


def test_remarks_on_a_rule_that_takes_copies(holder, rule):
    """
    us-west-2 gets what us-east-1 gets.
    """
    (finding,) = run_check(rule_global_region, holder, rule(region="us-west-2"), **HERE)

    assert Status.PASS is finding.status
    assert ("no rule in us-east-1 takes them, but one in us-west-2 takes their copies",) == finding.notes


def test_other_partitions(holder, rule):
    """
    GovCloud has its own region, China none.
    """
    holder.partition = "aws-us-gov"
    there = run_check(rule_global_region, holder, rule(region="us-gov-west-1"))
    holder.partition = "aws-cn"

    assert [Status.PASS] == statuses(there)
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_global_region, holder))


def test_does_not_know_what_it_cannot_see(holder):
    """
    A region that was not scanned, and rules that could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(run_check(rule_global_region, holder))
    assert [Status.UNKNOWN] == statuses(run_check(rule_global_region, holder, unlisted=[Rule], **HERE))
