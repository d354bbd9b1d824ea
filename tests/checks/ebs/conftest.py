import pytest

from awsaudit.resources.ec2 import (
    ENCRYPTION_DEFAULT,
    SHARED_SNAPSHOTS,
    SHARING_BLOCK,
    SNAPSHOTS,
    VOLUMES,
    EbsSettings,
    Snapshot,
    Volume,
)
from awsaudit.testing import fake


@pytest.fixture(name="settings")
def settings_factory():
    """Return a maker of a region's settings of EBS."""

    def make(*shared, encrypts=True, block="block-all-sharing", managed_by="account"):
        return fake(
            EbsSettings,
            {
                ENCRYPTION_DEFAULT: {"EbsEncryptionByDefault": encrypts},
                SHARING_BLOCK: {"State": block, "ManagedBy": managed_by},
                SHARED_SNAPSHOTS: [{"SnapshotId": id_} for id_ in shared],
            },
        )

    return make


@pytest.fixture(name="snapshot")
def snapshot_factory():
    """Return a maker of snapshots."""
    return lambda **more: fake(Snapshot, {SNAPSHOTS: {"SnapshotId": "snap-1", "State": "completed", **more}})


@pytest.fixture(name="volume")
def volume_factory():
    """Return a maker of volumes that are in use by an instance."""

    def make(**more):
        used = {"VolumeId": "vol-1", "State": "in-use", "Attachments": [{"InstanceId": "i-1"}]}
        return fake(Volume, {VOLUMES: {**used, **more}})

    return make
