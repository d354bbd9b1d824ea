import datetime

import pytest

from attrs import evolve

from awsaudit import Coverage, Gap, GapKind
from awsaudit.gap import CANCELLED, DEADLINE, MISSING
from awsaudit.merge import ANYWHERE, merge
from awsaudit.report import Part, Shortfall
from awsaudit_reports.coverage import answered, unseen


THEN = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)
IDS = ("111122223333", "222233334444", "333344445555", "444455556666", "555566667777")


def lost(account=IDS[1], region=ANYWHERE, code="AccessDenied", **more):
    if code == "AccessDenied":
        gap = Gap(account, region, "sts", "AssumeRole", code, GapKind.DENIED, ("sts:AssumeRole",), **more)
    else:
        gap = Gap(account, region, "*", "*", code, GapKind.TIMEOUT if code != MISSING else GapKind.UNAVAILABLE)
    return Shortfall(gap, 1, (), missing=True)


@pytest.fixture(name="report")
def _report(make_report):
    def make(*shortfalls, names=None):
        parts = (Part(IDS[0], "eu-west-1", "0.1.0", THEN, THEN),)
        made = make_report(coverage=Coverage(shortfalls=shortfalls, parts=parts), account_names=names or {})
        return merge([made])

    return make


@pytest.mark.parametrize(
    ("shortfalls", "says"),
    [
        (
            [lost()],
            (
                "everything in account 222233334444 (blue) (sts:AssumeRole, AccessDenied); leaves 1 check unknown; "
                "the role must exist there and admit the caller, and the caller needs sts:AssumeRole"
            ),
        ),
        (
            [lost(cause="service control policy")],
            (
                "everything in account 222233334444 (blue) (sts:AssumeRole, AccessDenied, by a service control policy); "
                "leaves 1 check unknown; the service control policy must let sts:AssumeRole through"
            ),
        ),
        (
            [lost(id_, code=MISSING) for id_ in IDS[1:3]],
            "everything in accounts 222233334444 (blue), 333344445555 (its report never came); leaves 1 check unknown",
        ),
        (
            [lost(id_, code=CANCELLED) for id_ in IDS[1:]],
            "everything in 4 accounts (not reached before the interruption); leaves 1 check unknown",
        ),
        (
            [lost(IDS[0], region, DEADLINE) for region in ("us-east-1", "us-west-2")],
            (
                "everything in us-east-1, us-west-2 of account 111122223333 (not reached before the --timeout); "
                "leaves 1 check unknown; scan again with a longer --timeout or fewer regions"
            ),
        ),
    ],
)
def test_accounts_of_which_nothing_was_seen(report, shortfalls, says):
    """
    Which accounts or regions are missing, why, and what would help, in one sentence for those that are alike.
    """
    (one,) = unseen(report(*shortfalls, names={IDS[1]: "blue"}))

    assert says == one.sentence


def test_says_how_many_accounts_were_seen(report):
    """
    Where there are several accounts, the reader learns how many of them were scanned.
    """
    assert answered(report(lost(), lost(IDS[2]))).endswith("0 resources in 1 region of 1 of 3 accounts")
    whole = report()
    assert answered(whole).endswith("in 1 region")
    assert answered(evolve(whole, accounts=IDS)).endswith("in 1 region of 5 accounts")


def test_no_grant_admits_to_an_account(report):
    """
    A role to be assumed is no matter of a statement that names every resource.
    """
    assert () == report(lost()).coverage.grants
