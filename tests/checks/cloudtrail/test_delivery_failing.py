import datetime

import pytest

from awsaudit import Status
from awsaudit.resources.cloudtrail import STATUS, OwnTrail
from awsaudit.testing import AS_OF, refused, run_check, statuses
from awsaudit_checks.cloudtrail.delivery_failing import delivery_failing
from tests.checks.cloudtrail.trails import own


def ago(**age):
    return (AS_OF - datetime.timedelta(**age)).isoformat()


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"LatestDeliveryTime": ago(hours=1)}, []),
        ({"LatestDeliveryTime": ago(days=3), "LatestDigestDeliveryTime": ago(hours=1)}, []),
        ({"StartLoggingTime": ago(hours=2)}, []),
        ({"LatestDeliveryTime": ago(days=3)}, ["late"]),
        ({"LatestDeliveryTime": ago(days=3), "LatestDigestDeliveryTime": ago(days=3)}, ["late"]),
        ({"StartLoggingTime": ago(days=2)}, ["late"]),
        ({"LatestDeliveryTime": ago(hours=1), "LatestDeliveryError": ""}, []),
        ({"LatestDeliveryTime": ago(days=3), "LatestDeliveryError": "AccessDenied"}, ["files"]),
        ({"LatestDeliveryTime": ago(hours=1), "LatestDigestDeliveryError": "AccessDenied"}, ["signatures"]),
    ],
)
def test_judges_what_was_written_last(told, keys):
    """
    An error, or nothing for a day; a trail that was just started has time.
    """
    findings = run_check(delivery_failing, own({STATUS: {"IsLogging": True, **told}}))

    assert keys == [finding.sub_key for finding in findings if finding.status is Status.FAIL]
    assert keys or [Status.PASS] == statuses(findings)


def test_does_not_judge_a_trail_that_is_stopped():
    """
    It has nothing to write; whether it is stopped, has to be known.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(delivery_failing, own({STATUS: {"IsLogging": False}})))
    assert [Status.UNKNOWN] == statuses(run_check(delivery_failing, own({STATUS: refused(OwnTrail, STATUS)})))
