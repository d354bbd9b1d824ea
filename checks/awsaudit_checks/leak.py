"""
How secrets that the detectors found are told.
"""

from __future__ import annotations

from awsaudit import Problem, Severity
from awsaudit.secrets import Hit


def leak(hit: Hit, where: str, guess: Severity, *, sure: Severity | None = None) -> Problem:
    """
    Return the problem that *hit* is.

    Args:
        hit: What was found.

        where: What holds it, in words.

        guess: How bad it is where the value has no known shape, and may be harmless.

        sure: How bad it is where it has one; unset means the check's severity.
    """
    found = f"a {hit.detector}" if hit.typed else "what looks like a secret"
    return Problem(
        f"{where} holds {found}: {hit.masked}",
        expected="a reference to a secret",
        found=hit.masked,
        sub_key=f"{hit.name}/{hit.detector}/{hit.masked}",
        severity=sure if hit.typed else guess,
    )
