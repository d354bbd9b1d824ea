from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import EbsSettings, Snapshot


_ALL: Final = "block-all-sharing"


@check(
    "ebs-snapshot-block-public",
    title="Public sharing of snapshots is blocked",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_ebs_snapshot_account_block_public_access",),
    uses=(Snapshot.id,),
    remediation=Remediation(
        text="Block all public sharing in the region; nobody who has been given a snapshot by account is affected.",
        cli="aws ec2 enable-snapshot-block-public-access --region {region} --state block-all-sharing",
        terraform='resource "aws_ebs_snapshot_block_public_access" "this" {\n  state = "block-all-sharing"\n}',
        url="https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html",
    ),
)
def snapshot_block_public(
    settings: EbsSettings, account: Inventory, *, strict: bool = False
) -> Iterator[Problem | Note]:
    """
    One wrong call makes a disk public. Blocked for new snapshots only is low: those that are public stay so. Regions
    without snapshots are not judged, unless *strict* is set.
    """
    if settings.block == _ALL:
        if settings.block_managed_by == "declarative-policy":
            yield Note("a declarative policy of the organization sets it")
        return
    if not strict and account.first(Snapshot, lambda _: True, settings.region) is None:
        raise NotApplicable("the region has no snapshots")
    new_only = settings.block == "block-new-sharing"
    yield Problem(
        "public sharing is blocked for new snapshots only" if new_only else "snapshots can be shared with everybody",
        expected=_ALL,
        found=settings.block,
        severity=Severity.LOW if new_only else None,
    )
