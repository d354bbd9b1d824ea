import pytest

from awsaudit import Severity, Status
from awsaudit.resources.s3 import OBJECTS, POLICY, Bucket
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.s3.validator_keystore_in_bucket import validator_keystore_in_bucket
from tests.checks.s3.buckets import CLOSED, bucket, grant, holding, wide
from tests.estate import FOREIGN, OWN, allow, alone


KEYS = holding("readme.txt", "backup/keystore-m_12381_3600_0_0_0-1700000000.json")
OWN_KEY = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "1234abcd"}


def judge(*statements, objects=KEYS, **more):
    judged = bucket(*statements, objects=objects, **more)
    return run_check(validator_keystore_in_bucket, judged, wide(), *alone()[:1])


def reads(principal):
    return allow("s3:GetObject", resource="arn:aws:s3:::ledger/*", Principal=principal)


@pytest.mark.parametrize(
    ("statements", "more", "severity"),
    [
        ([], {}, Severity.HIGH),
        ([], {"encryption": {"SSEAlgorithm": "aws:kms"}}, Severity.HIGH),
        ([], {"encryption": OWN_KEY}, Severity.MEDIUM),
        ([reads({"AWS": OWN})], {"encryption": OWN_KEY}, Severity.MEDIUM),
        ([reads("*")], {"encryption": OWN_KEY}, Severity.CRITICAL),
        ([reads("*")], {"block": CLOSED}, Severity.HIGH),
        ([reads({"AWS": FOREIGN})], {}, Severity.CRITICAL),
        ([], {"grants": [grant("READ")]}, Severity.CRITICAL),
    ],
)
def test_flags_keys_by_who_reads_them(statements, more, severity):
    """
    Strangers critical, behind a key of the account's own medium.
    """
    [finding] = judge(*statements, **more)

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert "keystore-m_12381_3600_0_0_0" in finding.message


def test_counts_what_it_does_not_name():
    """
    Three names are enough.
    """
    [finding] = judge(objects=holding(*(f"keystore-m_12381_3600_{n}_0_0-1.json" for n in range(5))))

    assert "and 2 more" in finding.message


def test_accepts_other_names_as_far_as_all_are_known():
    """
    With more objects than were listed it is not known.
    """
    assert [Status.PASS] == statuses(judge(objects=holding("a.txt")))
    assert [Status.UNKNOWN] == statuses(judge(objects=holding("a.txt", more=True)))
    assert [Status.FAIL] == statuses(judge(objects=holding("a.mnemonic", more=True)))


def test_what_was_refused_is_unknown():
    """
    Names, and the policy by which it is graded.
    """
    assert [Status.UNKNOWN] == statuses(judge(objects=refused(Bucket, OBJECTS)))
    assert [Status.UNKNOWN] == statuses(judge(policy=refused(Bucket, POLICY)))
