import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.secrets_encryption import secrets_encryption


ENCRYPTED = [{"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:eu-west-1:111122223333:alias/eks"}}]


@pytest.mark.parametrize(
    ("version", "severity", "found"),
    [("1.33", Severity.LOW, "AWS's key"), ("1.28", Severity.LOW, "AWS's key"), ("1.27", Severity.HIGH, "none")],
)
@pytest.mark.parametrize("config", [None, [], [{"resources": [], "provider": {}}], [{"resources": ["secrets"]}]])
def test_flags_secrets_without_customer_key(make_cluster, version, severity, found, config):
    """
    Without a key of the customer's it is low where AWS encrypts anyway, and high where nobody does.
    """
    (finding,) = run_check(secrets_encryption, make_cluster(version=version, encryptionConfig=config))

    assert (Status.FAIL, severity, found) == (finding.status, finding.severity, finding.found)
    assert (
        "KEY=$(aws kms create-key --region eu-west-1 --query KeyMetadata.Arn --output text) && "
        "aws eks associate-encryption-config --region eu-west-1 --cluster-name validators "
        '--encryption-config "resources=secrets,provider={keyArn=$KEY}"' == finding.fix
    )


@pytest.mark.parametrize("version", ["1.27", "1.33", None])
def test_accepts_a_customer_key(make_cluster, version):
    """
    A key or an alias passes, whatever the version.
    """
    cluster = make_cluster(version=version, encryptionConfig=ENCRYPTED)

    assert [Status.PASS] == statuses(run_check(secrets_encryption, cluster))


def test_does_not_guess_without_version(make_cluster):
    """
    Without key and version it is not known whether anything is encrypted.
    """
    assert [Status.UNKNOWN] == statuses(run_check(secrets_encryption, make_cluster(version=None)))


def test_leaves_foreign_clusters_alone(connected, local):
    """
    Connected and local clusters keep their state elsewhere.
    """
    for cluster in (connected, local):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(secrets_encryption, cluster))
