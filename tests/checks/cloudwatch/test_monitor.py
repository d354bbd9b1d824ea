"""What the checks on monitoring share, tried on one of them."""

import shlex

import pytest

from awsaudit import Status
from awsaudit.plugins import load_checks
from awsaudit.resources.cloudtrail import STATUS, Trail
from awsaudit.resources.cloudwatch import MetricAlarm
from awsaudit.resources.events import Rule
from awsaudit.resources.iam import Account
from awsaudit.resources.logs import MetricFilter
from awsaudit.resources.organizations import ORGANIZATION, Organization
from awsaudit.resources.sns import Topic
from awsaudit.testing import fake, refused
from awsaudit_checks.cloudwatch.monitor_cmk_deletion import monitor_cmk_deletion
from awsaudit_checks.cloudwatch.monitor_iam_changes import monitor_iam_changes
from tests.alerts import GROUP, WHOLE, alarm, counter, named, rule, run_check, topic, trail
from tests.checks.cloudwatch.test_monitor_root_usage import root


KEYS = named("kms", "DisableKey", "ScheduleKeyDeletion")
EVENTS = {"source": ["aws.kms"]}
TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"


def judge(*others, **more):
    (finding,) = run_check(monitor_cmk_deletion, WHOLE, *others, **more)
    return finding


def test_it_is_one_verdict_for_the_account():
    """
    However many regions show the trail.
    """
    there = [trail(), trail(region="us-east-1"), counter(KEYS), alarm(), *topic()]
    finding = judge(*there, regions=["us-east-1"])

    assert (Status.PASS, "global") == (finding.status, finding.region)


def test_the_path_leads_to_where_it_breaks():
    """
    Hop by hop, with what is missing at its end.
    """
    finding = judge(trail(), counter(KEYS), alarm(), topic()[0])

    assert [
        (True, "AWS::CloudTrail::Trail"),
        (True, "AWS::Logs::LogGroup"),
        (True, "AWS::Logs::MetricFilter"),
        (True, "AWS::CloudWatch::Alarm"),
        (False, "AWS::SNS::Topic"),
    ] == [(hop.holds, hop.type) for hop in finding.path]
    assert "nobody is told of DisableKey, ScheduleKeyDeletion: it has no subscription" == finding.message


def test_a_trail_of_one_region_is_not_enough():
    """
    Its filter does not count what is done elsewhere.
    """
    finding = judge(trail(IsMultiRegionTrail=False), counter(KEYS), alarm(), *topic())

    assert Status.FAIL is finding.status
    assert "it records what happens in its own region only" == finding.path[-1].by


def test_a_trail_of_the_organization_counts():
    """
    Where its log group is in another account, it is not known what is counted there, unless a rule tells all the same.
    """
    foreign = GROUP.replace("111122223333", "444455556666")
    other = trail(foreign, account="444455556666")
    shared = trail(account="444455556666")

    assert Status.UNKNOWN is judge(other, *topic()).status
    assert "444455556666" in judge(other, *topic()).message
    assert Status.PASS is judge(other, *rule(EVENTS), *topic()).status
    assert Status.PASS is judge(shared, counter(KEYS), alarm(), *topic()).status


def test_the_home_region_knows_best():
    """
    Of a replica AWS may not tell everything, and says what it says of one region.
    """
    replica = trail(region="eu-central-1", logging=False)
    silent = fake(Trail, {**_listed(), STATUS: refused(Trail, STATUS)}, region="eu-central-1")

    assert Status.PASS is judge(trail(), replica, counter(KEYS), alarm(), *topic()).status
    assert Status.PASS is judge(trail(), silent, counter(KEYS), alarm(), *topic()).status
    assert Status.UNKNOWN is judge(silent, counter(KEYS), alarm(), *topic()).status


def _listed():
    from awsaudit.resources.cloudtrail import TRAILS

    more = {"HomeRegion": "eu-west-1", "IsMultiRegionTrail": True, "CloudWatchLogsLogGroupArn": GROUP}
    return {TRAILS: {"TrailARN": TRAIL, "Name": "main", **more}}


