import json
import shlex

import jmespath
import pytest

from awsaudit import Status
from awsaudit.resources.events import FUNCTION, FUNCTION_POLICY, LOG_GROUP_POLICY, TASK_DEFINITION
from awsaudit.resources.iam import Role
from awsaudit.resources.logs import LOG_GROUPS, POLICIES, LogGroup, LogResourcePolicy
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.target_permission import target_permission


RULE = "arn:aws:events:eu-west-1:111122223333:rule/beacon/slots"
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:slots:live"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:lost"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:oncall"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/events/slots"
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/rewards"
MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:settle"
PIPELINE = "arn:aws:codepipeline:eu-west-1:111122223333:release"
STREAM = "arn:aws:kinesis:eu-west-1:111122223333:stream/blocks"
CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/beacon"
TASK = "arn:aws:ecs:eu-west-1:111122223333:task-definition/settle"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k-1"
SENDER = "arn:aws:iam::111122223333:role/sender"
FOR_RULE = {"ArnEquals": {"aws:SourceArn": RULE}}


def may(*actions, on="*", **condition):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": on}
    return {**statement, "Condition": condition} if condition else statement


@pytest.fixture(name="judge")
def judge_fixture(rule, target):
    """Return a function that judges a rule with one target of an ARN; *told* is what detail calls answer."""

    def judge(arn, *others, told=None, of_rule=None, unlisted=(), **fields):
        judged = rule(**(of_rule or {}))
        one = target(judged, told=told, Arn=arn, **fields)
        return run_check(target_permission, judged, one, *others, unlisted=unlisted)

    return judge


def of_function(*statements):
    policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})} if statements else None
    return {FUNCTION: {"FunctionArn": FUNCTION_ARN}, FUNCTION_POLICY: policy}


def test_a_function_admits_the_rule_by_its_policy(judge, admits):
    """
    That of the alias which the target names; the source is the rule.
    """
    call = "lambda:InvokeFunction"

    for condition in ({}, FOR_RULE, {"ArnLike": {"AWS:SourceArn": RULE}}):
        told = of_function(admits(call, resource=FUNCTION_ARN, **condition))
        assert [Status.PASS] == statuses(judge(FUNCTION_ARN, told=told))
    other = {"ArnLike": {"AWS:SourceArn": RULE.replace("slots", "forks")}}
    assert [Status.FAIL] == statuses(judge(FUNCTION_ARN, told=of_function(admits(call, **other))))


def test_the_command_adds_a_permission_to_the_function(judge, admits):
    """
    Under a name that is not taken, on the alias.
    """
    taken = {
        **admits("lambda:InvokeFunction", resource=FUNCTION_ARN.replace("live", "next")),
        "Sid": "events-beacon-slots",
    }
    for statements, name in (((), "events-beacon-slots"), ((taken,), "events-beacon-slots-2")):
        (finding,) = judge(FUNCTION_ARN, told=of_function(*statements))

        assert "target 1 gets nothing: the function slots:live does not let EventBridge call it" == finding.message
        command = (
            f"aws lambda add-permission --region eu-west-1 --function-name {FUNCTION_ARN} --statement-id {name} "
            f"--action lambda:InvokeFunction --principal events.amazonaws.com --source-arn {RULE}"
        )
        assert command == finding.fix
        assert [RULE, "target 1", FUNCTION_ARN] == [hop.resource for hop in finding.path]
        assert finding.path[-1].holds is False


def test_a_queue_and_a_topic_admit_the_rule_by_their_policies(judge, queue, topic, admits):
    """
    The commands write a policy with which the check passes.
    """
    assert [Status.PASS] == statuses(judge(QUEUE, queue("lost", admits("sqs:SendMessage", **FOR_RULE))))
    assert [Status.PASS] == statuses(judge(TOPIC, topic(admits("sns:Publish", resource=TOPIC))))
    (of_queue,) = judge(QUEUE, queue())
    (of_topic,) = judge(TOPIC, topic(admits("sns:Publish", StringEquals={"aws:SourceAccount": "444455556666"})))
    statements = json.loads(json.loads(shlex.split(of_queue.fix)[-1])["Policy"])["Statement"]
    assert [Status.PASS] == statuses(judge(QUEUE, queue("lost", *statements)))
    statements = json.loads(shlex.split(of_topic.fix)[-1])["Statement"]
    assert [Status.PASS] == statuses(judge(TOPIC, topic(*statements)))


