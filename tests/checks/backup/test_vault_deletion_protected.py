import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.backup.vault_deletion_protected import vault_deletion_protected


ACTIONS = ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]


def deny(actions=ACTIONS, **condition):
    statement = {"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


ADMIN = {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/backup-admin"}


@pytest.mark.parametrize(
    "statements",
    [
        (),
        (deny(ACTIONS[:1]),),
        (deny(Bool={"aws:MultiFactorAuthPresent": "false"}),),
        (deny(ArnEquals=ADMIN),),
    ],
)
def test_flags_a_vault_that_anybody_with_rights_empties(vault, statements):
    """
    No policy, half of one, or one that denies at times.
    """
    (finding,) = run_check(vault_deletion_protected, vault(*statements))

    assert Status.FAIL is finding.status
    assert finding.fix.endswith("--backup-vault-name nightly --min-retention-days 7")


@pytest.mark.parametrize(
    ("statements", "listed"),
    [
        ((), {"Locked": True}),
        ((), {"VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"}),
        ((deny(),), {}),
        ((deny("backup:*", ArnNotEquals=ADMIN),), {}),
    ],
)
def test_passes_locks_and_denials(vault, statements, listed):
    """
    A lock, an air-gapped vault, or a Deny for everybody but those that it names.
    """
    assert [Status.PASS] == statuses(run_check(vault_deletion_protected, vault(*statements, **listed)))


def test_an_empty_vault_is_not_judged(vault):
    """
    There is nothing to delete.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(vault_deletion_protected, vault(NumberOfRecoveryPoints=0)))
