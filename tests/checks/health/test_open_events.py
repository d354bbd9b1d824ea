import datetime

import pytest

from awsaudit import Status
from awsaudit.resources.health import ENTITIES, EVENTS, SUPPORT, Account, Event
from awsaudit.testing import AS_OF, fake, run_check, statuses
from awsaudit_checks.health.open_events import open_events


SUPPORTED = fake(Account, {SUPPORT: {"events": []}})
CODE = "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED"


def event(*entities, days=3, name="a1", **fields):
    told = {
        "arn": f"arn:aws:health:eu-west-1::event/EC2/{CODE}/{CODE}_{name}",
        "eventTypeCode": CODE,
        "eventTypeCategory": "scheduledChange",
        "eventScopeCode": "ACCOUNT_SPECIFIC",
        "region": "eu-west-1",
        "startTime": (AS_OF + datetime.timedelta(days=days)).isoformat(),
        **fields,
    }
    return fake(Event, {EVENTS: told, ENTITIES: list(entities)})


def entity(status="PENDING", name="i-0123456789abcdef0"):
    return {"entityValue": name, "statusCode": status}


@pytest.mark.parametrize(
    "judged",
    [
        event(entity(), days=15),
        event(entity("RESOLVED"), entity("UNIMPAIRED", "i-2")),
        event(entity(), eventScopeCode="PUBLIC"),
        event(entity(), eventTypeCategory="accountNotification"),
        event(entity(), startTime=None),
        event(entity(), eventTypeCategory="issue", actionability="ACTION_MAY_BE_REQUIRED"),
    ],
)
def test_accepts_what_does_not_press(judged):
    """
    Changes that are far off or settled, public events, what requires nothing.
    """
    assert [Status.PASS] == statuses(run_check(open_events, SUPPORTED, judged))


@pytest.mark.parametrize(
    "judged",
    [
        event(entity()),
        event(entity(), days=14),
        event(entity("IMPAIRED"), days=-3),
        event(entity(None), entity("RESOLVED", "i-2")),
        event(),
        event(entity(), days=90, eventTypeCategory="accountNotification", actionability="ACTION_REQUIRED"),
    ],
)
def test_flags_what_presses(judged):
    """
    Changes that are near or overdue, and whatever requires an action; an event without resources concerns the account.
    """
    assert [Status.FAIL] == statuses(run_check(open_events, SUPPORTED, judged))


def test_tells_event_by_event():
    """
    With the day, and the resources that are not settled.
    """
    names = [f"i-{number}" for number in range(5)]
    many = event(*(entity(name=name) for name in names), name="a2")
    one, two = run_check(open_events, SUPPORTED, event(), many)

    assert f"{CODE} in eu-west-1 from 2026-11-27: what it affects is not told" == one.message
    assert f"{CODE} in eu-west-1 from 2026-11-27: i-0, i-1, i-2 and 2 more" == two.message
    assert one.fingerprint != two.fingerprint


def test_the_days_are_an_option():
    """
    Who needs longer asks for more.
    """
    assert [Status.FAIL] == statuses(run_check(open_events, SUPPORTED, event(days=20), days=30))
    assert [Status.PASS] == statuses(run_check(open_events, SUPPORTED, event(days=3), days=1))


def test_accounts_without_a_support_plan_cannot_be_asked():
    """
    AWS refuses them, and that is no pass.
    """
    refused = fake(Account, {SUPPORT: {"error_code": "SubscriptionRequiredException"}})
    (finding,) = run_check(open_events, refused)

    assert Status.NOT_APPLICABLE is finding.status
    assert "support plan" in finding.message


def test_does_not_know_what_it_cannot_see():
    """
    Events that could not be listed, and what they affect.
    """
    hidden = fake(Event, {EVENTS: {"arn": "arn:aws:health:eu-west-1::event/EC2/A/A_1", "eventTypeCode": CODE,
                                   "eventTypeCategory": "issue", "eventScopeCode": "ACCOUNT_SPECIFIC",
                                   "actionability": "ACTION_REQUIRED"}})  # fmt: skip

    assert [Status.UNKNOWN] == statuses(run_check(open_events, fake(Account)))
    assert [Status.UNKNOWN] == statuses(run_check(open_events, SUPPORTED, unlisted=[Event]))
    assert [Status.UNKNOWN] == statuses(run_check(open_events, SUPPORTED, hidden))
