"""What AWS offers with an instance's version and class."""

from __future__ import annotations

from collections.abc import Iterable

from awsaudit import NotApplicable, Undecided
from awsaudit.resources.rds import DBInstance


def refuse_unoffered(instance: DBInstance, answers: Iterable[bool | None], what: str) -> None:
    """
    Raise unless AWS offers *what* with the version and class of *instance*.

    Args:
        instance: The instance.

        answers: What AWS says of it, for each licence; None where it says nothing.

        what: What is asked for, in words.

    Raises:
        NotApplicable: AWS offers it not.
        Undecided: AWS does not say.
    """
    given = set(answers)
    if True in given:
        return
    if given == {False}:
        raise NotApplicable(f"{instance.instance_class} with {instance.engine} {instance.engine_version} has no {what}")
    raise Undecided(
        f"AWS does not say whether {instance.instance_class} with {instance.engine} {instance.engine_version} has {what}"
    )
