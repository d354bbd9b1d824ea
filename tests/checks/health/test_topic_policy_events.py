import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.iam import Role
from awsaudit.resources.sns import TOPICS, Topic
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.topic_policy_events import topic_policy_events


RULE_ARN = "arn:aws:events:eu-west-1:111122223333:rule/health"
TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:health"
ROLE = {"RoleArn": "arn:aws:iam::111122223333:role/health"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
PUBLISH = {"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC_ARN}
DEFAULT = {
    "Sid": "__default_statement_ID",
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": ["SNS:Publish", "SNS:Subscribe"],
    "Resource": TOPIC_ARN,
    "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}},
}


def allow(**condition):
    statement = {**PUBLISH, "Sid": "events", "Principal": {"Service": "events.amazonaws.com"}}
    return {**statement, "Condition": condition} if condition else statement


@pytest.fixture(name="judge")
def judge_fixture(rule, target, topic):
    """Return a function that judges a rule whose topic has the given statements."""

    def judge(*policy, others=(), **changed):
        judged = rule()
        return run_check(topic_policy_events, judged, target(judged, **changed), topic(*policy), *others)

    return judge


@pytest.mark.parametrize(
    "statement",
    [
        allow(),
        allow(ArnEquals={"aws:SourceArn": RULE_ARN}),
        allow(ArnLike={"aws:SourceArn": "arn:aws:events:*:111122223333:rule/*"}),
        allow(StringEquals={"aws:SourceAccount": "111122223333"}),
        {**allow(), "Principal": "*", "Condition": {"ArnEquals": {"aws:SourceArn": RULE_ARN}}},
        {**allow(), "Action": "SNS:*"},
    ],
)
def test_accepts_a_policy_that_lets_the_service_publish(judge, statement):
    """
    With conditions that fit this rule, or without any; beside a Deny of plain text.
    """
    plain = {**PUBLISH, "Effect": "Deny", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

    assert [Status.PASS] == statuses(judge(statement, plain))


@pytest.mark.parametrize(
    "statement",
    [
        {**allow(), "Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {**allow(), "Principal": {"Service": "cloudwatch.amazonaws.com"}},
        {**allow(), "Action": "sns:Subscribe"},
        allow(ArnEquals={"aws:SourceArn": RULE_ARN.replace("health", "other")}),
        allow(StringEquals={"aws:SourceAccount": "444455556666"}),
    ],
)
def test_flags_a_policy_that_does_not(judge, statement):
    """
    Another principal, action, rule or account; the command adds a statement to the policy as it is.
    """
    (finding,) = judge(statement)

    assert "the policy of the topic health does not let EventBridge publish for this rule" == finding.message
    words = shlex.split(finding.fix)
    assert ["--topic-arn", TOPIC_ARN, "--attribute-name", "Policy"] == words[5:9]
    before, added = json.loads(words[-1])["Statement"]
    assert statement == before
    assert allow(ArnEquals={"aws:SourceArn": RULE_ARN}) | {"Sid": "AWSHealthEvents"} == added
    assert [Status.PASS] == statuses(judge(before, added))


def test_flags_the_policy_that_topics_begin_with(judge):
    """
    What a new topic has is for its own account: a service does not meet it.
    """
    assert [Status.FAIL] == statuses(judge(DEFAULT))


def test_prints_no_command_against_a_deny(judge):
    """
    One more Allow would not help.
    """
    (finding,) = judge(allow(), {**PUBLISH, "Effect": "Deny", "Principal": "*"})

    assert "the policy of the topic health denies EventBridge" == finding.message
    assert finding.fix is None


def test_the_command_lets_all_rules_of_the_topic(rule, target, topic):
    """
    Two rules share a topic: the command for the one must not undo that for the other.
    """
    first, second = (
        rule(),
        rule(Name="abuse", pattern={"source": ["aws.health"], "detail-type": ["AWS Health Abuse Event"]}),
    )
    (finding,) = run_check(topic_policy_events, first, target(first), target(second), topic(), second)

    added = json.loads(shlex.split(finding.fix)[-1])["Statement"][-1]
    assert [RULE_ARN.replace("health", "abuse"), RULE_ARN] == added["Condition"]["ArnEquals"]["aws:SourceArn"]


def test_accepts_a_role_that_may(judge, role):
    """
    The topic's policy need not name the service then.
    """
    assert [Status.PASS] == statuses(judge(others=[role([TRUST], PUBLISH)], **ROLE))


def test_flags_a_role_that_may_not_publish(judge, role):
    """
    The command puts an inline policy.
    """
    (finding,) = judge(others=[role([TRUST])], **ROLE)

    assert f"the role health may not publish to {TOPIC_ARN}" == finding.message
    assert finding.fix.startswith("aws iam put-role-policy --region eu-west-1 --role-name health --policy-name ")
    assert {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": TOPIC_ARN} == json.loads(
        shlex.split(finding.fix)[-1]
    )["Statement"][0]


def test_flags_a_role_that_eventbridge_may_not_assume(judge, role):
    """
    The command adds a statement to its trust policy.
    """
    other = {**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}}
    (finding,) = judge(others=[role([other], PUBLISH)], **ROLE)

    assert "the role health does not trust EventBridge" == finding.message
    assert [other, TRUST] == json.loads(shlex.split(finding.fix)[-1])["Statement"]


def test_flags_a_role_that_is_gone(judge):
    """
    A role that was deleted can do nothing.
    """
    (finding,) = judge(allow(), **ROLE)

    assert "the role arn:aws:iam::111122223333:role/health does not exist" == finding.message


def test_does_not_judge_a_topic_that_is_gone(rule, target):
    """
    That is another check's failure.
    """
    judged = rule()

    assert [Status.NOT_APPLICABLE] == statuses(run_check(topic_policy_events, judged, target(judged)))


def test_does_not_know_what_it_cannot_see(rule, target, judge, role):
    """
    A refused policy, another account's topic, roles that could not be listed, a key that nobody tells us.
    """
    judged = rule()
    hidden = fake(Topic, {TOPICS: {"TopicArn": TOPIC_ARN}})
    elsewhere = target(judged, TOPIC_ARN.replace("111122223333", "444455556666"))

    assert [Status.UNKNOWN] == statuses(run_check(topic_policy_events, judged, target(judged), hidden))
    assert [Status.UNKNOWN] == statuses(run_check(topic_policy_events, judged, elsewhere))
    assert [Status.UNKNOWN] == statuses(
        run_check(topic_policy_events, judged, target(judged, **ROLE), hidden, unlisted=[Role])
    )
    assert [Status.UNKNOWN] == statuses(judge(allow(StringEquals={"aws:SourceOrgID": "o-exampleorgid"})))
