"""May EventBridge, for a rule, invoke a target: by the target's own policy, or by a role."""

from __future__ import annotations

import json
import re

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from attrs import evolve

from awsaudit import Hop, Inventory, NotApplicable, Undecided
from awsaudit.access import BUSES, CONTROL, IDENTITY, QUEUES, TOPICS, Question, attached_to, question, readable
from awsaudit.access.policy import Form
from awsaudit.access.request import DIRECT
from awsaudit.resources.events import EventBus, Rule, Target
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key
from awsaudit.resources.logs import LogGroup, LogResourcePolicy
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue
from awsaudit_checks.events.delivery import (
    Break,
    Sender,
    asks,
    assuming,
    granted,
    publishing,
    repair,
    sending,
    why_not,
)
from awsaudit_checks.events.permission import EVENTS, PUT_ROLE_POLICY, holds, role_policy
from awsaudit_checks.events.place import account_of, kind_of, region_of, type_of
from awsaudit_checks.events.rule import PUT_CHANGED
from awsaudit_checks.repair import statements_of


T = TypeVar("T")

INVOCATION: Final = (
    Target.id, Target.destination, Target.role_arn, Target.function_arn, Target.function_policy, Target.log_group_policy,
    Target.task_definition_arn, Target.task_arn, Target.task_role_arns, LogGroup.arn, LogResourcePolicy.name,
    LogResourcePolicy.document, *QUEUES, *TOPICS, *BUSES, Key.state, *IDENTITY, *CONTROL,
)  # fmt: skip
"""What `refusal` looks at; for a check's uses=."""

# What a role has to be let do; one of several is enough.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "lambda": ("lambda:InvokeFunction",),
    "states": ("states:StartExecution",),
    "kinesis": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "firehose": ("firehose:PutRecord", "firehose:PutRecordBatch"),
    "event-bus": ("events:PutEvents",),
    "api-destination": ("events:InvokeApiDestination",),
    "codepipeline": ("codepipeline:StartPipelineExecution",),
    "codebuild": ("codebuild:StartBuild",),
}
_BY_POLICY: Final = frozenset({"lambda", "sqs", "sns"})
_BY_ROLE: Final = frozenset(
    {"states", "kinesis", "firehose", "ecs", "batch", "codepipeline", "codebuild", "api-destination", "redshift",
     "redshift-serverless", "sagemaker"}
)  # fmt: skip
_RUN: Final = "ecs:RunTask"
_WRITE: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
_ADD_PERMISSION: Final = (
    "aws lambda add-permission --region {region} --function-name {function} --statement-id {statement_id} "
    "--action lambda:InvokeFunction --principal events.amazonaws.com --source-arn {rule_arn}"
)
_PUT_LOG_POLICY: Final = (
    "aws logs put-resource-policy --region {region} --policy-name {policy_name} --policy-document {log_policy}"
)
_WITH_ROLE: Final = (
    "aws iam create-role --region {region} --role-name {role} --assume-role-policy-document {trust} && "
    f"{PUT_ROLE_POLICY} && {PUT_CHANGED}"
)


def role_of(target: Target, rule: Rule) -> str | None:
    """Return the ARN of the role that *target* is invoked with: its own, or its rule's; None without one."""
    return target.role_arn or rule.role_arn


def refusal(target: Target, rule: Rule, account: Inventory) -> Break | None:
    """
    Return where the way from *rule* to *target* breaks; None if nowhere.

    Raises:
        NotApplicable: The target does not exist.
        EvidenceMissing, Undecided: It hangs on what could not be read, or AWS's pages do not settle it.
    """
    arn, kind = target.destination, kind_of(target.destination)
    if account_of(arn) != rule.account:
        raise Undecided(f"target {target.id} is in the account {account_of(arn)}, whose policies decide: {arn}")
    if kind == "logs":
        return _logging(target, rule, account)
    if kind in _BY_POLICY and not target.role_arn:
        found = _by_policy(target, kind, rule, account)
        # AWS's pages differ on whether the rule's role counts here.
        by_rule = found is not None and rule.role_arn is not None
        return None if by_rule and _by_role(target, rule.role_arn or "", rule, account) is None else found
    role_arn = role_of(target, rule)
    if role_arn:
        return _by_role(target, role_arn, rule, account)
    if kind in _BY_ROLE:
        return _without_role(target, kind, rule)
    if kind == "event-bus":
        return _bus_without_role(target, account)
    raise Undecided(f"target {target.id} is of a service whose permissions are not looked at: {arn}")


