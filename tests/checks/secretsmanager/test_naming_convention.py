import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.secretsmanager.naming_convention import naming_convention


@pytest.mark.parametrize("name", ["deposits/prod/db", "signer-2/dev/api/key"])
def test_names_that_tell_application_and_environment_pass(secret, name):
    """
    Application, environment and what it is.
    """
    assert [Status.PASS] == statuses(run_check(naming_convention, secret(Name=name)))


@pytest.mark.parametrize(
    "name", ["deposits", "prod/db", "deposits/production/db", "Deposits/prod/db", "x y/deposits/prod/db"]
)
def test_notes_other_names(secret, name):
    """
    It is for information: a secret cannot be renamed.
    """
    [finding] = run_check(naming_convention, secret(Name=name))

    assert (Status.FAIL, Severity.INFO, name) == (finding.status, finding.severity, finding.found)


def test_the_convention_is_an_option(secret):
    """
    The whole name has to match it; what is no regular expression is told.
    """
    assert [Status.PASS] == statuses(run_check(naming_convention, secret(Name="db-prod"), pattern="[a-z]+-prod"))
    assert [Status.FAIL] == statuses(run_check(naming_convention, secret(Name="db-prod-2"), pattern="[a-z]+-prod"))
    assert [Status.UNKNOWN] == statuses(run_check(naming_convention, secret(), pattern="("))


@pytest.mark.parametrize(
    "fields",
    [{"DeletedDate": "2026-11-30T00:00:00Z"}, {"PrimaryRegion": "us-east-1"}, {"OwningService": "rds"}],
)
def test_does_not_apply(secret, fields):
    """
    Secrets to be deleted, copies, and those of services.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(naming_convention, secret(**fields)))
