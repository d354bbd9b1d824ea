"""Tags by which the owner of a resource takes it out of a check."""

from __future__ import annotations

from collections.abc import Mapping

from awsaudit import NotApplicable


def refuse_exempt(tags: Mapping[str, str], exempt_tag: str) -> None:
    """
    Raise NotApplicable where *tags* carry *exempt_tag*.

    Args:
        tags: The resource's tags.

        exempt_tag: ``KEY`` or ``KEY=VALUE``; empty means that no tag exempts.
    """
    key, equals, value = exempt_tag.partition("=")
    if key and key in tags and (not equals or tags[key] == value):
        raise NotApplicable(f"exempt by its tag {key}")
