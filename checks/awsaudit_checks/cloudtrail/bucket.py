"""The bucket of a trail, as far as it is the account's own."""

from __future__ import annotations

from typing import Final

from awsaudit import NotApplicable, Undecided
from awsaudit.resources.cloudtrail import OwnTrail


EXISTS: Final = 200
MISSING: Final = 404


def refuse_missing(trail: OwnTrail) -> None:
    """
    Raise where there is no bucket of the account to judge.

    Raises:
        NotApplicable: There is no such bucket.
        Undecided: It is another account's, or hidden.
    """
    if trail.bucket_status == MISSING:
        raise NotApplicable(f"the bucket {trail.bucket} does not exist: cloudtrail-bucket-owner judges that")
    if trail.bucket_status != EXISTS:
        raise Undecided(hidden(trail))


def hidden(trail: OwnTrail) -> str:
    """Return why nothing is known of the bucket, in words."""
    return f"the bucket {trail.bucket} exists; it is another account's, or s3:ListBucket on it is refused"
