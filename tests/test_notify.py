import datetime

import pytest

from attrs import evolve

from awsaudit import Severity, Status
from awsaudit.change import Baseline
from awsaudit.notify import ALWAYS, News, Notify


TOPIC = Notify("arn:aws:sns:eu-west-1:111122223333:alerts")


@pytest.fixture(name="before")
def _before(make_report, make_finding):
    return make_report(make_finding("orders", severity=Severity.HIGH), make_finding("invoices", severity=Severity.LOW))


def news(before, report, least=Severity.INFO):
    return News.of(Baseline.of(before).compare(report), before, "111122223333", least)


def test_nothing_new(before):
    """
    A report like the one before it is no news.
    """
    assert not news(before, before).due(TOPIC, before)


def test_without_a_topic_nobody_is_told(before):
    """
    However much there is to tell.
    """
    assert not News.of(before, None, "111122223333").due(Notify(on=ALWAYS), None)


def test_always(before):
    """
    Who wants every report is told of every one.
    """
    assert news(before, before).due(evolve(TOPIC, on=ALWAYS), before)


def test_what_is_not_severe_enough(before, make_report, make_finding):
    """
    New and fixed failures below the least severity are no news; what else there is is told of the severe ones alone.
    """
    later = make_report(
        make_finding("orders", severity=Severity.HIGH), make_finding("refunds", severity=Severity.MEDIUM)
    )

    assert not news(before, later, Severity.HIGH).due(TOPIC, before)
    assert ["refunds"] == [finding.resource.name for finding in news(before, later).new]


def test_what_could_be_seen_before(before, make_report, refusal):
    """
    What is refused for the first time is news, and no more the time after.
    """
    later = make_report(*before.findings, coverage=refusal)
    first = news(before, later)

    assert first.due(TOPIC, before)
    assert "not everything was seen" in first.subject()
    assert "grant kms:GetKeyPolicy" in first.message(())
    assert not news(later, later).due(TOPIC, later)


@pytest.mark.parametrize(("days", "expected"), [(0, False), (1, True)])
def test_heartbeat(before, days, expected):
    """
    On its day the first run tells in any case, and a second one of the day does not.
    """
    tuesday = evolve(before, finished=before.finished + datetime.timedelta(days=days))
    day = f"{tuesday.finished:%A}".lower()

    assert expected == news(before, tuesday).due(evolve(TOPIC, heartbeat=day), before)


def test_an_incomplete_run_is_news(before, refusal):
    """
    A run that ended early tells every time.
    """
    cut = evolve(before, coverage=evolve(before.coverage, stopped="DeadlineReached"))

    assert news(cut, cut).due(TOPIC, cut)
    assert "ended early (DeadlineReached)" in news(cut, cut).message(())


def test_hostile_names(make_report, make_finding, hostile_names):
    """
    A name makes no line of its own, and no character that is not printed.
    """
    found = [
        make_finding(name, status=Status.FAIL, arn=f"arn:aws:sqs:eu-west-1:111122223333:{name}")
        for name in hostile_names
    ]
    told = News.of(make_report(*found), None, "111122223333")

    assert told.subject().isascii()
    assert all(line.isprintable() for line in told.message(("s3://reports/a.json",)).split("\n"))


def test_limits(make_report, make_finding):
    """
    Subject and message keep to what SNS takes, whatever is found.
    """
    found = [make_finding(f"{number}-{'x' * 20_000}", message="y" * 20_000) for number in range(50)]
    told = News.of(make_report(*found), None, "o" * 200)

    assert 100 == len(told.subject())
    assert len(told.message(()).encode()) < 262_144
    assert "and 30 more" in News.of(make_report(*(make_finding(str(n)) for n in range(50))), None, "a").message(())
