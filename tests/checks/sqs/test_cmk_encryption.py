import pytest

from awsaudit import Status
from awsaudit.resources.sqs import ATTRIBUTES, LIST, TAGS, Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.cmk_encryption import cmk_encryption


URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/payouts"


def queue(tags=None, **attributes):
    return fake(Queue, {LIST: URL, ATTRIBUTES: attributes, TAGS: tags})


SENSITIVE = {"Data-Classification": "Confidential"}


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"SqsManagedSseEnabled": "true"}, "a key that SQS owns"),
        ({"KmsMasterKeyId": "alias/aws/sqs"}, "alias/aws/sqs"),
        ({}, "none"),
    ],
)
def test_flags_a_sensitive_queue_without_a_key_of_ones_own(attributes, found):
    """
    Whatever else encrypts it.
    """
    (finding,) = run_check(cmk_encryption, queue(SENSITIVE, **attributes))

    assert (Status.FAIL, found) == (finding.status, finding.found)
    assert f'--queue-url {URL} --attributes KmsMasterKeyId="$KEY"' in finding.fix


def test_passes_a_customer_key():
    """
    By id, ARN or alias.
    """
    for key in ("alias/payouts", "1234abcd-12ab-34cd-56ef-1234567890ab"):
        assert [Status.PASS] == statuses(run_check(cmk_encryption, queue(SENSITIVE, KmsMasterKeyId=key)))


def test_judges_other_queues_only_if_asked():
    """
    Without a telling tag it does not apply; with strict it does, and tags may be others.
    """
    plain = queue({"team": "staking"}, SqsManagedSseEnabled="true")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(cmk_encryption, plain))
    assert [Status.FAIL] == statuses(run_check(cmk_encryption, plain, strict=True))
    assert [Status.FAIL] == statuses(run_check(cmk_encryption, plain, sensitive=("team=staking",)))


def test_is_unknown_without_tags():
    """
    Tags that were refused may have told.
    """
    hidden = fake(Queue, {LIST: URL, ATTRIBUTES: {}})

    assert [Status.UNKNOWN] == statuses(run_check(cmk_encryption, hidden))
