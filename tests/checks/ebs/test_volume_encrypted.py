import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import Instance
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ebs.volume_encrypted import volume_encrypted
from tests.net import instance


@pytest.mark.parametrize(
    ("more", "tags", "severity"),
    [
        ({}, {"Name": "web"}, Severity.MEDIUM),
        ({}, {"role": "validator"}, Severity.HIGH),
        ({}, {"Name": "web3signer-1"}, Severity.HIGH),
        ({"State": "available", "Attachments": []}, {}, Severity.LOW),
    ],
)
def test_flags_by_what_it_is_on(volume, more, tags, severity):
    """
    A host with keys is worst, a volume that nothing uses mildest.
    """
    (finding,) = run_check(volume_encrypted, volume(Encrypted=False, **more), instance(**tags))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)


def test_passes_encrypted_ones(volume):
    """
    Under whatever key.
    """
    assert [Status.PASS] == statuses(run_check(volume_encrypted, volume(Encrypted=True)))


def test_what_aws_runs_is_not_judged(volume):
    """
    Its owner cannot change it.
    """
    managed = volume(Encrypted=False, Operator={"Managed": True})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(volume_encrypted, managed))


def test_is_unknown_where_hosts_cannot_be_seen(volume):
    """
    How bad it is hangs on them.
    """
    assert [Status.UNKNOWN] == statuses(run_check(volume_encrypted, volume(Encrypted=False), unlisted=[Instance]))
