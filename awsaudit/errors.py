"""
Our exception hierarchy:

* AuditError
  * ConfigError             a flag, a setting or a file is wrong; the message says how to mend it
    * SelectionError        a check, service, region or framework that nobody knows was asked for
  * CredentialsError        there are no credentials, or AWS refuses them
  * PluginError             an installed pack cannot be loaded, or there is none
  * DeclarationError        a check or resource type is written wrongly; raised on import
    * UndeclaredFactError   a check read a fact that its plan does not hold
  * SnapshotError           a snapshot file is broken, foreign, or of a newer version
  * ReportError             a saved report cannot be read
  * PolicyError             a document breaks the grammar of policies; AWS would not take it
  * PatternError            an event pattern or filter pattern is written wrongly; AWS would not take it
  * ReadOnlyError           a call was attempted that the plan does not declare
  * EvidenceMissing         a fact was read whose call AWS did not answer
  * NotApplicable           raised by a check: it does not concern this resource
  * Undecided               raised by a check: AWS answered, and the answer does not settle it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsaudit.gap import Gap


if TYPE_CHECKING:
    from awsaudit.check import Hop


class AuditError(Exception):
    """Base class of everything awsaudit raises on purpose."""


class ConfigError(AuditError):
    """A flag, a setting or a file is wrong."""


class SelectionError(ConfigError):
    """Something that nobody knows was asked for."""


class CredentialsError(AuditError):
    """
    There are no credentials, or AWS refuses them.

    Args:
        message: What is wrong, and how to mend it.

        gap: The call that was refused; None if none was made.
    """

    def __init__(self, message: str, gap: Gap | None = None) -> None:
        super().__init__(message)
        self.gap = gap


class PluginError(AuditError):
    """An installed pack cannot be loaded, or there is none."""


class DeclarationError(AuditError):
    """A check or a resource type is declared wrongly."""


class UndeclaredFactError(DeclarationError):
    """A check read a fact that its plan does not hold."""


class SnapshotError(AuditError):
    """A snapshot file is broken, foreign, or of a newer version."""


class ReportError(AuditError):
    """A saved report cannot be read."""


class PolicyError(AuditError):
    """A document is no policy: it breaks the grammar, and AWS would not take it."""


class PatternError(AuditError):
    """An event pattern or a filter pattern is none: AWS would not take it."""


class ReadOnlyError(AuditError):
    """An AWS call was attempted that the plan does not declare."""

    def __init__(self, service: str, operation: str) -> None:
        super().__init__(f"{service}:{operation} is not a declared read; nothing was sent")
        self.service = service
        self.operation = operation


class EvidenceMissing(AuditError):  # noqa: N818 - it names the situation
    """A fact was read whose call AWS did not answer; `gap` says which and why."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(str(gap))
        self.gap = gap


class NotApplicable(AuditError):  # noqa: N818 - it names the situation
    """A check does not concern this resource; the message says why."""


class Undecided(AuditError):  # noqa: N818 - it names the situation
    """
    AWS answered, and the answer does not settle the verdict; the message says why.

    Args:
        message: Why.

        path: The steps that were seen, where the verdict is about a path.
    """

    def __init__(self, message: str, path: tuple[Hop, ...] = ()) -> None:
        super().__init__(message)
        self.path = path
