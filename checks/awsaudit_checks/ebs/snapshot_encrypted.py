from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Snapshot


@check(
    "ebs-snapshot-encrypted",
    title="Snapshots are encrypted",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_ebs_snapshots_encrypted",),
    remediation=Remediation(
        text="Copy it encrypted (the command), then delete the first one; encrypt the volume that it was taken of.",
        cli="aws ec2 copy-snapshot --region {region} --source-region {region} --source-snapshot-id {id} --encrypted",
        url="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html",
    ),
)
def snapshot_encrypted(snapshot: Snapshot) -> Iterator[Problem]:
    """
    A snapshot is a whole disk in one piece that can be shared with one call. Unencrypted, whoever gets it reads it. Those
    that are not complete are not judged.
    """
    if snapshot.state != "completed":
        raise NotApplicable(f"the snapshot is {snapshot.state}")
    if not snapshot.encrypted:
        yield Problem("the snapshot is not encrypted", expected="encrypted", found="not encrypted")
