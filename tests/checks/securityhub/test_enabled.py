from awsaudit import Status
from awsaudit.resources.securityhub import HUB, STANDARDS, Hub
from awsaudit.resources.sqs import LIST, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.securityhub.enabled import enabled


USED = fake(Queue, {LIST: "https://sqs.eu-west-1.amazonaws.com/111122223333/deposits"})
ARN = "arn:aws:securityhub:eu-west-1:111122223333:hub/default"


def hub(*states, on=True):
    standards = [{"StandardsArn": f"arn:{n}", "StandardsStatus": state} for n, state in enumerate(states)]
    return fake(Hub, {HUB: {"HubArn": ARN} if on else None, STANDARDS: standards if on else None})


def test_flags_a_used_region_without_it():
    """
    Off, or on without a standard: each has its command.
    """
    (off,) = run_check(enabled, hub(on=False), USED)
    (idle,) = run_check(enabled, hub("DELETING"), USED)

    assert off.fix.startswith("aws securityhub enable-security-hub --region eu-west-1 ")
    assert idle.fix.startswith("aws securityhub batch-enable-standards --region eu-west-1 ")


def test_passes_one_standard():
    """
    Ready, or incomplete for want of a recorder.
    """
    for state in ("READY", "INCOMPLETE"):
        assert [Status.PASS] == statuses(run_check(enabled, hub(state, "PENDING"), USED))


def test_waits_and_leaves_unused_regions_alone():
    """
    Standards that are being switched on, and regions without anything.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(enabled, hub("PENDING"), USED))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(enabled, hub(on=False)))


def test_is_unknown_where_it_cannot_be_seen():
    """
    Refused is not off.
    """
    assert [Status.UNKNOWN] == statuses(run_check(enabled, fake(Hub), USED))
