"""
The partitions of AWS, and where their global services live.

https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
"""

from __future__ import annotations

from typing import Final


GLOBAL: Final = "global"
"""What stands in for a region where a service has none."""

_HOME = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}

# In China these two live in Ningxia. What spans the regions of S3 is asked of Oregon.
# https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Ningxia.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html
_ELSEWHERE = {
    ("aws-cn", "organizations"): "cn-northwest-1",
    ("aws-cn", "health"): "cn-northwest-1",
    ("aws", "s3control"): "us-west-2",
}


def home_region(partition: str, service: str) -> str:
    """Return the region whose endpoint answers for the global *service* in *partition*."""
    return _ELSEWHERE.get((partition, service)) or _HOME.get(partition, _HOME["aws"])


def partition_of(region: str) -> str:
    """Return the partition that *region* is in."""
    if region.startswith("cn-"):
        return "aws-cn"
    if region.startswith("us-gov-"):
        return "aws-us-gov"

    return "aws"
