from awsaudit import Status
from awsaudit.resources.accessanalyzer import ALL, Region
from awsaudit.resources.organizations import ORGANIZATION, Organization
from awsaudit.resources.sqs import LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.accessanalyzer.external import external


USED = fake(Queue, {LIST: "https://sqs.eu-west-1.amazonaws.com/111122223333/deposits"})
ALONE = fake(Organization, {ORGANIZATION: None})


def region(*analyzers):
    return fake(Region, {ALL: [{"type": kind, "status": status} for kind, status in analyzers]})


def member(manager):
    return fake(Organization, {ORGANIZATION: {"Id": "o-exampleorgid", "MasterAccountId": manager}})


def test_flags_a_used_region_without_one():
    """
    None, one that looks for something else, or one that failed; the management account's own region, too.
    """
    for analyzers in ((), [("ACCOUNT_UNUSED_ACCESS", "ACTIVE")], [("ACCOUNT", "FAILED")]):
        for organization in (ALONE, member("111122223333")):
            (finding,) = run_check(external, region(*analyzers), USED, organization)
            assert Status.FAIL is finding.status


def test_passes_one_that_works():
    """
    Of the account or of the organization.
    """
    for kind in ("ACCOUNT", "ORGANIZATION"):
        assert [Status.PASS] == statuses(run_check(external, region((kind, "ACTIVE")), USED, ALONE))


def test_a_member_may_be_looked_at_from_elsewhere():
    """
    The organization's analyzer is listed in another account.
    """
    assert [Status.UNKNOWN] == statuses(run_check(external, region(), USED, member("444455556666")))


def test_waits_and_leaves_unused_regions_alone():
    """
    One that is being made, and regions without anything.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(external, region(("ACCOUNT", "CREATING")), USED, ALONE))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(external, region(), ALONE))
