from awsaudit.resources.events import BUSES, LOG_GROUP_POLICY, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.testing import fake


def test_bus_rule_and_target_say_who_may_do_what():
    """
    The bus's policy, the rule's pattern and role, the target's role and task.
    """
    bus = fake(EventBus, {BUSES: {"Name": "orders", "Policy": '{"Statement": []}'}})
    rule = fake(Rule, {RULES: {"EventPattern": '{"source": ["aws.health"]}', "RoleArn": "arn:aws:iam::1:role/r"}})
    ecs = {"TaskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/close"}
    target = fake(Target, {TARGETS: {"RoleArn": "arn:aws:iam::1:role/t", "EcsParameters": ecs}})

    assert {"Statement": []} == bus.policy
    assert ('{"source": ["aws.health"]}', None) == (rule.event_pattern, rule.schedule)
    assert "arn:aws:iam::1:role/r" == rule.role_arn
    assert ("arn:aws:iam::1:role/t", ecs["TaskDefinitionArn"]) == (target.role_arn, target.task_definition_arn)


def test_what_is_not_set_is_none():
    """
    A bus without a policy, a rule on a schedule, a target that is no task.
    """
    rule = fake(Rule, {RULES: {"ScheduleExpression": "rate(5 minutes)"}})
    target = fake(Target, {TARGETS: {"Id": "1"}})

    assert fake(EventBus, {BUSES: {"Name": "default"}}).policy is None
    assert (None, "rate(5 minutes)", None) == (rule.event_pattern, rule.schedule, rule.role_arn)
    assert (None, None) == (target.role_arn, target.task_definition_arn)


def test_target_says_whether_it_gets_the_event_itself():
    """
    A fixed input, a part or a template is something else; none of it is kept.
    """
    assert not fake(Target, {TARGETS: {"Id": "1", "Arn": "arn:aws:sqs:::q"}}).reshaped
    for told in ({"Input": "{}"}, {"InputPath": "$.detail"}, {"InputTransformer": {"InputTemplate": '"<a>"'}}):
        target = fake(Target, {TARGETS: {"Id": "1", **told}})
        assert target.reshaped
        assert () == target.secrets


def test_target_has_the_policy_of_its_log_group():
    """
    Other targets have none.
    """
    told = {"policyDocument": '{"Statement": []}'}

    assert {"Statement": []} == fake(Target, {TARGETS: {"Id": "1"}, LOG_GROUP_POLICY: told}).log_group_policy
    assert fake(Target, {TARGETS: {"Id": "1"}, LOG_GROUP_POLICY: None}).log_group_policy is None
