from awsaudit.resources.codestar_notifications import RULE, RULES, NotificationRule, RuleTarget
from awsaudit.testing import fake
from tests.test_collect import Session, collect


ARN = "arn:aws:codestar-notifications:eu-west-1:111122223333:notificationrule/0f1e2d3c"
PIPELINE = "arn:aws:codepipeline:eu-west-1:111122223333:release"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:oncall"
TOLD = {
    "Arn": ARN,
    "Name": "failed",
    "Resource": PIPELINE,
    "Status": "ENABLED",
    "EventTypes": [{"EventTypeId": "codepipeline-pipeline-pipeline-execution-failed"}],
    "Targets": [{"TargetType": "SNS", "TargetAddress": TOPIC, "TargetStatus": "ACTIVE"}],
}


def test_rule_is_read():
    """
    What it is about, of what it tells, and whom.
    """
    rule = fake(NotificationRule, {RULES: {"Arn": ARN}, RULE: TOLD})

    assert (ARN, "failed", PIPELINE, True) == (rule.arn, rule.name, rule.resource, rule.enabled)
    assert ("codepipeline-pipeline-pipeline-execution-failed",) == rule.event_types
    assert (RuleTarget("SNS", TOPIC, "ACTIVE"),) == rule.targets


def test_disabled_rule_without_targets_is_read():
    """
    Its targets may have been deleted.
    """
    rule = fake(NotificationRule, {RULES: {"Arn": ARN}, RULE: {**TOLD, "Status": "DISABLED", "Targets": []}})

    assert (False, ()) == (rule.enabled, rule.targets)


def test_each_rule_is_described():
    """
    The listing has nothing but ARNs.
    """
    session = Session()
    stub = session.stub("codestar-notifications")
    stub.add_response("list_notification_rules", {"NotificationRules": [{"Id": "0f1e2d3c", "Arn": ARN}]}, {})
    stub.add_response("describe_notification_rule", TOLD, {"Arn": ARN})

    assert [True] == [rule.enabled for rule in collect(session, NotificationRule).every(NotificationRule)]
