"""Which detectors checks look at."""

from __future__ import annotations

from awsaudit import NotApplicable
from awsaudit.resources.guardduty import Detector


def refuse_off(detector: Detector) -> None:
    """Raise NotApplicable where GuardDuty is off in the region: guardduty-enabled tells of that."""
    if detector.id is None or detector.status != "ENABLED":
        raise NotApplicable("GuardDuty is off in the region")
