from collections.abc import Collection, Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.declare import Resource
from awsaudit.resources.ecr import Repository
from awsaudit.resources.eks import Cluster
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
        Cluster.encryption,
        Cluster.name,
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
    cannot be used either. Worst is a key that an EKS cluster, queue, repository or secret still names. A multi-Region replica can be
    made again from its primary as long as that is there.
    """
    if key.manager != "CUSTOMER":
        raise NotApplicable("AWS manages the key; it cannot be deleted")
    if key.state not in {"PendingDeletion", "PendingReplicaDeletion"}:
        return
    aliases = [alias for alias in account.seen(Alias, key.region) if alias.key_id == key.id]
    users = sorted(_users(key, aliases, account))
    severity = Severity.CRITICAL if users else Severity.HIGH
    if key.multi_region_kind == "REPLICA" and _primary_state(key, account) == "Enabled":
        severity = Severity.MEDIUM
    known = f" (known as {', '.join(sorted(alias.name for alias in aliases))})" if aliases else ""
    used = f"; {users[0]}{f' and {len(users) - 1} more' if len(users) > 1 else ''} still names it" if users else ""
    gone = Hop(key.arn, Key.type, f"is encrypted with it: {key.state}", holds=False)
    yield Problem(
        f"{_when(key)}{known}{used}",
        expected="Enabled",
        found=key.state,
        severity=severity,
        path=(Hop(users[0], "user of the key"), gone) if users else (),
    )


def _when(key: Key) -> str:
    if key.deletion_date:
        return f"it is deleted on {key.deletion_date:%Y-%m-%d}"
    if key.deletion_window:
        return f"it is deleted {key.deletion_window} days after the last of its replicas"

    return "it is deleted soon"


def _users(key: Key, aliases: Collection[Alias], account: Inventory) -> Iterator[str]:
    """Yield the ARNs of what names the key, as far as it could be seen: the verdict does not hang on it."""
    names = {key.id, key.arn, *(alias.name for alias in aliases), *(alias.arn for alias in aliases)}
    for kind in (Cluster, Queue, Repository, Secret):
        for resource in account.seen(kind, key.region):
            if names.intersection(_keys_of(resource)):
                yield str(resource.know("arn") or kind.type)


def _keys_of(resource: Resource) -> Iterator[str | None]:
    yield resource.know("kms_key_id")
    for encryption in resource.know("encryption") or () if isinstance(resource, Cluster) else ():
        yield encryption.key_arn


def _primary_state(key: Key, account: Inventory) -> str | None:
    """Return the state of a replica's primary; None where its region is not scanned, or it could not be read."""
    return next((other.know("state") for other in account.seen(Key) if other.arn == key.primary_arn), None)
