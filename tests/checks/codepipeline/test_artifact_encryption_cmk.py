import pytest

from awsaudit import Severity, Status
from awsaudit.resources.kms import ALIASES, Alias, Key
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.artifact_encryption_cmk import artifact_encryption_cmk
from tests.checks.codepipeline.lines import pipeline
from tests.estate import FOREIGN, OWN, key


ARN = f"arn:aws:kms:eu-west-1:{OWN}:key/k-1"
ALIAS = f"arn:aws:kms:eu-west-1:{OWN}:alias/artifacts"


def store(id_=None, location="artifacts"):
    return {"type": "S3", "location": location, **({"encryptionKey": {"id": id_, "type": "KMS"}} if id_ else {})}


def alias(name="alias/artifacts"):
    return fake(Alias, {ALIASES: {"AliasName": name, "AliasArn": ALIAS, "TargetKeyId": "k-1"}})


def judge(id_, *others, **more):
    return run_check(artifact_encryption_cmk, pipeline(store=store(id_)), *others, **more)


@pytest.mark.parametrize("id_", [ARN, "k-1", ALIAS])
def test_accepts_a_customer_key(id_):
    """
    By its ARN, its id or its alias.
    """
    assert [Status.PASS] == statuses(judge(id_, key("k-1"), alias()))


@pytest.mark.parametrize("id_", [None, ARN, f"arn:aws:kms:eu-west-1:{OWN}:alias/aws/s3"])
def test_flags_keys_of_aws(id_):
    """
    None at all is that of S3.
    """
    [finding] = judge(id_, key("k-1", manager="AWS"))

    assert (Status.FAIL, Severity.LOW, None) == (finding.status, finding.severity, finding.fix)
    assert finding.message.startswith("artifacts in artifacts, eu-west-1, are encrypted with ")


def test_flags_a_key_that_is_no_more():
    """
    Nobody reads what it encrypted.
    """
    [finding] = judge(ARN)

    assert f"{ARN}, which does not exist" in finding.message


def test_asks_the_store_of_each_region():
    """
    A problem for each one without.
    """
    judged = pipeline(artifactStores={"eu-west-1": store("k-1"), "us-east-1": store(None, "artifacts-us")})
    [finding] = run_check(artifact_encryption_cmk, judged, key("k-1"), regions=["us-east-1"])

    assert "us-east-1" == finding.sub_key
    assert "artifacts-us" in finding.message


def test_keys_of_other_accounts_and_unseen_ones_are_unknown():
    """
    Nothing tells who manages them.
    """
    abroad = f"arn:aws:kms:eu-west-1:{FOREIGN}:key/k-9"

    assert [Status.UNKNOWN] == statuses(judge(abroad, key("k-1")))
    assert [Status.UNKNOWN] == statuses(judge(ARN, unlisted=[Key]))
