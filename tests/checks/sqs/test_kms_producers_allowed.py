import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.kms_producers_allowed import kms_producers_allowed


KEY = "arn:aws:kms:eu-west-1:111122223333:key/k-1"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:orders"
BUCKET = "arn:aws:s3:::northlight-orders"
OWNER = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}
ENCRYPT = ["kms:GenerateDataKey*", "kms:Decrypt"]


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def sends(service="sns.amazonaws.com", principal=None, **condition):
    statement = {
        "Effect": "Allow",
        "Principal": principal or {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
    }
    return {**statement, "Condition": condition} if condition else statement


def encrypts(service="sns.amazonaws.com", actions=ENCRYPT, **condition):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions, "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def key(*statements, manager="CUSTOMER", state="Enabled", hidden=False):
    told = {} if hidden else {POLICY: {"Policy": policy(OWNER, *statements)}, GRANTS: []}
    described = {"KeyManager": manager, "KeyState": state}
    return fake(Key, {LIST: {"KeyId": "k-1", "KeyArn": KEY}, DESCRIBE: described, **told})


@pytest.fixture(name="judge")
def judge_fixture(queue):
    """Return a function that judges a queue: the statements of its policy, then keys and attributes."""

    def judge(statements, *others, **attributes):
        judged = queue("orders", **{"Policy": policy(*statements), "KmsMasterKeyId": KEY, **attributes})
        return run_check(kms_producers_allowed, judged, *others)

    return judge


FROM_TOPIC = {"ArnEquals": {"aws:SourceArn": TOPIC}}


@pytest.mark.parametrize(
    ("sender", "statement"),
    [
        (sends(), encrypts()),
        (sends(**FROM_TOPIC), encrypts()),
        (sends(**FROM_TOPIC), encrypts(**FROM_TOPIC)),
        (sends(**FROM_TOPIC), encrypts(StringEquals={"aws:SourceAccount": "111122223333"})),
        (sends(ArnLike={"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}), encrypts(**FROM_TOPIC)),
        (sends(principal="*", **FROM_TOPIC), encrypts()),
        (sends("s3.amazonaws.com", ArnLike={"aws:SourceArn": BUCKET}), encrypts("s3.amazonaws.com")),
        (sends("events.amazonaws.com"), encrypts("events.amazonaws.com", "kms:*")),
    ],
)
def test_accepts_a_key_that_admits_the_sender(judge, sender, statement):
    """
    Named, or told by the ARN of its source; conditions of the two policies have to go together.
    """
    assert [Status.PASS] == statuses(judge([sender], key(statement)))


@pytest.mark.parametrize(
    ("sender", "statements"),
    [
        (sends(), []),
        (sends(), [encrypts("s3.amazonaws.com")]),
        (sends(), [encrypts(actions="kms:Decrypt")]),
        (sends(**FROM_TOPIC), [encrypts(ArnEquals={"aws:SourceArn": f"{TOPIC}-other"})]),
        (sends(principal="*", **FROM_TOPIC), []),
        (sends(StringEquals={"aws:SourceAccount": "111122223333"}), [encrypts(StringEquals={"aws:SourceAccount": "444455556666"})]),
    ],
)  # fmt: skip
def test_flags_a_key_that_does_not(judge, sender, statements):
    """
    The command adds a statement for the sender; the path ends at the key.
    """
    (finding,) = judge([sender], key(*statements))

    message = "sns.amazonaws.com may send to it, but the queue's key does not let sns.amazonaws.com encrypt"
    assert message == finding.message
    assert finding.fix.startswith(f"aws kms put-key-policy --region eu-west-1 --key-id {KEY} --policy-name default ")
    added = json.loads(shlex.split(finding.fix)[-1])["Statement"][1 + len(statements) :]
    assert [Status.PASS] == statuses(judge([sender], key(*statements, *added)))
    assert [QUEUE, KEY] == [hop.resource for hop in finding.path[1:]]
    assert finding.path[-1].holds is False


def test_one_finding_names_all_that_are_barred(judge):
    """
    And one command lets all of them in, each for its own sources.
    """
    senders = [
        sends("s3.amazonaws.com", ArnLike={"aws:SourceArn": BUCKET}),
        sends(**FROM_TOPIC),
        sends("events.amazonaws.com"),
    ]
    (finding,) = judge(senders, key(encrypts()))

    assert finding.message.startswith("s3.amazonaws.com, events.amazonaws.com may send to it")
    of_bucket, of_events = json.loads(shlex.split(finding.fix)[-1])["Statement"][2:]
    assert ("QueueS3", {"ArnLike": {"aws:SourceArn": [BUCKET]}}) == (of_bucket["Sid"], of_bucket["Condition"])
    assert {"StringEquals": {"aws:SourceAccount": "111122223333"}} == of_events["Condition"]
    assert [Status.PASS] == statuses(judge(senders, key(encrypts(), of_bucket, of_events)))


def test_services_of_one_statement_have_their_own_sources(judge):
    """
    A statement may list SNS and S3 with a topic and a bucket.
    """
    both = {"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]}
    sender = sends(principal=both, ArnEquals={"aws:SourceArn": [TOPIC, BUCKET]})
    own = [encrypts(**FROM_TOPIC), encrypts("s3.amazonaws.com", ArnEquals={"aws:SourceArn": BUCKET})]

    assert [Status.PASS] == statuses(judge([sender], key(*own)))


@pytest.mark.parametrize(
    ("reference", "others"),
    [("alias/aws/sqs", []), ("arn:aws:kms:eu-west-1:111122223333:alias/aws/sqs", []), ("k-1", [key(manager="AWS")]), ("k-9", [])],
)  # fmt: skip
def test_flags_the_key_of_aws_and_one_that_is_gone(judge, reference, others):
    """
    The command takes the key that SQS owns, which needs nobody's leave.
    """
    (finding,) = judge([sends()], *others, KmsMasterKeyId=reference)

    assert Status.FAIL is finding.status
    assert {"KmsMasterKeyId": "", "SqsManagedSseEnabled": "true"} == json.loads(shlex.split(finding.fix)[-1])


def test_flags_a_key_that_is_disabled(judge):
    """
    The command enables it.
    """
    (finding,) = judge([sends()], key(encrypts(), state="Disabled"))

    assert f"aws kms enable-key --region eu-west-1 --key-id {KEY}" == finding.fix


def test_a_denial_has_no_command(judge):
    """
    One more Allow would not help.
    """
    (finding,) = judge([sends()], key(encrypts(), {**encrypts(), "Effect": "Deny", "Principal": "*"}))

    assert finding.fix is None


def test_accepts_queues_without_a_key(judge):
    """
    With the key that SQS owns, and without encryption.
    """
    assert [Status.PASS] == statuses(judge([sends()], KmsMasterKeyId="", SqsManagedSseEnabled="true"))
    assert [Status.PASS] == statuses(judge([sends()], KmsMasterKeyId=""))


@pytest.mark.parametrize(
    "statements",
    [
        [sends(principal={"AWS": "arn:aws:iam::111122223333:role/northlight-pipe"})],
        [sends(principal="*", StringEquals={"aws:PrincipalOrgID": "o-exampleorgid"})],
        [sends(), {**sends(principal="*"), "Effect": "Deny"}],
        [{**sends(), "Action": "sqs:ReceiveMessage"}],
    ],
)
def test_does_not_judge_queues_that_let_no_service_send(judge, statements):
    """
    Roles, everybody of an organization, services that are denied or only receive.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(statements, key()))


def test_does_not_judge_a_queue_without_a_policy(queue):
    """
    Nobody else sends.
    """
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(kms_producers_allowed, queue("orders", KmsMasterKeyId=KEY), key())
    )


def test_does_not_know_what_it_cannot_see(judge, hidden):
    """
    Another account's key, a refused key policy, refused attributes.
    """
    assert [Status.UNKNOWN] == statuses(judge([sends()], KmsMasterKeyId=KEY.replace("111122223333", "444455556666")))
    assert [Status.UNKNOWN] == statuses(judge([sends()], key(hidden=True)))
    assert [Status.UNKNOWN] == statuses(run_check(kms_producers_allowed, hidden("orders")))
