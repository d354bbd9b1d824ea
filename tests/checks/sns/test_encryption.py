import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.sns import TOPIC, TOPICS, Topic
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sns.encryption import encryption
from tests.estate import allow, deny, document


ARN = "arn:aws:sns:eu-west-1:111122223333:payouts"


def judge(*statements, **attributes):
    told = {"Policy": json.dumps(document(*statements)), **attributes}
    return run_check(encryption, fake(Topic, {TOPICS: {"TopicArn": ARN}, TOPIC: told}))


@pytest.mark.parametrize("key", ["alias/aws/sns", "arn:aws:kms:eu-west-1:111122223333:key/k-1"])
def test_accepts_a_key(key):
    """
    One that AWS manages, or one's own.
    """
    assert [Status.PASS] == statuses(judge(KmsMasterKeyId=key))


@pytest.mark.parametrize("attributes", [{}, {"KmsMasterKeyId": ""}])
def test_flags_a_topic_without(attributes):
    """
    The command makes a key that whoever publishes may use.
    """
    (finding,) = judge(
        allow("sns:Publish", Principal={"Service": "events.amazonaws.com"}),
        deny("sns:Publish", Principal={"Service": "s3.amazonaws.com"}),
        **attributes,
    )
    words = shlex.split(finding.fix)
    policy = json.loads(words[words.index("--policy") + 1])

    assert Status.FAIL is finding.status
    assert finding.fix.startswith(
        "KEY=$(aws kms create-key --region eu-west-1 --description 'Encrypts the topic payouts' "
    )
    assert finding.fix.endswith(f'--topic-arn {ARN} --attribute-name KmsMasterKeyId --attribute-value "$KEY"')
    assert ["cloudwatch.amazonaws.com", "events.amazonaws.com"] == policy["Statement"][-1]["Principal"]["Service"]


def test_does_not_know_what_was_refused():
    """
    Attributes that were refused are no missing key.
    """
    assert [Status.UNKNOWN] == statuses(run_check(encryption, fake(Topic, {TOPICS: {"TopicArn": ARN}})))
