import pytest

from awsaudit import Severity, Status
from awsaudit.resources.s3 import ACL, AccountPublicAccess, Bucket
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.s3.tfstate_public_block import tfstate_public_block
from tests.checks.s3.buckets import BLOCK, CLOSED, OPEN, bucket, grant, wide
from tests.estate import allow


NAME = "acme-tfstate"
READ = allow("s3:GetObject", resource=f"arn:aws:s3:::{NAME}/*", Principal="*")


@pytest.mark.parametrize(
    ("judged", "severity"),
    [
        (bucket(READ, name=NAME), Severity.CRITICAL),
        (bucket(name=NAME, grants=[grant("READ")]), Severity.CRITICAL),
        (bucket(name=NAME, block=None), Severity.HIGH),
        (bucket(name=NAME, block={**CLOSED, "BlockPublicAcls": False}), Severity.HIGH),
        (bucket(READ, name=NAME, block={**CLOSED, "BlockPublicPolicy": False}), Severity.HIGH),
    ],
)
def test_flags_state_that_is_or_may_become_public(judged, severity):
    """
    Critical where it is, high where the next policy may make it so.
    """
    [finding] = run_check(tfstate_public_block, judged, wide())

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert BLOCK.format(NAME) == finding.fix


def test_accepts_all_four_settings():
    """
    At the bucket, or for the account.
    """
    assert [Status.PASS] == statuses(run_check(tfstate_public_block, bucket(READ, name=NAME, block=CLOSED), wide()))
    assert [Status.PASS] == statuses(run_check(tfstate_public_block, bucket(READ, name=NAME), wide(CLOSED)))


def test_leaves_other_buckets():
    """
    Unless they are named.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(tfstate_public_block, bucket(), wide()))
    assert [Status.FAIL] == statuses(run_check(tfstate_public_block, bucket(), wide(), buckets=("ledger",)))


@pytest.mark.parametrize(
    ("judged", "settings"),
    [
        (bucket(name=NAME, block=OPEN), fake(AccountPublicAccess, {})),
        (bucket(name=NAME, acl=refused(Bucket, ACL)), wide()),
    ],
)
def test_what_was_refused_is_unknown(judged, settings):
    """
    The account's settings, and the ACL.
    """
    assert [Status.UNKNOWN] == statuses(run_check(tfstate_public_block, judged, settings))