def test_a_home_region_that_is_not_scanned_does_not_hide_the_trail():
    """
    The replica tells what it records, and the log group's region is what has to be scanned.
    """
    replica = trail(at="us-west-2")

    assert Status.PASS is judge(replica, counter(KEYS), alarm(), *topic()).status


def test_a_trail_without_the_events_of_the_service_does_not_count():
    """
    KMS writes most events of all, and trails leave it out.
    """
    without = {"EventSelectors": [{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]}
    finding = judge(trail(selectors=without), counter(KEYS), alarm(), *topic())

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_rules_are_needed_in_regions_in_use_alone():
    """
    A topic shows that a region is used.
    """
    there = [trail(None), trail(None, region="eu-central-1"), *rule(EVENTS)]

    assert Status.PASS is judge(*there, *topic()).status
    finding = judge(*there, *topic(), *topic("eu-central-1"))
    assert Status.FAIL is finding.status
    assert finding.message.startswith("nobody is told of DisableKey, ScheduleKeyDeletion in eu-central-1: ")
    assert Status.UNKNOWN is judge(*there, *topic(), unlisted=[Topic]).status


def test_an_account_that_uses_no_region_is_judged_all_the_same():
    """
    Without anything to guard, its calls still go unheard.
    """
    assert Status.FAIL is judge(trail(None)).status


def test_a_region_that_is_not_scanned_may_have_a_rule():
    """
    Calls of services without regions are recorded in one that was left out.
    """
    calls = named("iam", "CreatePolicy")
    (finding,) = run_check(monitor_iam_changes, WHOLE, trail(), counter(calls), alarm(), *topic())

    assert Status.UNKNOWN is finding.status


@pytest.mark.parametrize("kind", [Trail, MetricFilter, MetricAlarm, Rule])
def test_does_not_know_while_listings_are_refused(kind):
    """
    What could not be listed may be the way; one that could be seen is enough.
    """
    given = {Trail: [], MetricFilter: [trail()]}.get(kind, [trail(), counter(KEYS)])

    assert Status.UNKNOWN is judge(*given, *topic(), unlisted=[kind]).status
    assert Status.PASS is judge(trail(), counter(KEYS), alarm(), *topic(), unlisted=[kind]).status


MONITORS = {id_: check for id_, check in load_checks().items() if id_.startswith("cloudwatch-monitor-")}


@pytest.mark.parametrize("check", MONITORS.values(), ids=MONITORS.keys())
def test_the_command_makes_it_pass(check):
    """
    What it puts, read back, tells every call, and CloudWatch Logs takes a pattern of that length.
    """
    more = {
        "cloudwatch-monitor-root-usage": [root()],
        "cloudwatch-monitor-organizations-changes": [
            fake(Organization, {ORGANIZATION: {"Id": "o-example1234", "MasterAccountId": "111122223333"}})
        ],
    }.get(check.id, [])
    there = [trail(), trail(region="us-east-1"), *topic(), *more]
    (finding,) = run_check(check, WHOLE, *there, alarm(), regions=["us-east-1"])
    words = shlex.split(finding.fix)
    value = lambda flag: words[words.index(flag) + 1]  # noqa: E731 - a word of the command
    told = [{"metricNamespace": value("--namespace"), "metricName": value("--metric-name"), "metricValue": "1"}]
    put = counter(value("--filter-pattern"), filterName=value("--filter-name"), metricTransformations=told)
    alarmed = alarm(Namespace=value("--namespace"), MetricName=value("--metric-name"))

    assert 15 == len(MONITORS)
    assert 1024 >= len(value("--filter-pattern"))
    (finding,) = run_check(check, WHOLE, *there, put, alarmed, regions=["us-east-1"])
    assert Status.PASS is finding.status


def test_nothing_of_the_account_is_asked_for():
    """
    The verdict hangs on nothing that a call about the account would tell.
    """
    assert all(not check.needs[Account] for check in MONITORS.values())
