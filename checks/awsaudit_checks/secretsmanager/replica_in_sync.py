import datetime

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.secretsmanager import Replica, Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_replica


_HOUR = datetime.timedelta(hours=1)


@check(
    "secretsmanager-replica-in-sync",
    title="Secret replicas are in sync",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Mend what the message says (a secret of the same name, or a key that may not be used), then replicate "
        "again. The command overwrites a secret of the same name in that region.",
        cli="aws secretsmanager replicate-secret-to-regions --region {region} --secret-id {arn} "
        "--add-replica-regions {replica} --force-overwrite-replica-secret",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_replication.html",
    ),
)
def replica_in_sync(secret: Secret) -> Iterator[Problem]:
    """
    A replica that is not in sync still holds the credential before the last rotation, or none: the standby region finds
    out on the day that it is needed. Every replica has to be in sync; one that is still being written an hour after the
    last change counts as failed.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    replicas = secret.replicas
    if not replicas:
        raise NotApplicable("it has no replicas")
    settled = secret.changed is None or secret.age(secret.changed) > _HOUR
    behind = [r for r in replicas if r.status == "Failed" or (r.status != "InSync" and settled)]
    for replica in behind:
        why = f": {replica.message}" if replica.message else ""
        yield Problem(
            f"the replica in {replica.region} is {replica.status}{why}",
            expected="InSync",
            found=replica.status,
            sub_key=replica.region,
            fill={"replica": _as_option(replica)},
        )
    under_way = [r.region for r in replicas if r.status != "InSync"]
    if under_way and not behind:
        raise Undecided(f"it is being replicated to {', '.join(under_way)}")


def _as_option(replica: Replica) -> str:
    key = f",KmsKeyId={replica.kms_key_id}" if replica.kms_key_id else ""
    return f"Region={replica.region}{key}"
