"""Policies that take a right away, as commands take them."""

from __future__ import annotations

import json

from collections.abc import Iterable


def denial(sid: str, actions: Iterable[str], resources: Iterable[str]) -> str:
    """
    Return a policy that denies *actions* on *resources*, as JSON text.

    Denying in a policy of its own takes nothing else away from whoever has it.
    """
    statement = {"Sid": sid, "Effect": "Deny", "Action": list(actions), "Resource": list(resources)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
