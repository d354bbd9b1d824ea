import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.cloudwatch import CompositeAlarm, MetricAlarm
from awsaudit.resources.sns import TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.cloudwatch.alarm_topic_reachable import alarm_topic_reachable
from tests.checks.cloudwatch.conftest import ALARM, ONCALL
from tests.estate import allow, deny, key


SERVICE = {"Service": "cloudwatch.amazonaws.com"}
PUBLISH = allow("sns:Publish", Principal=SERVICE)
OWNER = allow("SNS:Publish", Principal={"AWS": "*"}, Condition={"StringEquals": {"AWS:SourceOwner": "111122223333"}})
ROOT = allow("kms:*", Principal={"AWS": "arn:aws:iam::111122223333:root"})
ENCRYPT = allow("kms:GenerateDataKey*", "kms:Decrypt", Principal=SERVICE)
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k-1"


@pytest.fixture(name="judge")
def judge_fixture(alarm, topic, subscription):
    """Return a function that judges a topic that an alarm tells and somebody hears."""

    def judge(*statements, alarms=None, others=(), heard=True, unlisted=(), **attributes):
        told = topic(*statements, **attributes)
        hearers = [subscription(told)] if heard else []
        telling = [alarm()] if alarms is None else alarms
        return run_check(alarm_topic_reachable, told, *telling, *hearers, *others, unlisted=unlisted)

    return judge


@pytest.mark.parametrize(
    "statement",
    [
        OWNER,
        PUBLISH,
        allow("sns:Publish", Principal="*", Condition={"StringEquals": {"aws:SourceAccount": "111122223333"}}),
        {**PUBLISH, "Condition": {"ArnLike": {"aws:SourceArn": f"{ALARM}:l*"}}},
    ],
)
def test_accepts_a_topic_that_lets_alarms_in_and_is_heard(judge, statement):
    """
    By the policy that it has from the start, or by one for the service whose conditions fit.
    """
    assert [Status.PASS] == statuses(judge(statement))


def test_accepts_a_key_that_lets_alarms_encrypt(judge):
    """
    One's own, enabled, for both actions.
    """
    assert [Status.PASS] == statuses(judge(PUBLISH, KmsMasterKeyId=KEY, others=[key("k-1", ROOT, ENCRYPT)]))


@pytest.mark.parametrize(
    "statement",
    [
        allow("sns:Publish", Principal={"AWS": "arn:aws:iam::111122223333:root"}),
        allow("sns:Publish", Principal={"Service": "events.amazonaws.com"}),
        {**PUBLISH, "Condition": {"ArnLike": {"aws:SourceArn": f"{ALARM}:other"}}},
        {**OWNER, "Condition": {"StringEquals": {"AWS:SourceOwner": "444455556666"}}},
    ],
)
def test_flags_a_policy_that_keeps_alarms_out(judge, statement):
    """
    The command puts the policy with a statement for them.
    """
    (finding,) = judge(statement)
    words = shlex.split(finding.fix)
    mended = json.loads(words[words.index("--attribute-value") + 1])["Statement"]

    assert Status.FAIL is finding.status
    assert "lag reaches nobody by it: the topic oncall does not let CloudWatch alarms publish to it" == finding.message
    assert [ALARM + ":lag", ONCALL] == [hop.resource for hop in finding.path]
    assert statement == mended[0] | {"Resource": "*"}
    assert [Status.PASS] == statuses(judge(*mended))


def test_has_no_command_against_a_deny(judge):
    """
    One more Allow would not help.
    """
    (finding,) = judge(PUBLISH, deny("sns:Publish", Principal="*"))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize("reference", ["alias/aws/sns", "arn:aws:kms:eu-west-1:111122223333:alias/aws/sns"])
def test_flags_the_key_that_aws_manages(judge, reference):
    """
    It lets no service in; the command makes one that does.
    """
    (finding,) = judge(OWNER, KmsMasterKeyId=reference)
    words = shlex.split(finding.fix)
    statements = json.loads(words[words.index("--policy") + 1])["Statement"]

    assert "is AWS's own, which lets no service in" in finding.message
    assert ["AWS::CloudWatch::Alarm", "AWS::SNS::Topic", "AWS::KMS::Key"] == [hop.type for hop in finding.path]
    assert finding.fix.endswith(f'--topic-arn {ONCALL} --attribute-name KmsMasterKeyId --attribute-value "$KEY"')
    assert [Status.PASS] == statuses(judge(OWNER, KmsMasterKeyId=KEY, others=[key("k-1", *statements)]))


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ([key("k-1", ROOT)], "does not let CloudWatch alarms encrypt"),
        ([key("k-1", ROOT, allow("kms:Decrypt", Principal=SERVICE))], "does not let CloudWatch alarms encrypt"),
        ([key("k-1", ROOT, ENCRYPT, state="Disabled")], "is Disabled"),
        ([], "does not exist"),
    ],
)
def test_flags_a_key_that_keeps_alarms_out(judge, others, why):
    """
    Whatever the topic's policy says.
    """
    (finding,) = judge(OWNER, KmsMasterKeyId=KEY, others=others)

    assert f"lag reaches nobody by it: the key of the topic oncall {why}" == finding.message
    assert finding.fix is not None
    assert "AWS::KMS::Key" == finding.path[-1].type


