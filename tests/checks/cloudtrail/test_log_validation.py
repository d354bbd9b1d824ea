from awsaudit import Status
from awsaudit.resources.cloudtrail import STATUS, OwnTrail
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.cloudtrail.log_validation import log_validation
from tests.checks.cloudtrail.trails import own


def test_wants_signatures_of_a_trail_that_records():
    """
    One that is stopped writes nothing to sign.
    """
    assert [Status.PASS] == statuses(run_check(log_validation, own(LogFileValidationEnabled=True)))
    (finding,) = run_check(log_validation, own(LogFileValidationEnabled=False))
    assert Status.FAIL is finding.status
    assert finding.fix.endswith("trail/main --enable-log-file-validation")
    assert [Status.NOT_APPLICABLE] == statuses(run_check(log_validation, own({STATUS: {"IsLogging": False}})))
    assert [Status.UNKNOWN] == statuses(run_check(log_validation, own({STATUS: refused(OwnTrail, STATUS)})))
