from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.backup.vault_policy_public import vault_policy_public
from tests.estate import FOREIGN, alone


def copies(principal, **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def test_flags_everybody(vault):
    """
    High; the command puts a policy without them, or takes it away where nothing is left.
    """
    (finding,) = run_check(vault_policy_public, vault(copies("*")), *alone())

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "--backup-vault-name nightly" in finding.fix


def test_flags_accounts_that_nobody_knows(vault):
    """
    Medium.
    """
    (finding,) = run_check(vault_policy_public, vault(copies({"AWS": f"arn:aws:iam::{FOREIGN}:root"})), *alone())

    assert Severity.MEDIUM is finding.severity


def test_passes_the_own_account_and_no_policy(vault):
    """
    A condition that binds everybody to the account keeps strangers out.
    """
    bound = copies("*", StringEquals={"aws:PrincipalAccount": "111122223333"})

    for each in (vault(), vault(bound)):
        assert [Status.PASS] == statuses(run_check(vault_policy_public, each, *alone()))
