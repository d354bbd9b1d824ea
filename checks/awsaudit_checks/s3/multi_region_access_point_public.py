from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.s3 import MultiRegionAccessPoint
from awsaudit_checks.s3.block import lacking


_MADE: Final = frozenset({"READY", "INCONSISTENT_ACROSS_REGIONS"})


@check(
    "s3-multi-region-access-point-public",
    title="Multi-Region Access Points block public access",
    severity=Severity.HIGH,
    equivalents=("prowler:s3_multi_region_access_point_public_access_block",),
    remediation=Remediation(
        text="Make the access point anew with all four settings on, which is the default, and give it its policy again: they "
        "cannot be changed.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/multi-region-access-point-block-public-access.html",
    ),
)
def multi_region_access_point_public(point: MultiRegionAccessPoint) -> Iterator[Problem]:
    """
    One name leads to the buckets of several regions; a public policy on it opens them all at once, and what it does not block
    cannot be blocked afterwards. All four settings on pass.
    """
    if point.status not in _MADE:
        raise NotApplicable(f"it is {point.status.lower().replace('_', ' ')}")
    off = lacking(point.public_access_block)
    if off:
        yield Problem(f"{', '.join(off)} off", expected="all four on", found=f"{len(off)} off")
