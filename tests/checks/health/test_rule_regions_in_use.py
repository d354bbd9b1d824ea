import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.resources.events import Rule
from awsaudit.resources.organizations import ORGANIZATION, Organization
from awsaudit.resources.sqs import LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.rule_regions_in_use import rule_regions_in_use


QUEUE = fake(Queue, {LIST: "https://sqs.eu-west-1.amazonaws.com/111122223333/deposits"})


def organization(management):
    return fake(Organization, {ORGANIZATION: {"Id": "o-exampleorgid", "MasterAccountId": management}})


ALONE = fake(Organization, {ORGANIZATION: None})


def test_accepts_a_rule(bus, rule):
    """
    An enabled one, in the region itself.
    """
    assert [Status.PASS] == statuses(run_check(rule_regions_in_use, bus(), rule(), QUEUE, ALONE))


@pytest.mark.parametrize("thing", [QUEUE, fake(Instance, {INSTANCES: {"InstanceId": "i-0123456789abcdef0"}})])
@pytest.mark.parametrize("whose", [ALONE, organization("111122223333")])
def test_flags_a_region_in_use_without_one(bus, rule, thing, whose):
    """
    Whatever is there; a rule that is disabled, and one in the backup region, do not count.
    """
    others = (rule(State="DISABLED"), rule(region="us-west-2"))
    (finding,) = run_check(rule_regions_in_use, bus(), *others, thing, whose)

    assert Status.FAIL is finding.status
    assert finding.fix.startswith("aws events put-rule --region eu-west-1 --name aws-health ")


def test_members_may_be_told_by_their_organization(bus, rule):
    """
    Unless they have rules of their own elsewhere: then they do not leave it to the organization.
    """
    member = organization("444455556666")

    assert [Status.UNKNOWN] == statuses(run_check(rule_regions_in_use, bus(), QUEUE, member))
    assert [Status.FAIL] == statuses(run_check(rule_regions_in_use, bus(), QUEUE, member, rule(region="us-east-1")))


def test_does_not_judge_regions_without_resources(bus):
    """
    Nor the one of global events, nor other buses.
    """
    for other in (bus(), bus("us-east-1"), bus(name="beacon")):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_regions_in_use, other, ALONE))


def test_does_not_know_what_it_cannot_see(bus):
    """
    Rules, resources and the organization that could not be seen; what was seen is enough to call a region used.
    """
    for hidden in (Rule, Instance):
        assert [Status.UNKNOWN] == statuses(run_check(rule_regions_in_use, bus(), ALONE, unlisted=[hidden]))
    assert [Status.UNKNOWN] == statuses(run_check(rule_regions_in_use, bus(), QUEUE, unlisted=[Organization]))
    assert [Status.FAIL] == statuses(run_check(rule_regions_in_use, bus(), ALONE, QUEUE, unlisted=[Instance]))
