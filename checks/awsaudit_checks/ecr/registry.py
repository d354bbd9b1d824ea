"""How a registry scans its repositories, and how to make it scan all of them."""

from __future__ import annotations

import json

from awsaudit import Inventory
from awsaudit.resources.ecr import RegistryScanning


SCAN_EVERYTHING = (
    "aws ecr put-registry-scanning-configuration --region {region} --scan-type {scan_type} --rules {rules}"
)


def _every_repository(frequency: str) -> str:
    return json.dumps([{"scanFrequency": frequency, "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}])


# The call replaces all rules: one for a single repository would undo the one before.
EVERY_REPOSITORY = {
    "BASIC": _every_repository("SCAN_ON_PUSH"),
    "ENHANCED": _every_repository("CONTINUOUS_SCAN"),
}


def scan_type(region: str, account: Inventory) -> str:
    """
    Return how the registry of *region* scans: ``BASIC`` or ``ENHANCED``.

    Raises:
        EvidenceMissing: That could not be read.
    """
    return account.every(RegistryScanning, region)[0].scan_type


def known_scan_type(region: str, account: Inventory) -> str | None:
    """Return the same; None where it could not be read, for what no verdict hangs on."""
    registry = next(account.seen(RegistryScanning, region), None)
    return registry.know("scan_type") if registry else None