def _by_policy(target: Target, kind: str, rule: Rule, account: Inventory) -> Break | None:
    sender = Sender(rule.arn, rule.account, (rule.arn, *_sharing(target, account)))
    if kind == "lambda":
        return _calling(target, rule, sender, account)
    if kind == "sqs":
        return sending(_there(account.by_arn(Queue, target.destination)), sender, account)

    return publishing(_there(account.by_arn(Topic, target.destination)), sender, account)


def _there(found: T | None) -> T:
    if found is None:
        raise NotApplicable("the target does not exist")

    return found


def _sharing(target: Target, account: Inventory) -> Iterator[str]:
    """Yield the ARNs of the rules that send to the same place by its policy, so that a command for one keeps the others."""
    for other in account.seen(Target, target.region):
        if other.know("destination") == target.destination and isinstance(other.parent_resource, Rule):
            yield other.parent_resource.arn


def _calling(target: Target, rule: Rule, sender: Sender, account: Inventory) -> Break | None:
    _there(target.function_arn)
    name = target.destination.partition(":function:")[2]
    decision = asks(sender, _of_function(target), account)
    if holds(decision):
        return None
    taken = {str(s.get("Sid", "")) for s in statements_of(target.function_policy or {})}
    base = re.sub(r"[^A-Za-z0-9_-]", "-", f"events-{rule.bus_name}-{rule.name}")[:96]
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    fill = {
        "function": target.destination,
        "statement_id": next(each for each in names if each not in taken),
        "rule_arn": rule.arn,
    }
    cli, values = repair(decision, _ADD_PERMISSION, fill)
    hop = Hop(
        target.destination, type_of(target.destination), f"lambda:InvokeFunction: {why_not(decision)}", holds=False
    )

    return Break(f"the function {name} does not let EventBridge call it", (hop,), cli=cli, fill=values)


def _of_function(target: Target) -> Question:
    arn = target.destination
    own = attached_to(target.function_policy, f"the function {arn.partition(':function:')[2]}")
    return Question("lambda:InvokeFunction", arn, target.account, own=own)


def _by_role(target: Target, role_arn: str, rule: Rule, account: Inventory) -> Break | None:
    sender = Sender(rule.arn, rule.account, (rule.arn,))
    role, broken = assuming(role_arn, sender, account)
    if broken or role is None:
        return broken
    found = _rights(target, kind_of(target.destination), evolve(sender, role=role), account)

    return evolve(found, path=(Hop(role.arn, Role.type, "EventBridge assumes it"), *found.path)) if found else None


def _rights(target: Target, kind: str, sender: Sender, account: Inventory) -> Break | None:
    if kind == "sqs":
        return sending(_there(account.by_arn(Queue, target.destination)), sender, account)
    if kind == "sns":
        return publishing(_there(account.by_arn(Topic, target.destination)), sender, account)
    if kind == "ecs":
        return _running(target, sender, account)
    if kind not in ACTIONS:
        raise Undecided(f"what the role of target {target.id} needs is not known: {target.destination}")
    asked = tuple(_alternatives(target, kind, account))
    decisions = [asks(sender, each, account) for each in asked]
    # What one alternative allows for certain is not in doubt because of another.
    if any(decision.allowed for decision in decisions) or any(map(holds, decisions)):
        return None

    return _forbidden(asked[0], sender, account, ACTIONS[kind], target.destination)


def _alternatives(target: Target, kind: str, account: Inventory) -> Iterator[Question]:
    """Yield the questions of which one has to be answered with yes."""
    arn = target.destination
    if kind == "lambda":
        _there(target.function_arn)
        yield _of_function(target)
    elif kind == "states":
        # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html
        yield Question("states:StartExecution", arn, target.account)
        machine, _, qualifier = arn.partition(":stateMachine:")[2].partition(":")
        if qualifier:
            context = DIRECT.with_({"states:StateMachineQualifier": qualifier})
            base = f"{arn.partition(':stateMachine:')[0]}:stateMachine:{machine}"
            yield Question("states:StartExecution", base, target.account, context)
    elif kind == "event-bus" and region_of(arn) == target.region:
        yield question("events:PutEvents", _there(account.by_arn(EventBus, arn)), account)
    else:
        for action in ACTIONS[kind]:
            yield Question(action, arn, target.account)


def _running(target: Target, sender: Sender, account: Inventory) -> Break | None:
    if target.task_definition_arn is None:
        raise Undecided(f"target {target.id} names no task definition")
    task = _there(target.task_arn)
    context = DIRECT.with_({"ecs:cluster": target.destination})
    asked = Question(_RUN, task, target.account, context)
    if not holds(asks(sender, asked, account)):
        family = task.rpartition(":")[0]
        return _forbidden(asked, sender, account, (_RUN,), f"{family}:*")
    for role_arn in target.task_role_arns:
        passing = DIRECT.with_({"iam:PassedToService": "ecs-tasks.amazonaws.com"})
        asked = Question("iam:PassRole", role_arn, target.account, passing)
        if not holds(asks(sender, asked, account)):
            return _forbidden(asked, sender, account, ("iam:PassRole",), role_arn)

    return None


