"""
Amazon GuardDuty.

https://docs.aws.amazon.com/guardduty/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, From, Resource
from awsaudit.parser import optional_text, texts


DETECTORS = Call("ListDetectors", result="DetectorIds")
DETECTOR = Call("GetDetector", params={"DetectorId": From(DETECTORS, "[0]")})
ADMINISTRATOR = Call("GetAdministratorAccount", result="Administrator", params={"DetectorId": From(DETECTORS, "[0]")})
DESTINATIONS = Call("ListPublishingDestinations", result="Destinations", params={"DetectorId": From(DETECTORS, "[0]")})


class Detector(Resource):
    """GuardDuty in a region, of which there is one detector or none."""

    service: ClassVar[str] = "guardduty"
    type: ClassVar[str] = "AWS::GuardDuty::Detector"

    id = Fact(DETECTORS, "[0]", optional_text, "The detector's id; unset where GuardDuty was never switched on.")
    status = Fact(DETECTOR, "Status", optional_text, "``ENABLED`` or ``DISABLED``; unset without a detector.")
    features = Fact(DETECTOR, "Features[?Status=='ENABLED'].Name", texts, "The features that are on.")
    administrator = Fact(
        ADMINISTRATOR, "AccountId", optional_text, "The account that manages it in the organization; unset without one."
    )
    destinations = Fact(DESTINATIONS, "[].DestinationType", texts, "Where findings are exported to, such as ``S3``.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return f"arn:{self.partition}:guardduty:{self.region}:{self.account}:detector"

    @property
    def name(self) -> str:
        """The region."""
        return self.region
