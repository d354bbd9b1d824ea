"""
Amazon S3.

https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource, Scope
from awsaudit.parser import moment, optional_text, text


# AWS tells the region of a bucket only if the request has a parameter.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
LIST = Call("ListBuckets", result="Buckets[]", action="s3:ListAllMyBuckets", page_size=("MaxBuckets", 1000))
VERSIONING = Call("GetBucketVersioning", params={"Bucket": "$Name"}, gone=("NoSuchBucket",))


class Bucket(Resource):
    """A general-purpose bucket, in the region where it is."""

    service: ClassVar[str] = "s3"
    type: ClassVar[str] = "AWS::S3::Bucket"
    listing: ClassVar[Call] = LIST
    scope: ClassVar[Scope] = Scope.GLOBAL
    own_region: ClassVar[str] = "$BucketRegion"
    label: ClassVar[str] = "name"

    name = Fact(LIST, "Name", text, "The bucket's name, unique in the partition.")
    created = Fact(LIST, "CreationDate", moment, "When it was made.")
    versioning = Fact(
        VERSIONING, "Status", optional_text, "``Enabled``, ``Suspended``, or unset where it was never switched on."
    )

    @property
    def arn(self) -> str:
        """The bucket's ARN."""
        return f"arn:{self.partition}:s3:::{self.name}"