def test_their_keys_have_to_admit_the_service(judge, queue, topic, admits, key):
    """
    The keys of AWS never do.
    """
    sends, publishes = admits("sqs:SendMessage"), admits("sns:Publish")
    admitting = key(admits("kms:GenerateDataKey*", "kms:Decrypt"))

    assert [Status.PASS] == statuses(judge(QUEUE, queue("lost", sends, KmsMasterKeyId=KEY), admitting))
    assert [Status.PASS] == statuses(judge(TOPIC, topic(publishes, KmsMasterKeyId=KEY), admitting))
    for alias in ("alias/aws/sqs", KEY):
        assert [Status.FAIL] == statuses(judge(QUEUE, queue("lost", sends, KmsMasterKeyId=alias), key()))
    for alias in ("alias/aws/sns", KEY):
        (finding,) = judge(TOPIC, topic(publishes, KmsMasterKeyId=alias), key())
        assert "the key of the topic oncall " in finding.message


def test_a_role_of_the_target_decides(judge, queue, role, key):
    """
    In place of the queue's policy; it needs the key, too, that of AWS included.
    """
    sends = role(may("sqs:SendMessage", on=QUEUE))
    by = {"RoleArn": SENDER}

    assert [Status.PASS] == statuses(judge(QUEUE, queue(), sends, **by))
    assert [Status.PASS] == statuses(
        judge(QUEUE, queue(KmsMasterKeyId=KEY), role(may("sqs:*"), may("kms:*")), key(), **by)
    )
    (finding,) = judge(QUEUE, queue(KmsMasterKeyId=KEY), sends, key(), **by)
    assert "the key of the queue lost does not let the role sender encrypt" in finding.message
    assert finding.fix.startswith("aws iam put-role-policy --region eu-west-1 --role-name sender ")
    (finding,) = judge(QUEUE, queue(), role(), **by)
    added = json.loads(shlex.split(finding.fix)[-1])["Statement"]
    assert [Status.PASS] == statuses(judge(QUEUE, queue(), role(*added), **by))


def test_of_a_rules_role_and_a_policy_one_is_enough_for_queues(judge, queue, role, admits):
    """
    AWS's pages differ on whether the rule's role counts there.
    """
    by_rule = {"of_rule": {"RoleArn": SENDER}}

    assert [Status.PASS] == statuses(judge(QUEUE, queue(), role(may("sqs:SendMessage")), **by_rule))
    assert [Status.PASS] == statuses(judge(QUEUE, queue("lost", admits("sqs:SendMessage")), role(), **by_rule))
    assert [Status.FAIL] == statuses(judge(QUEUE, queue(), role(), **by_rule))


@pytest.mark.parametrize(
    ("arn", "action"),
    [
        (MACHINE, "states:StartExecution"),
        (PIPELINE, "codepipeline:StartPipelineExecution"),
        (STREAM, "kinesis:PutRecord"),
        (STREAM, "kinesis:PutRecords"),
        ("arn:aws:firehose:eu-west-1:111122223333:deliverystream/blocks", "firehose:PutRecordBatch"),
        ("arn:aws:codebuild:eu-west-1:111122223333:project/image", "codebuild:StartBuild"),
        ("arn:aws:events:eu-west-1:111122223333:api-destination/relay/0f6b1f5c", "events:InvokeApiDestination"),
    ],
)
def test_everything_else_needs_a_role_that_may(judge, role, arn, action):
    """
    Of the target, or of the rule; the commands make the role, or give it the right.
    """
    assert [Status.PASS] == statuses(judge(arn, role(may(action, on=arn)), RoleArn=SENDER))
    assert [Status.PASS] == statuses(judge(arn, role(may(action)), of_rule={"RoleArn": SENDER}))
    (without,) = judge(arn)
    assert f"target 1 gets nothing: it needs a role, and has none: {arn}" == without.message
    made, granted, listed, put = without.fix.split(" && ")
    assert made.startswith("aws iam create-role --region eu-west-1 --role-name events-slots-1 ")
    assert granted.startswith("aws iam put-role-policy --region eu-west-1 --role-name events-slots-1 ")
    assert put.startswith("aws events put-targets ")
    query = shlex.split(listed.removeprefix("TARGETS=$(").removesuffix(")"))[-3]
    (mended,) = jmespath.search(query, {"Targets": [{"Id": "1", "Arn": arn}]})
    assert {"Id": "1", "Arn": arn, "RoleArn": "arn:aws:iam::111122223333:role/events-slots-1"} == mended
    (barred,) = judge(arn, role(may("s3:GetObject")), RoleArn=SENDER)
    assert "the role sender may not do " in barred.message
    added = json.loads(shlex.split(barred.fix)[-1])["Statement"]
    assert [Status.PASS] == statuses(judge(arn, role(*added), RoleArn=SENDER))
    assert [RULE, "target 1", SENDER, arn] == [hop.resource for hop in barred.path]


