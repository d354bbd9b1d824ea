from awsaudit import Status
from awsaudit.resources.sqs import LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.guardduty.enabled import enabled


USED = fake(Queue, {LIST: "https://sqs.eu-west-1.amazonaws.com/111122223333/deposits"})


def test_flags_a_used_region_without_it(detector):
    """
    Never switched on, or suspended: each has its command.
    """
    (never,) = run_check(enabled, detector(id_=None), USED)
    (suspended,) = run_check(enabled, detector(status="DISABLED"), USED)

    assert "aws guardduty create-detector --region eu-west-1 --enable" == never.fix
    assert suspended.fix.endswith(
        "update-detector --region eu-west-1 --detector-id 12abc34d567e8fa901bc2d34e56789f0 --enable"
    )


def test_passes_where_it_is_on(detector):
    """
    Used or not.
    """
    assert [Status.PASS] == statuses(run_check(enabled, detector()))


def test_an_unused_region_is_not_judged(detector):
    """
    Nothing is there; where that cannot be seen it is unknown.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(enabled, detector(id_=None)))
    assert [Status.UNKNOWN] == statuses(run_check(enabled, detector(id_=None), unlisted=[Queue]))
