from collections.abc import Iterator

from awsaudit import EvidenceMissing, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, zone_of
from awsaudit.resources.ec2 import Snapshot


@check(
    "ebs-snapshot-cross-account",
    title="Snapshots are shared only with known accounts",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Stop sharing the snapshot with the account, or name the account under [trust] if it is yours. A copy that was "
        "made meanwhile stays where it is.",
        cli="aws ec2 modify-snapshot-attribute --region {region} --snapshot-id {id} "
        "--attribute createVolumePermission --operation-type remove --user-ids {sharer}",
        url="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
    ),
)
def snapshot_cross_account(snapshot: Snapshot, account: Inventory) -> Iterator[Problem]:
    """
    An account that a snapshot is shared with makes volumes of it and reads the whole disk, and keeps its copy after the
    sharing ends. The account itself, its organization and accounts under [trust] pass; sharing with everybody is told of
    by ebs-snapshot-public. Snapshots that are encrypted with AWS's own key cannot be shared.
    """
    if snapshot.state != "completed":
        raise NotApplicable(f"the snapshot is {snapshot.state}")
    zone = zone_of(account)
    unknown = [sharer for sharer in snapshot.shared_with if not zone.has(sharer)]
    if unknown and zone.unseen:
        raise EvidenceMissing(zone.unseen)
    for sharer in sorted(set(unknown)):
        yield Problem(
            f"account {sharer}, which nothing says you know, may make volumes of it",
            expected="shared with known accounts only",
            found=f"shared with {sharer}",
            sub_key=sharer,
            fill={"sharer": sharer},
        )
