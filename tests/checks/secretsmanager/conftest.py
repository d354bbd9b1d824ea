import pytest

from awsaudit.resources.secretsmanager import LIST, Secret
from awsaudit.testing import fake


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbCdEf"


@pytest.fixture(name="secret")
def _secret():
    """Make a secret of listing fields; results of detail calls go by call."""

    def make(details=None, **fields):
        item = {
            "ARN": ARN,
            "Name": "signer",
            "CreatedDate": "2025-01-01T00:00:00Z",
            "LastChangedDate": "2026-11-01T00:00:00Z",
            "SecretVersionsToStages": {"v1": ["AWSCURRENT"]},
            **fields,
        }
        return fake(Secret, {LIST: item, **(details or {})})

    return make
