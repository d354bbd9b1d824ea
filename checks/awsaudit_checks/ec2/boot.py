"""User data of hosts: what of it is a secret, and whether all of it could be read."""

from __future__ import annotations

from awsaudit import NotApplicable, Problem, Severity, Undecided
from awsaudit.secrets import Hit
from awsaudit.user_data import UserData
from awsaudit_checks.leak import leak


def read(data: UserData | None) -> UserData:
    """
    Return *data*.

    Raises:
        NotApplicable: There is none.
    """
    if data is None:
        raise NotApplicable("it has no user data")

    return data


def require_whole(data: UserData) -> None:
    """Raise Undecided where a part of *data* could not be unpacked."""
    if not data.readable:
        raise Undecided("a part of its user data is packed in a way that cannot be read")


def told(hit: Hit, where: str) -> Problem:
    """Return the problem that a secret in user data is, *where* being what holds it."""
    name = hit.name.partition(".")[2]
    return leak(hit, f"{where}, in {name}," if name else where, Severity.MEDIUM)
