import json

import pytest

from awsaudit.resources.backup import VAULT_POLICY, VAULTS, BackupVault
from awsaudit.testing import fake


@pytest.fixture(name="vault")
def vault_factory():
    """Return a maker of vaults: the statements of its policy, and what the listing says."""

    def make(*statements, **listed):
        arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:nightly"
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)}) if statements else None
        told = {
            "BackupVaultArn": arn,
            "BackupVaultName": "nightly",
            "NumberOfRecoveryPoints": 3,
            "Locked": False,
            **listed,
        }
        return fake(BackupVault, {VAULTS: told, VAULT_POLICY: {"Policy": policy} if policy else None})

    return make
