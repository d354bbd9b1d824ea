from collections.abc import Iterator
from typing import Final

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import EbsSettings


_ALL: Final = "block-all-sharing"


@check(
    "ebs-snapshot-public",
    title="No snapshot is public",
    severity=Severity.CRITICAL,
    equivalents=("prowler:ec2_ebs_public_snapshot",),
    remediation=Remediation(
        text="Take the snapshot back, then block public sharing in the region. What was copied meanwhile is lost.",
        cli="aws ec2 modify-snapshot-attribute --region {region} --snapshot-id {snapshot} "
        "--attribute createVolumePermission --operation-type remove --group-names all",
        url="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
    ),
)
def snapshot_public(settings: EbsSettings) -> Iterator[Problem | Note]:
    """
    Everybody may make a volume of a public snapshot, and there are those who look for nothing else: keys and databases are
    found within hours. Where the region blocks all sharing, AWS treats such snapshots as private; that is only remarked.
    """
    if not settings.shared_snapshots:
        return
    if settings.block == _ALL:
        yield Note(
            f"{len(settings.shared_snapshots)} snapshots are marked as public, and the region blocks all sharing"
        )
        return
    for snapshot in settings.shared_snapshots:
        yield Problem(
            f"everybody may restore the snapshot {snapshot}",
            expected="private",
            found="public",
            sub_key=snapshot,
            fill={"snapshot": snapshot},
        )