def _forbidden(
    asked: Question, sender: Sender, account: Inventory, actions: tuple[str, ...], resource: str
) -> Break | None:
    if sender.role is None:
        return None
    decision = asks(sender, asked, account)
    kind = Role.type if asked.action == "iam:PassRole" else type_of(asked.resource)
    cli, fill = repair(decision, PUT_ROLE_POLICY, granted(sender.role, sender.arn, actions, resource))

    return Break(
        f"the role {sender.role.name} may not do {asked.action} on {asked.resource}",
        (Hop(asked.resource, kind, f"{asked.action}: {why_not(decision)}", holds=False),),
        cli=cli,
        fill=fill,
    )


def _without_role(target: Target, kind: str, rule: Rule) -> Break:
    hop = Hop(
        target.destination, type_of(target.destination), "EventBridge gets to it by a role, and has none", holds=False
    )
    message = f"it needs a role, and has none: {target.destination}"
    if kind not in ACTIONS:
        return Break(message, (hop,), "a role that EventBridge may assume")
    name = re.sub(r"[^A-Za-z0-9_-]", "-", f"events-{rule.name}-{target.id}")[:64]
    arn = f"arn:{rule.partition}:iam::{rule.account}:role/{name}"
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": EVENTS},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": rule.account}},
    }
    fill = {
        "role": name,
        "trust": json.dumps({"Version": "2012-10-17", "Statement": [trust]}, separators=(",", ":")),
        "policy_name": "invoke-target",
        "role_policy": role_policy(ACTIONS[kind], target.destination),
        "changed": f"Targets[?Id=='{target.id}'].merge(@, {{RoleArn: '{arn}'}})",
    }

    return Break(message, (hop,), "a role that EventBridge may assume", _WITH_ROLE, fill)


def _bus_without_role(target: Target, account: Inventory) -> Break | None:
    bus = _there(account.by_arn(EventBus, target.destination))
    policy = readable(attached_to(bus.policy, f"the event bus {bus.name}"))
    statements = policy.about("events:PutEvents") if policy else ()
    named = any(
        s.allow
        and not s.conditions
        and any(e.form is Form.ANYONE or e.account == bus.account for e in s.principals or ())
        for s in statements
    )
    if named and all(s.allow for s in statements):
        return None
    raise Undecided(f"AWS's pages do not settle whether the bus {bus.name} takes events of the account without a role")


def _logging(target: Target, rule: Rule, account: Inventory) -> Break | None:
    arn = target.destination.removesuffix(":*")
    _there(account.by_arn(LogGroup, arn))
    name = arn.partition(":log-group:")[2]
    documents = [policy.document for policy in account.every(LogResourcePolicy, rule.region)]
    statements = [s for each in (*documents, target.know("log_group_policy")) if each for s in statements_of(each)]
    merged = {"Version": "2012-10-17", "Statement": statements}
    own = attached_to(merged, f"the log group {name}") if statements else None
    sender = Sender(rule.arn, rule.account, (rule.arn,))
    # Both actions are about a stream.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    asked = [Question(action, f"{arn}:log-stream:awsaudit", rule.account, own=own) for action in _WRITE]
    refused = next((d for d in (asks(sender, each, account) for each in asked) if not holds(d)), None)
    if refused is None:
        return None
    if target.log_group_policy is None and target.destination.endswith(":*"):
        raise Undecided(f"the log group {name} may have a policy of its own, which is not to be had by an ARN with :*")
    taken = {policy.name for policy in account.every(LogResourcePolicy, rule.region)}
    base = re.sub(r"[^A-Za-z0-9_-]", "-", f"EventBridge{name}")[:120]
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    fill = {"policy_name": next(each for each in names if each not in taken), "log_policy": _log_policy(arn)}
    cli, values = repair(refused, _PUT_LOG_POLICY, fill)
    hop = Hop(arn, LogGroup.type, f"no resource policy lets EventBridge write: {why_not(refused)}", holds=False)

    return Break(f"no resource policy lets EventBridge write to the log group {name}", (hop,), cli=cli, fill=values)


def _log_policy(arn: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": [EVENTS, "delivery.logs.amazonaws.com"]},
        "Action": [*_WRITE],
        "Resource": f"{arn}:*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
