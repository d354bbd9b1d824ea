import pytest

from awsaudit import Status
from awsaudit.resources.secretsmanager import COPIES, Secret
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.secretsmanager.unused import unused


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf"
WITH_COPY = {"PrimaryRegion": "eu-west-1"}


def copied(**status):
    return {COPIES: {"ReplicationStatus": [{"Region": "us-east-1", **status}]}}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"LastAccessedDate": "2026-11-20T00:00:00Z"}, Status.PASS),
        ({"LastAccessedDate": "2026-08-27T00:00:00Z"}, Status.PASS),
        ({"LastAccessedDate": "2026-08-01T00:00:00Z"}, Status.FAIL),
        ({}, Status.FAIL),
        ({"CreatedDate": "2026-11-01T00:00:00Z"}, Status.PASS),
    ],
)
def test_flags_secrets_that_nobody_uses(secret, fields, status):
    """
    Longer than 90 days, or never; a young one has time.
    """
    assert [status] == statuses(run_check(unused, secret({COPIES: None}, **fields)))


def test_deletes_what_is_unused(secret):
    """
    With the longest recovery window.
    """
    [finding] = run_check(unused, secret({COPIES: None}))

    assert "it was never used since it was made on 2025-01-01" == finding.message
    assert (
        f"aws secretsmanager delete-secret --region eu-west-1 --secret-id {ARN} --recovery-window-in-days 30"
        == finding.fix
    )


def test_takes_copies_away_first(secret):
    """
    AWS refuses to delete a secret that has copies.
    """
    [finding] = run_check(unused, secret(copied(), **WITH_COPY))

    assert finding.fix.startswith(
        f"aws secretsmanager remove-regions-from-replication --region eu-west-1 --secret-id {ARN} "
        "--remove-replica-regions '[\"us-east-1\"]' && aws secretsmanager delete-secret"
    )


@pytest.mark.parametrize(
    ("day", "status"), [("2026-11-20T00:00:00Z", Status.PASS), ("2026-01-20T00:00:00Z", Status.FAIL)]
)
def test_the_use_of_a_copy_counts(secret, day, status):
    """
    AWS counts uses by region.
    """
    assert [status] == statuses(run_check(unused, secret(copied(LastAccessedDate=day), **WITH_COPY)))


def test_unseen_copies_are_unknown(secret):
    """
    Unless the secret itself is used.
    """
    hidden = {COPIES: refused(Secret, COPIES)}

    assert [Status.UNKNOWN] == statuses(run_check(unused, secret(hidden, **WITH_COPY)))
    assert [Status.PASS] == statuses(
        run_check(unused, secret(hidden, LastAccessedDate="2026-11-20T00:00:00Z", **WITH_COPY))
    )


def test_days_are_an_option(secret):
    """
    The longest time is the owner's to say.
    """
    used = secret({COPIES: None}, LastAccessedDate="2026-11-01T00:00:00Z")

    assert [Status.FAIL] == statuses(run_check(unused, used, max_unused_days=7))


@pytest.mark.parametrize(
    "fields",
    [{"DeletedDate": "2026-11-30T00:00:00Z"}, {"PrimaryRegion": "us-east-1"}, {"OwningService": "rds"}],
)
def test_does_not_apply(secret, fields):
    """
    Secrets to be deleted, copies, and those of services.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(unused, secret(**fields)))
