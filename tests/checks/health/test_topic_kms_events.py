import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.kms import ALIASES, DESCRIBE, GRANTS, LIST, POLICY, Alias, Key
from awsaudit.resources.sns import TOPICS, Topic
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.topic_kms_events import topic_kms_events


RULE_ARN = "arn:aws:events:eu-west-1:111122223333:rule/health"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/k-1"
ROLE = {"RoleArn": "arn:aws:iam::111122223333:role/health"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}
ENCRYPT = ["kms:GenerateDataKey*", "kms:Decrypt"]


def service(actions=ENCRYPT, **condition):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": actions,
        "Resource": "*",
    }
    return {**statement, "Condition": condition} if condition else statement


def key(*statements, manager="CUSTOMER", state="Enabled"):
    policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [ROOT, *statements]})}
    told = {"KeyManager": manager, "KeyState": state}
    return fake(Key, {LIST: {"KeyId": "k-1", "KeyArn": KEY_ARN}, DESCRIBE: told, POLICY: policy, GRANTS: []})


def alias(name):
    arn = f"arn:aws:kms:eu-west-1:111122223333:{name}"
    return fake(Alias, {ALIASES: {"AliasName": name, "AliasArn": arn, "TargetKeyId": "k-1"}})


@pytest.fixture(name="judge")
def judge_fixture(rule, target, topic):
    """Return a function that judges a rule whose topic names a key."""

    def judge(reference, *others, **changed):
        judged = rule()
        return run_check(topic_kms_events, judged, target(judged, **changed), topic(KmsMasterKeyId=reference), *others)

    return judge


@pytest.mark.parametrize(
    "reference", [KEY_ARN, "k-1", "alias/health", "arn:aws:kms:eu-west-1:111122223333:alias/health"]
)
@pytest.mark.parametrize(
    "statement",
    [
        service(),
        service(["kms:GenerateDataKey", "kms:Decrypt"], ArnEquals={"aws:SourceArn": RULE_ARN}),
        service("kms:*", StringEquals={"aws:SourceAccount": "111122223333"}),
    ],
)
def test_accepts_a_key_that_lets_the_service_encrypt(judge, reference, statement):
    """
    By whatever name the topic knows its key, and with conditions that fit.
    """
    assert [Status.PASS] == statuses(judge(reference, key(statement), alias("alias/health")))


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [service("kms:Decrypt")],
        [service("kms:GenerateDataKey*")],
        [service(StringEquals={"aws:SourceAccount": "444455556666"})],
        [service(ArnEquals={"aws:SourceArn": RULE_ARN.replace("health", "other")})],
    ],
)
def test_flags_a_key_that_does_not(judge, statements):
    """
    Both actions are asked for; the command adds a statement to the key's policy.
    """
    (finding,) = judge(KEY_ARN, key(*statements))

    assert "the key of the topic health does not let EventBridge encrypt" == finding.message
    assert finding.fix.startswith(
        f"aws kms put-key-policy --region eu-west-1 --key-id {KEY_ARN} --policy-name default "
    )
    *before, added = json.loads(shlex.split(finding.fix)[-1])["Statement"]
    assert [ROOT, *statements] == before
    assert [Status.PASS] == statuses(judge(KEY_ARN, key(*statements, added)))
    assert ["AWS Health", "AWS::Events::Rule", "AWS::SNS::Topic", "AWS::KMS::Key"] == [h.type for h in finding.path]
    assert finding.path[-1].holds is False


@pytest.mark.parametrize(
    ("reference", "others"),
    [
        ("alias/aws/sns", []),
        ("arn:aws:kms:eu-west-1:111122223333:alias/aws/sns", []),
        (KEY_ARN, [key(manager="AWS")]),
        ("k-1", [key(manager="AWS")]),
        ("alias/mine", [alias("alias/mine"), key(manager="AWS")]),
    ],
)
def test_flags_the_key_of_aws(judge, reference, others):
    """
    Whatever it is called by: the command makes a key whose policy lets everybody go on, and EventBridge too.
    """
    (finding,) = judge(reference, *others)

    assert "the key of the topic health is AWS's own, which lets no service in" == finding.message
    assert finding.fix.startswith("KEY=$(aws kms create-key --region eu-west-1 ")
    assert finding.fix.endswith('--attribute-name KmsMasterKeyId --attribute-value "$KEY"')
    policy = next(word for word in shlex.split(finding.fix.replace("$(", "").replace(")", "")) if word.startswith("{"))
    statements = json.loads(policy)["Statement"][1:]
    assert [Status.PASS] == statuses(judge(KEY_ARN, key(*statements)))


@pytest.mark.parametrize(
    ("state", "fix"),
    [
        ("Disabled", f"aws kms enable-key --region eu-west-1 --key-id {KEY_ARN}"),
        (
            "PendingDeletion",
            (
                f"aws kms cancel-key-deletion --region eu-west-1 --key-id {KEY_ARN} && "
                f"aws kms enable-key --region eu-west-1 --key-id {KEY_ARN}"
            ),
        ),
        ("Unavailable", None),
    ],
)
def test_flags_a_key_that_cannot_be_used(judge, state, fix):
    """
    A key that is disabled or about to be deleted encrypts nothing.
    """
    (finding,) = judge(KEY_ARN, key(service(), state=state))

    assert f"the key of the topic health is {state}" == finding.message
    assert fix == finding.fix


def test_flags_a_key_that_is_gone(judge):
    """
    The topic goes on naming a key that was deleted.
    """
    (finding,) = judge("k-9")

    assert "the key of the topic health does not exist" == finding.message


def test_a_denial_has_no_command(judge):
    """
    One more Allow would not help.
    """
    (finding,) = judge(KEY_ARN, key(service(), {**service(), "Effect": "Deny", "Principal": "*"}))

    assert finding.fix is None


def test_a_role_needs_the_key_in_place_of_the_service(judge, role):
    """
    By its own policies where the key policy hands that on to the account.
    """
    allowed = {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": KEY_ARN}

    assert [Status.PASS] == statuses(judge(KEY_ARN, key(), role([TRUST], allowed), **ROLE))
    (finding,) = judge(KEY_ARN, key(service()), role([TRUST]), **ROLE)
    assert "the key of the topic health does not let the role health encrypt" == finding.message
    assert finding.fix.startswith("aws iam put-role-policy --region eu-west-1 --role-name health ")


def test_does_not_judge_topics_without_a_key(rule, target, topic):
    """
    A topic that is not encrypted, and one that is gone.
    """
    judged = rule()

    assert [Status.NOT_APPLICABLE] == statuses(run_check(topic_kms_events, judged, target(judged), topic()))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(topic_kms_events, judged, target(judged)))


def test_does_not_know_what_it_cannot_see(judge, rule, target):
    """
    Another account's key, a refused policy, keys that could not be listed, a topic whose attributes were refused.
    """
    judged = rule()
    refused = fake(
        Key, {LIST: {"KeyId": "k-1", "KeyArn": KEY_ARN}, DESCRIBE: {"KeyManager": "CUSTOMER", "KeyState": "Enabled"}}
    )
    hidden = fake(Topic, {TOPICS: {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:health"}})

    assert [Status.UNKNOWN] == statuses(judge(KEY_ARN.replace("111122223333", "444455556666")))
    assert [Status.UNKNOWN] == statuses(judge(KEY_ARN, refused))
    assert [Status.UNKNOWN] == statuses(run_check(topic_kms_events, judged, target(judged), hidden))
