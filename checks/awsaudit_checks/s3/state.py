"""The buckets in which Terraform keeps its state."""

from __future__ import annotations

import re

from typing import Final

from awsaudit import NotApplicable
from awsaudit.resources.s3 import Bucket


_STATE: Final = re.compile(r"tf-?state|terraform-?state|terragrunt", re.IGNORECASE)


def keeps_state(bucket: Bucket, named: tuple[str, ...]) -> bool:
    """
    Tell whether Terraform keeps state in *bucket*.

    Args:
        bucket: The bucket.

        named: Buckets that the owner says are for state.
    """
    if bucket.name in named or _STATE.search(bucket.name):
        return True

    if any(_STATE.search(text) for pair in bucket.tags.items() for text in pair):
        return True

    return bool(bucket.state_files)


def refuse_others(bucket: Bucket, named: tuple[str, ...]) -> None:
    """
    Raise NotApplicable where *bucket* keeps no state.

    Args:
        bucket: The bucket.

        named: Buckets that the owner says are for state.
    """
    if not keeps_state(bucket, named):
        raise NotApplicable("it keeps no Terraform state, as far as name, tags and its first keys tell")
