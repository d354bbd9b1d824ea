"""
The part of the example account that shows access: how events get to their targets, and what stands behind queues.

The bus ``settlement`` works from end to end: its key, its dead-letter queue, and targets of each kind that admit EventBridge by
their policy or by a role. Beside it a rule copies events into a stranger's account with a role that reaches every bus, and
another goes on calling a function that was deleted. logs:DescribeResourcePolicies of a single log group is answered here:
moto tells the account's for it.
"""

from __future__ import annotations

import json

from collections.abc import Iterable, Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, NAME, Company


BUS: Final = f"arn:aws:events:{HOME}:{ACCOUNT}:event-bus/settlement"
RULES: Final = f"arn:aws:events:{HOME}:{ACCOUNT}:rule/settlement"
STRANGER: Final = "777788889999"
_EVENTS: Final = "events.amazonaws.com"
_ENCRYPT: Final = ["kms:GenerateDataKey", "kms:Decrypt"]


def build(company: Company) -> None:
    """Build it."""
    company.front.answer("logs", "DescribeResourcePolicies", _own_policies)
    lost = _queue(company, "settlement-undelivered", [_admits("sqs:SendMessage", [BUS, f"{RULES}/*"])])
    company.client("events").create_event_bus(
        Name="settlement", KmsKeyIdentifier=_key(company, "settlement"), DeadLetterConfig={"Arn": lost}
    )
    undelivered = {"DeadLetterConfig": {"Arn": lost}}
    _settle(company, undelivered)
    _record(company, undelivered)
    _broken(company, undelivered)
    _publishers(company)
    _deposits(company)


def _own_policies(params: Mapping[str, Any], _: str) -> Mapping[str, Any] | None:
    return {"resourcePolicies": []} if params.get("policyScope") == "RESOURCE" else None


