from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ecr import Repository
from awsaudit.resources.kms import Alias, Key
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.sqs import Queue


@check(
    "kms-pending-deletion",
    title="No customer key is scheduled for deletion",
    severity=Severity.HIGH,
    uses=(
        Alias.arn,
        Alias.name,
        Alias.key_id,
        Queue.kms_key_id,
        Repository.arn,
        Repository.kms_key_id,
        Secret.arn,
        Secret.kms_key_id,
    ),
    equivalents=("prowler:kms_cmk_not_deleted_unintentionally",),
    remediation=Remediation(
        text="Cancel the deletion and enable the key again, unless you know that nothing is encrypted under it any more. "
        "To find out, leave it disabled for a while instead of deleting it.",
        cli="aws kms cancel-key-deletion --region {region} --key-id {id} "
        "&& aws kms enable-key --region {region} --key-id {id}",
        url="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-scheduling-key-deletion.html",
    ),
)
def pending_deletion(key: Key, account: Inventory) -> Iterator[Problem]:
    """
    Once a key is deleted, nothing that was encrypted under it can ever be read again, backups included; until then it
    cannot be used either. Worst is a key that a queue, secret or repository still names. A multi-Region replica can be
    made again from its primary as long as that is there.
    """
    if key.manager != "CUSTOMER":
        raise NotApplicable("AWS manages the key; it cannot be deleted")
    if key.state not in {"PendingDeletion", "PendingReplicaDeletion"}:
        return
    users = sorted(_users(key, account))
    severity = Severity.CRITICAL if users else Severity.HIGH
    if key.multi_region_kind == "REPLICA" and _primary_state(key, account) == "Enabled":
        severity = Severity.MEDIUM
    used = f"; {users[0]}{f' and {len(users) - 1} more' if len(users) > 1 else ''} still names it" if users else ""
    yield Problem(f"{_when(key)}{used}", expected="Enabled", found=key.state, severity=severity)


def _when(key: Key) -> str:
    if key.deletion_date:
        return f"it is deleted on {key.deletion_date:%Y-%m-%d}"
    if key.deletion_window:
        return f"it is deleted {key.deletion_window} days after the last of its replicas"

    return "it is deleted soon"


def _users(key: Key, account: Inventory) -> Iterator[str]:
    """Yield the ARNs of what names the key, as far as it could be seen: the verdict does not hang on it."""
    names = {key.id, key.arn}
    for alias in account.seen(Alias, key.region):
        if alias.key_id == key.id:
            names |= {alias.name, alias.arn}
    for kind in (Queue, Repository, Secret):
        for resource in account.seen(kind, key.region):
            if resource.know("kms_key_id") in names:
                yield str(resource.know("arn") or kind.type)


def _primary_state(key: Key, account: Inventory) -> str | None:
    """Return the state of a replica's primary; None where its region is not scanned, or it could not be read."""
    return next((other.know("state") for other in account.seen(Key) if other.arn == key.primary_arn), None)