def test_flags_a_topic_that_nobody_hears(judge):
    """
    Whom to subscribe is the owner's to say.
    """
    (finding,) = judge(OWNER, heard=False)

    assert "lag reaches nobody by it: the topic oncall has no subscription" == finding.message
    assert finding.fix is None


def test_one_finding_lists_the_alarms(judge, alarm, composite):
    """
    Composite alarms too; those that the policy lets in are left out.
    """
    only = {**PUBLISH, "Condition": {"ArnLike": {"aws:SourceArn": f"{ALARM}:ok"}}}
    alarms = [
        *(alarm(f"a-{n}") for n in range(4)),
        composite("ALARM(x)"),
        alarm("ok"),
        alarm("off", ActionsEnabled=False),
    ]
    (finding,) = judge(only, alarms=alarms)

    assert finding.message.startswith("a-0, a-1, a-2, a-3 and 1 more reach nobody by it: ")


def test_does_not_judge_topics_that_no_alarm_tells(judge, alarm):
    """
    Or only one whose actions are off.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(PUBLISH, alarms=[]))
    assert [Status.NOT_APPLICABLE] == statuses(judge(PUBLISH, alarms=[alarm(ActionsEnabled=False)]))


def test_flags_an_alarm_whose_topic_does_not_exist(alarm, topic):
    """
    Others are judged at the topic.
    """
    (finding,) = run_check(alarm_topic_reachable, alarm())

    assert "it tells the topic oncall, which does not exist" == finding.message
    assert [True, False] == [hop.holds for hop in finding.path]
    assert [Status.NOT_APPLICABLE] == statuses(run_check(alarm_topic_reachable, alarm(), topic(OWNER)))


def test_does_not_judge_alarms_that_tell_no_topic(alarm, composite):
    """
    Without action, with actions that are off, with a function.
    """
    function = {"AlarmActions": ["arn:aws:lambda:eu-west-1:111122223333:function:page"]}
    for judged in (alarm(AlarmActions=[]), alarm(ActionsEnabled=False), composite("ALARM(a)", **function)):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(alarm_topic_reachable, judged))


def test_does_not_know_topics_elsewhere(alarm):
    """
    In another account, or a region that is not scanned.
    """
    for topic in (ONCALL.replace("111122223333", "444455556666"), ONCALL.replace("eu-west-1", "us-west-2")):
        assert [Status.UNKNOWN] == statuses(run_check(alarm_topic_reachable, alarm(AlarmActions=[topic])))


def test_does_not_know_what_was_refused(judge, alarm):
    """
    Alarms, topics, the topic's attributes, its subscriptions, the key.
    """
    for kind in (MetricAlarm, CompositeAlarm):
        assert [Status.UNKNOWN] == statuses(judge(OWNER, unlisted=[kind]))
        assert [Status.UNKNOWN] == statuses(judge(OWNER, alarms=[], unlisted=[kind]))
    assert [Status.UNKNOWN] == statuses(run_check(alarm_topic_reachable, alarm(), unlisted=[Topic]))
    assert [Status.UNKNOWN] == statuses(judge(OWNER, heard=False, unlisted=[TopicSubscription]))
    assert [Status.UNKNOWN] == statuses(judge(OWNER, KmsMasterKeyId=KEY.replace("111122223333", "444455556666")))
    hidden = fake(Topic, {TOPICS: {"TopicArn": ONCALL}})
    assert [Status.UNKNOWN] == statuses(run_check(alarm_topic_reachable, hidden, alarm(), unlisted=[TopicSubscription]))


def test_what_is_surely_broken_needs_no_more_evidence(judge, alarm):
    """
    A topic that nobody hears, whatever its policy; a policy that keeps alarms out, whoever hears.
    """
    hidden = fake(Topic, {TOPICS: {"TopicArn": ONCALL}})

    assert [Status.FAIL] == statuses(run_check(alarm_topic_reachable, hidden, alarm()))
    closed = allow("sns:Publish", Principal={"Service": "events.amazonaws.com"})
    assert [Status.FAIL] == statuses(judge(closed, heard=False, unlisted=[TopicSubscription, MetricAlarm]))
