from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.backup import BackupVault
from awsaudit_checks.exposed import Mend, Shared, exposure_of, public_problems, stranger_problems


_PUT: Final = "aws backup put-backup-vault-access-policy --region {region} --backup-vault-name {name} --policy {policy}"
_DELETE: Final = "aws backup delete-backup-vault-access-policy --region {region} --backup-vault-name {name}"
_MEND: Final = Mend(lambda new: {"policy": new} if new else {}, cli=_PUT, emptied=_DELETE)


@check(
    "backup-vault-policy-public",
    title="Backup vault policies are not public",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Name the accounts that copy backups into the vault, or bind the statement to the organization.",
        cli=_PUT,
        url="https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html",
    ),
)
def vault_policy_public(vault: BackupVault, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever gets into a vault restores the databases that were backed up there, or deletes the last copy of them. High for
    everybody, medium for accounts that nobody knows; a condition on the organization keeps strangers out and passes.
    """
    shared = Shared(vault.policy, f"the vault {vault.name}", vault.arn, BackupVault.type)
    found = exposure_of(shared, account)
    yield from public_problems(shared, found, account, _MEND)
    yield from stranger_problems(shared, found, account, _MEND, severity=lambda _: Severity.MEDIUM)
