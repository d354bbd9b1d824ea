import pytest

from awsaudit.resources.guardduty import ADMINISTRATOR, DESTINATIONS, DETECTOR, DETECTORS, Detector
from awsaudit.testing import fake


@pytest.fixture(name="detector")
def detector_factory():
    """Return a maker of detectors: the features that are on, and what else AWS says."""

    def make(*features, id_="12abc34d567e8fa901bc2d34e56789f0", status="ENABLED", administrator=None, destinations=()):
        told = {"Status": status, "Features": [{"Name": name, "Status": "ENABLED"} for name in features]}
        return fake(
            Detector,
            {
                DETECTORS: [id_] if id_ else [],
                DETECTOR: told if id_ else None,
                ADMINISTRATOR: {"AccountId": administrator} if administrator else None,
                DESTINATIONS: [{"DestinationType": kind} for kind in destinations] if id_ else None,
            },
        )

    return make
