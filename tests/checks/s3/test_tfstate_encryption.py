import json
import shlex

import jmespath
import pytest

from awsaudit import Status
from awsaudit.resources.s3 import ENCRYPTION, Bucket
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.s3.tfstate_encryption import tfstate_encryption
from tests.checks.s3.buckets import bucket


def judge(encryption, **more):
    return run_check(tfstate_encryption, bucket(name="acme-tfstate", encryption=encryption), **more)


def test_flags_what_s3_encrypts_by_itself():
    """
    The command changes the algorithm, and leaves what the rule says besides.
    """
    [finding] = judge({"SSEAlgorithm": "AES256"})
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }

    assert (Status.FAIL, "AES256") == (finding.status, finding.found)
    query = _query(finding.fix)
    assert {
        "Rules": [{**rule, "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]
    } == jmespath.search(query, {"ServerSideEncryptionConfiguration": {"Rules": [rule]}})


def _query(fix):
    words = shlex.split(fix.partition("$(")[2].partition(" --output")[0])
    return words[words.index("--query") + 1]


def test_flags_what_is_not_encrypted():
    """
    As before 2023; there is no rule to change.
    """
    [finding] = judge(None)
    words = shlex.split(finding.fix)

    assert Status.FAIL is finding.status
    rules = json.loads(words[words.index("--server-side-encryption-configuration") + 1])
    assert "aws:kms" == rules["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]


@pytest.mark.parametrize(
    ("encryption", "strict"),
    [
        ({"SSEAlgorithm": "aws:kms"}, False),
        ({"SSEAlgorithm": "aws:kms:dsse"}, False),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "1234abcd"}, True),
    ],
)
def test_accepts_kms(encryption, strict):
    """
    Either form; with a key of the account's own in any case.
    """
    [finding] = judge(encryption)

    assert Status.PASS is finding.status
    assert "kms_key_id" in finding.notes[0]
    assert [Status.PASS if strict else Status.FAIL] == statuses(judge(encryption, customer_key=True))


@pytest.mark.parametrize("encryption", [None, {"SSEAlgorithm": "AES256"}, {"SSEAlgorithm": "aws:kms"}])
def test_knows_no_key_to_take(encryption):
    """
    Where it has to be one of the account's own, which one is for its owner to say.
    """
    assert judge(encryption, customer_key=True)[0].fix is None


def test_leaves_other_buckets_and_does_not_guess():
    """
    What keeps no state; what was refused.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(tfstate_encryption, bucket()))
    assert [Status.UNKNOWN] == statuses(judge(refused(Bucket, ENCRYPTION)))