def _document(statements: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(actions: str | list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def _admits(
    actions: str | list[str], sources: list[str], service: str = _EVENTS, resource: str = "*"
) -> dict[str, Any]:
    condition = {"ArnLike": {"aws:SourceArn": sources}}
    return {**_allow(actions, resource), "Principal": {"Service": service}, "Condition": condition}


def _queue(company: Company, name: str, statements: Iterable[Mapping[str, Any]], key: str = "") -> str:
    encryption = {"KmsMasterKeyId": key} if key else {"SqsManagedSseEnabled": "true"}
    company.client("sqs").create_queue(QueueName=name, Attributes={"Policy": _document(statements), **encryption})
    company.ids[f"queue:{name}"] = f"arn:aws:sqs:{HOME}:{ACCOUNT}:{name}"

    return str(company.ids[f"queue:{name}"])


def _key(company: Company, name: str) -> str:
    """Make a key that EventBridge and SNS may use, and return its ARN."""
    owner = {**_allow("kms:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    service = {
        **_allow(["kms:DescribeKey", *_ENCRYPT], "*"),
        "Principal": {"Service": [_EVENTS, "sns.amazonaws.com"]},
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    kms = company.client("kms")
    key = kms.create_key(Description=name, Policy=_document([owner, service]))["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key["KeyId"])
    kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=365)
    company.ids[f"key:{name}"] = key["Arn"]

    return str(key["Arn"])


def _role(company: Company, name: str, service: str, *statements: Mapping[str, Any]) -> str:
    iam = company.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName=f"{NAME}-{name}", AssumeRolePolicyDocument=_document([trust]))["Role"]
    if statements:
        iam.put_role_policy(RoleName=role["RoleName"], PolicyName=name, PolicyDocument=_document(statements))

    return str(role["Arn"])


def _rule(company: Company, name: str, *targets: Mapping[str, Any]) -> None:
    events = company.client("events")
    pattern = json.dumps({"source": [f"{NAME}.settlement"], "detail-type": [name]})
    events.put_rule(Name=name, EventBusName="settlement", State="ENABLED", EventPattern=pattern)
    events.put_targets(Rule=name, EventBusName="settlement", Targets=list(targets))


def _settle(company: Company, undelivered: Mapping[str, Any]) -> None:
    """A function by its policy; a state machine and a task by roles that can do that and no more."""
    function = company.client("lambda").get_function_configuration(FunctionName="validator-duties")["FunctionArn"]
    company.client("lambda").add_permission(
        FunctionName="validator-duties",
        StatementId="settlement",
        Action="lambda:InvokeFunction",
        Principal=_EVENTS,
        SourceArn=f"{RULES}/settle",
    )
    runner = _role(company, "settlement-runner", "states.amazonaws.com")
    machine = company.client("stepfunctions").create_state_machine(
        name="settlement",
        definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
        roleArn=runner,
    )["stateMachineArn"]
    starter = _role(company, "settlement-start", _EVENTS, _allow("states:StartExecution", machine))
    _rule(
        company,
        "settle",
        {"Id": "duties", "Arn": function, **undelivered},
        {"Id": "machine", "Arn": machine, "RoleArn": starter, **undelivered},
        {**_task(company), **undelivered},
    )


def _task(company: Company) -> dict[str, Any]:
    ecs = company.client("ecs")
    cluster = ecs.create_cluster(clusterName="settlement")["cluster"]["clusterArn"]
    execution = _role(company, "settlement-execution", "ecs-tasks.amazonaws.com")
    task = ecs.register_task_definition(
        family="settlement",
        executionRoleArn=execution,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "settle", "image": "public.ecr.aws/docker/library/busybox:1.37"}],
    )["taskDefinition"]["taskDefinitionArn"]
    role = _role(
        company,
        "settlement-run",
        _EVENTS,
        _allow("ecs:RunTask", f"{task.rpartition(':')[0]}:*"),
        _allow("iam:PassRole", execution),
    )

    return {"Id": "task", "Arn": cluster, "RoleArn": role, "EcsParameters": {"TaskDefinitionArn": task, "TaskCount": 1}}


def _record(company: Company, undelivered: Mapping[str, Any]) -> None:
    """A log group, an encrypted queue and an encrypted topic, all by their policies."""
    logs = company.client("logs")
    logs.create_log_group(logGroupName="/aws/events/settlement")
    group = f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/aws/events/settlement"
    services = {"Service": [_EVENTS, "delivery.logs.amazonaws.com"]}
    writes = {**_allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{group}:*"), "Principal": services}
    logs.put_resource_policy(policyName="settlement", policyDocument=_document([writes]))
    queue = _queue(company, "settled", [_admits("sqs:SendMessage", [f"{RULES}/record"])], company.ids["key:settlement"])
    sns = company.client("sns")
    topic = sns.create_topic(Name="settled", Attributes={"KmsMasterKeyId": "alias/settlement"})["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=_document([_admits("sns:Publish", [f"{RULES}/record"], resource=topic)]),
    )
    _rule(
        company,
        "record",
        {"Id": "log", "Arn": group, **undelivered},
        {"Id": "queue", "Arn": queue, **undelivered},
        {"Id": "topic", "Arn": topic, **undelivered},
    )


def _broken(company: Company, undelivered: Mapping[str, Any]) -> None:
    """A copy for a stranger, by a role that reaches every bus; and a function that somebody deleted."""
    wide = _role(company, "mirror", _EVENTS, _allow("events:PutEvents", "*"))
    stranger = f"arn:aws:events:{HOME}:{STRANGER}:event-bus/default"
    _rule(company, "mirror", {"Id": "analytics", "Arn": stranger, "RoleArn": wide, **undelivered})
    gone = f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:settlement-notifier"
    _rule(company, "notify", {"Id": "notifier", "Arn": gone, **undelivered})


def _publishers(company: Company) -> None:
    """One that publishes to its bus, and one to any."""
    _role(company, "settlement-api", "ecs-tasks.amazonaws.com", _allow("events:PutEvents", BUS))
    _role(company, "importer", "ec2.amazonaws.com", _allow(["events:PutEvents", "events:PutRule"], "*"))


def _deposits(company: Company) -> None:
    """Two queues that a topic sends to: of one the key admits SNS, of the other it was forgotten."""
    topic = company.client("sns").create_topic(Name="deposit-events")["TopicArn"]
    admits = [_admits("sqs:SendMessage", [topic], "sns.amazonaws.com")]
    _queue(company, "deposit-ledger", admits, "alias/settlement")
    _queue(company, "deposit-alerts", admits, "alias/deposits")
