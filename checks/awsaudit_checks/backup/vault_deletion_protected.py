from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import Policy, Statement
from awsaudit.access.policy import Form
from awsaudit.resources.backup import BackupVault
from awsaudit_checks.exposed import Shared, policy_of


_ACTIONS: Final = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle")


@check(
    "backup-vault-deletion-protected",
    title="Backup vaults resist deletion of recovery points",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Lock the vault (the command locks it in governance mode, in which named administrators can still unlock it), or "
        "deny deletion in its policy to all but a named role.",
        cli="aws backup put-backup-vault-lock-configuration --region {region} --backup-vault-name {name} "
        "--min-retention-days 7",
        url="https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
    ),
)
def vault_deletion_protected(vault: BackupVault) -> Iterator[Problem]:
    """
    Who blackmails deletes the backups first. A locked vault passes, an air-gapped one, and one whose policy denies deleting
    recovery points and shortening their lives to everybody, or to everybody but those whom a condition or NotPrincipal
    names. Empty vaults are not judged.
    """
    if vault.points == 0:
        raise NotApplicable("the vault is empty")
    if vault.locked or vault.kind != "BACKUP_VAULT":
        return
    policy = policy_of(Shared(vault.policy, f"the vault {vault.name}", vault.arn, BackupVault.type))
    open_actions = [action for action in _ACTIONS if policy is None or not _denied(policy, action)]
    if open_actions:
        yield Problem(
            f"nothing but IAM keeps anybody from {', '.join(open_actions)}",
            expected="a lock, or a Deny in its policy",
            found="neither",
        )


def _denied(policy: Policy, action: str) -> bool:
    return any(not s.allow and s.is_about(action) and _is_general(s) for s in policy.statements)


def _is_general(statement: Statement) -> bool:
    everybody = any(entry.form is Form.ANYONE for entry in statement.principals or ())
    # Exceptions are made by who asks; other conditions would leave the vault open at times.
    excepting = all(c.key in {"aws:principalarn", "aws:userid"} and c.operator.negated for c in statement.conditions)

    return (everybody and excepting) or bool(statement.not_principals)
