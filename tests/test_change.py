import datetime

import pytest

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from awsaudit import Coverage, Finding, Gap, GapKind, Report, Severity, Status, Subject
from awsaudit.change import Baseline
from awsaudit.check import Suppression
from awsaudit.native import utc
from awsaudit.report import CheckInfo, Shortfall


ACCOUNT, REGION = "123456789012", "eu-west-1"
MOMENT = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
INFO = CheckInfo("sqs-encryption", "t", Severity.HIGH, "sqs", "T", "", "", "", {}, ())
ACCEPTED = Suppression("known", datetime.date(2027, 1, 1))


def finding(name="orders", status=Status.FAIL, check="sqs-encryption", **more):
    subject = Subject(f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", "AWS::SQS::Queue", name)
    said = {"account": ACCOUNT, "region": REGION, **more}
    return Finding(check, status, Severity.HIGH, resource=subject, message="m", **said)


def report(*findings, day=1, **more):
    begun = MOMENT + day * DAY
    said = {"checks": {"sqs-encryption": INFO}, "coverage": Coverage(), "accounts": (ACCOUNT,), **more}
    return Report(
        partition="aws", regions=(REGION,), started=begun, finished=begun + DAY / 24, findings=findings, **said
    )


def gap(**more):
    return Gap(**{
        "account": ACCOUNT, "region": REGION, "service": "sqs", "operation": "ListQueues", "code": "AccessDenied",
        "kind": GapKind.DENIED, **more,
    })  # fmt: skip


def names(findings):
    return [f.resource.name for f in findings]


UNLISTED = finding("*", Status.UNKNOWN, gaps=(gap(),))
NAMELESS = evolve(UNLISTED, resource=Subject("orders", "AWS::SQS::Queue", "orders"))
CLOSED = Coverage(shortfalls=(Shortfall(gap(service="*", operation="*"), 3, ("sqs-encryption",)),))
STOPPED = Coverage(stopped="DeadlineReached")
ELSEWHERE = Coverage(shortfalls=(Shortfall(gap(region="eu-north-1", operation="*"), 3, ("sqs-encryption",)),))


@pytest.mark.parametrize(
    ("later", "fixed"),
    [
        (report(finding(status=Status.PASS), day=2), True),
        (report(finding(status=Status.NOT_APPLICABLE), day=2), True),
        (report(day=2), True),
        (report(finding("ledger", Status.UNKNOWN, gaps=(gap(operation="GetQueueAttributes", resource="l"),)), day=2), True),
        (report(coverage=ELSEWHERE, day=2), True),
        (report(finding(status=Status.UNKNOWN), day=2), False),
        (report(finding(status=Status.UNKNOWN, crashed=True), day=2), False),
        (report(UNLISTED, day=2), False),
        (report(NAMELESS, day=2), False),
        (report(coverage=CLOSED, day=2), False),
        (report(coverage=STOPPED, day=2), False),
        (report(finding(status=Status.PASS), coverage=STOPPED, day=2), True),
        (report(narrowed=True, day=2), False),
        (report(finding(status=Status.PASS), narrowed=True, day=2), True),
        (report(checks={}, day=2), False),
        (report(accounts=("999999999999",), day=2), False),
        (evolve(report(day=2), regions=("eu-north-1",)), False),
    ],
)  # fmt: skip
def test_fixed_only_where_it_was_looked_for(later, fixed):
    """
    A failure is fixed if its resource passes or is gone; where the later scan could not tell it is not seen again.
    """
    changes = report(finding()).diff(later)

    assert (["orders"] if fixed else [], [] if fixed else ["orders"], []) == (
        names(changes.fixed),
        names(changes.unseen),
        names(changes.new),
    )


def test_global_resources_are_in_every_scan():
    """
    What has no region was looked at whichever regions were scanned.
    """
    changes = report(finding(region="global")).diff(report(day=2))

    assert ["orders"] == names(changes.fixed)


def test_two_problems_of_a_resource_are_two_failures():
    """
    One of two problems may be fixed, and another be new.
    """
    old, same, new = (finding(sub_key=key) for key in ("old", "same", "new"))

    changes = report(old, same).diff(report(same, new, day=2))

    assert ((new,), ["old"], ()) == (changes.new, [f.sub_key for f in changes.fixed], changes.unseen)


@pytest.mark.parametrize(
    ("coverage", "fixed"),
    [
        (Coverage(), True),
        (Coverage(shortfalls=(Shortfall(gap(operation="GetQueueAttributes", resource="x"), 1, ()),)), False),
        (Coverage(shortfalls=(Shortfall(gap(operation="ListDeadLetterSourceQueues"), 1, ()),)), True),
        (Coverage(shortfalls=(Shortfall(gap(account="999999999999", operation="GetQueueAttributes"), 1, ()),)), True),
        (CLOSED, False),
        (STOPPED, False),
    ],
)
def test_a_problem_may_hide_behind_another(coverage, fixed):
    """
    Where a resource still fails, another of its problems is fixed only if every call of the check was answered.
    """
    checks = {"sqs-encryption": evolve(INFO, operations=("sqs:GetQueueAttributes", "sqs:ListQueues"))}
    changes = report(finding(sub_key="one"), finding(sub_key="two")).diff(
        report(finding(sub_key="one"), day=2, checks=checks, coverage=coverage)
    )

    assert (["two"], []) == tuple([f.sub_key for f in found] for found in (changes.fixed, changes.unseen))[
        :: 1 if fixed else -1
    ]


@pytest.mark.parametrize("missed", [True, False])
def test_a_report_that_does_not_name_calls_is_no_evidence(missed):
    """
    Where a report does not say which calls a check makes, as older ones do not, any refused one may hide a problem.
    """
    coverage = Coverage(shortfalls=(Shortfall(gap(service="kms", operation="ListKeys"), 1, ()),) if missed else ())
    changes = report(finding(sub_key="one"), finding(sub_key="two")).diff(
        report(finding(sub_key="one"), day=2, coverage=coverage)
    )

    assert ([] if missed else ["two"]) == [f.sub_key for f in changes.fixed]


def test_a_failure_that_is_accepted_is_no_news():
    """
    To accept a failure makes it neither fixed nor new; when that ends it is new again.
    """
    failing, accepted = finding(), finding(suppression=ACCEPTED)

    changes = report(failing).diff(report(accepted, day=2))

    assert ((), (), ()) == (changes.new, changes.fixed, changes.unseen)
    assert (failing,) == report(accepted).diff(report(failing, day=2)).new
    assert () == report().diff(report(accepted, day=2)).new


def test_first_seen_is_carried_over():
    """
    A failure keeps the day on which it was first found; a new one gets that of its scan, what does not fail none.
    """
    first = report(finding(), day=1)
    second = Baseline.of(first).compare(report(finding(), finding("ledger"), finding("p", Status.PASS), day=2))
    third = Baseline.of(second).compare(report(finding(), finding("ledger"), day=3))

    assert [utc(first.started), utc(second.started), None] == [f.first_seen for f in second.findings]
    assert [utc(first.started), utc(second.started)] == [f.first_seen for f in third.findings]


def test_what_was_not_seen_is_remembered():
    """
    A failure that a scan could not look for is neither new nor forgotten afterwards.
    """
    first = report(finding(), day=1)
    blind = Baseline.of(first).compare(report(UNLISTED, day=2))
    still = Baseline.of(blind).compare(report(finding(), day=3))
    gone = Baseline.of(blind).compare(report(day=3))

    assert ((), [utc(first.started)]) == (still.changes.new, [f.first_seen for f in still.findings])
    assert ["orders"] == names(gone.changes.fixed)


STATES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(Status), max_size=6)


def of(states, day):
    return report(*(finding(name, status) for name, status in sorted(states.items())), day=day)


@given(STATES, STATES)
def test_every_failure_has_one_fate(before, after):
    """
    Each earlier failure is still there, fixed or not seen; each later one is new or was there.
    """
    earlier, later = of(before, 1), of(after, 2)
    changes = earlier.diff(later)
    failed = set(names(earlier.failed))
    now = set(names(later.failed))

    assert sorted(names(changes.new)) == sorted(now - failed)
    assert sorted([*names(changes.fixed), *names(changes.unseen)]) == sorted(failed - now)


@given(STATES)
def test_nothing_changes_between_a_report_and_itself(states):
    """
    A report compared with itself has no news.
    """
    same = of(states, 1)
    changes = same.diff(same)

    assert ((), (), ()) == (changes.new, changes.fixed, changes.unseen)