def test_a_state_machines_alias_is_named_in_a_condition(judge, role):
    """
    Policies name the machine, and its alias as a context key.
    """
    qualified = {"StringEquals": {"states:StateMachineQualifier": "live"}}
    allowed = role(may("states:StartExecution", on=MACHINE, **qualified))

    assert [Status.PASS] == statuses(judge(f"{MACHINE}:live", allowed, RoleArn=SENDER))
    assert [Status.FAIL] == statuses(judge(f"{MACHINE}:next", allowed, RoleArn=SENDER))


def test_a_role_has_to_exist_and_to_trust_eventbridge(judge, role):
    """
    With the whole trust policy in the command; a role that is gone has none.
    """
    other = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    starts = may("states:StartExecution")
    (finding,) = judge(MACHINE, role(starts, trust=[other]), RoleArn=SENDER)
    (gone,) = judge(MACHINE, RoleArn=SENDER)

    assert "target 1 gets nothing: the role sender does not trust EventBridge" == finding.message
    trust = json.loads(shlex.split(finding.fix)[-1])["Statement"]
    assert other == trust[0]
    assert [Status.PASS] == statuses(judge(MACHINE, role(starts, trust=trust), RoleArn=SENDER))
    assert f"target 1 gets nothing: the role {SENDER} does not exist" == gone.message
    assert gone.fix is None


