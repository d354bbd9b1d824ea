from awsaudit.resources.inspector import STATUS, Scanning
from awsaudit.testing import call_faults, fake
from tests.test_collect import Session, collect


def state(status):
    return {"status": status, "errorCode": "ALREADY_ENABLED", "errorMessage": "-"}


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(Scanning))


def test_states_by_kind_of_scan():
    """
    Of the scanned account; kinds that AWS does not tell of are unset.
    """
    session = Session()
    kinds = {"ec2": state("ENABLED"), "ecr": state("DISABLED"), "lambda": state("ENABLING")}
    told = {"accountId": "111122223333", "state": state("ENABLED"), "resourceState": kinds}
    session.stub("inspector2").add_response(
        "batch_get_account_status", {"accounts": [told]}, {"accountIds": ["111122223333"]}
    )

    (found,) = collect(session, Scanning).every(Scanning)

    assert ("ENABLED", "DISABLED", "ENABLING") == (found.ec2, found.ecr, found.functions)
    assert (None, None) == (found.function_code, found.error)


def test_why_aws_could_not_tell():
    """
    The account then stands among those that failed.
    """
    failed = [{"accountId": "111122223333", "errorCode": "ACCESS_DENIED"}]
    found = fake(Scanning, {STATUS: {"accounts": [], "failedAccounts": failed}})

    assert (None, "ACCESS_DENIED") == (found.ec2, found.error)
