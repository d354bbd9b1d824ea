from awsaudit import Status
from awsaudit.resources.ec2 import Volume
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ebs.default_encryption import default_encryption
from tests.net import instance


def test_flags_a_used_region(settings, volume):
    """
    With a volume, or an instance.
    """
    for used in (volume(), instance()):
        (finding,) = run_check(default_encryption, settings(encrypts=False), used)
        assert Status.FAIL is finding.status
        assert "aws ec2 enable-ebs-encryption-by-default --region eu-west-1" == finding.fix


def test_passes_where_it_is_on(settings):
    """
    Used or not.
    """
    assert [Status.PASS] == statuses(run_check(default_encryption, settings()))


def test_an_unused_region_is_judged_if_asked(settings):
    """
    With strict all regions are; what cannot be seen is unknown.
    """
    off = settings(encrypts=False)

    assert [Status.NOT_APPLICABLE] == statuses(run_check(default_encryption, off))
    assert [Status.FAIL] == statuses(run_check(default_encryption, off, strict=True))
    assert [Status.UNKNOWN] == statuses(run_check(default_encryption, off, unlisted=[Volume]))