def test_a_task_is_run_with_roles_that_have_to_be_passed(judge, role):
    """
    In any revision of its family, on its cluster.
    """
    passed = "arn:aws:iam::111122223333:role/settle"
    told = {TASK_DEFINITION: {"taskDefinitionArn": f"{TASK}:7", "status": "ACTIVE", "taskRoleArn": passed}}
    fields = {"RoleArn": SENDER, "EcsParameters": {"TaskDefinitionArn": TASK}, "told": told}
    runs = may("ecs:RunTask", on=f"{TASK}:*", ArnEquals={"ecs:cluster": CLUSTER})
    passes = may("iam:PassRole", on=passed, StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"})

    assert [Status.PASS] == statuses(judge(CLUSTER, role(runs, passes), **fields))
    (cannot_run,) = judge(CLUSTER, role(passes), **fields)
    (cannot_pass,) = judge(CLUSTER, role(runs), **fields)
    assert f"the role sender may not do ecs:RunTask on {TASK}:7" in cannot_run.message
    assert f"{TASK}:*" == json.loads(shlex.split(cannot_run.fix)[-1])["Statement"][0]["Resource"]
    assert f"the role sender may not do iam:PassRole on {passed}" in cannot_pass.message
    assert [Status.FAIL] == statuses(judge(CLUSTER, **{**fields, "RoleArn": None}))


def test_a_bus_of_the_account_needs_its_policy_or_a_role(judge, bus, role):
    """
    Whether one without either takes events, AWS's pages do not settle.
    """
    owner = {"AWS": "arn:aws:iam::111122223333:root"}
    statement = {"Effect": "Allow", "Principal": owner, "Action": "events:PutEvents", "Resource": BUS}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    assert [Status.PASS] == statuses(judge(BUS, bus("rewards"), role(may("events:PutEvents", on=BUS)), RoleArn=SENDER))
    assert [Status.FAIL] == statuses(judge(BUS, bus("rewards"), role(), RoleArn=SENDER))
    assert [Status.PASS] == statuses(judge(BUS, bus("rewards", {"Policy": policy})))
    assert [Status.UNKNOWN] == statuses(judge(BUS, bus("rewards")))


def log_policy(*statements, name="events"):
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return fake(LogResourcePolicy, {POLICIES: {"policyName": name, "policyDocument": document}})


def test_a_log_group_admits_the_service_by_a_policy_of_the_account(judge, admits):
    """
    Or by one of its own; the command adds one of the account under a free name.
    """
    group = fake(LogGroup, {LOG_GROUPS: {"logGroupName": "/events/slots", "logGroupArn": GROUP}})
    writes = admits("logs:CreateLogStream", "logs:PutLogEvents", resource=f"{GROUP}:*")
    own = {LOG_GROUP_POLICY: {"policyDocument": json.dumps({"Version": "2012-10-17", "Statement": [writes]})}}
    none = {LOG_GROUP_POLICY: None}

    assert [Status.PASS] == statuses(judge(GROUP, group, log_policy(writes), told=none))
    assert [Status.PASS] == statuses(judge(f"{GROUP}:*", group, log_policy(writes), told=none))
    assert [Status.PASS] == statuses(judge(GROUP, group, told=own))
    (finding,) = judge(
        GROUP, group, log_policy(admits("logs:PutLogEvents"), name="EventBridge-events-slots"), told=none
    )
    words = shlex.split(finding.fix)
    assert "EventBridge-events-slots-2" == words[words.index("--policy-name") + 1]
    added = json.loads(words[-1])["Statement"]
    assert [Status.PASS] == statuses(judge(GROUP, group, log_policy(*added), told=none))
    assert [Status.UNKNOWN] == statuses(judge(f"{GROUP}:*", group, told=none))


def test_does_not_judge_targets_that_do_not_exist(judge):
    """
    That they are missing is another check's.
    """
    for arn in (QUEUE, TOPIC, GROUP, BUS):
        assert [Status.NOT_APPLICABLE] == statuses(judge(arn))
    assert [Status.NOT_APPLICABLE] == statuses(judge(FUNCTION_ARN, told={FUNCTION: None, FUNCTION_POLICY: None}))


@pytest.mark.parametrize("fields", [{"State": "DISABLED"}, {"ManagedBy": "guardduty.amazonaws.com"}, {}])
def test_does_not_judge_rules_that_deliver_nothing(rule, target, fields):
    """
    Disabled rules, those of AWS services, and those whose targets EventBridge brings itself.
    """
    judged = rule(**fields)
    arn = QUEUE if fields else "arn:aws:events:eu-west-1:111122223333:target/stop-instance"

    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_permission, judged, target(judged, Arn=arn)))


def test_does_not_know_what_it_cannot_see(judge, queue, role, admits, key):
    """
    Other accounts, refused policies and keys, roles that could not be listed, services that are not looked at.
    """
    by = {"RoleArn": SENDER}
    told = {FUNCTION: {"FunctionArn": FUNCTION_ARN}}

    assert [Status.UNKNOWN] == statuses(judge(QUEUE.replace("111122223333", "444455556666"), role(may("*")), **by))
    assert [Status.UNKNOWN] == statuses(judge(QUEUE, queue(hidden=True)))
    assert [Status.UNKNOWN] == statuses(judge(FUNCTION_ARN, told=told))
    assert [Status.UNKNOWN] == statuses(judge(MACHINE, unlisted=[Role], **by))
    encrypted = queue("lost", admits("sqs:SendMessage"), KmsMasterKeyId=KEY)
    assert [Status.UNKNOWN] == statuses(judge(QUEUE, encrypted, key(hidden=True)))
    assert [Status.UNKNOWN] == statuses(judge("arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/POST/events"))
    assert [Status.UNKNOWN] == statuses(
        judge(MACHINE, role(may("states:*", StringEquals={"aws:ResourceTag/team": "beacon"})), **by)
    )
