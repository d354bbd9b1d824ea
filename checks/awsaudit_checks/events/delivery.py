"""May a service deliver to a queue or topic: the policy, then the key; and by a role, its trust and its rights."""

from __future__ import annotations

import json
import re

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from attrs import evolve, frozen

from awsaudit import Hop, Inventory, Problem
from awsaudit.access import Decision, Question, answer, answer_service, key_named, question, trust_of
from awsaudit.declare import Resource
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue
from awsaudit_checks.events.permission import (
    EVENTS,
    PUT_ROLE_POLICY,
    PUT_TRUST,
    holds,
    letting,
    of_key,
    role_policy,
    trusting,
    without_key,
)
from awsaudit_checks.repair import quoted
from awsaudit_checks.sns.key import NEW_KEY, new_key


SET_QUEUE: Final = (
    "aws sqs set-queue-attributes --region {region} --queue-url {queue_url} --attributes {queue_attributes}"
)
_SET_TOPIC: Final = (
    "aws sns set-topic-attributes --region {region} --topic-arn {topic} --attribute-name Policy "
    "--attribute-value {topic_policy}"
)
PUT_KEY_POLICY: Final = (
    "aws kms put-key-policy --region {region} --key-id {key} --policy-name default --policy {key_policy}"
)
_ENABLE: Final = "aws kms enable-key --region {region} --key-id {key}"
_REVIVE: Final[Mapping[str, str]] = {
    "Disabled": _ENABLE,
    "PendingDeletion": "aws kms cancel-key-deletion --region {region} --key-id {key} && " + _ENABLE,
}
_KEY_ACTIONS: Final = ("kms:GenerateDataKey", "kms:Decrypt")


@frozen
class Break:
    """
    Where a delivery breaks.

    Args:
        message: What is wrong, as the second half of a sentence.

        path: The hops from what delivers to where it breaks, that last one included.

        expected: What should be there.

        cli: The command that mends it; None where there is none.

        fill: What the command is filled with.
    """

    message: str
    path: tuple[Hop, ...]
    expected: str = "EventBridge may deliver"
    cli: str | None = None
    fill: Mapping[str, str] = {}


@frozen
class Sender:
    """
    For what a service delivers, in its own name or by a role.

    Args:
        arn: The rule, bus or alarm.

        account: Its account.

        all: The ARNs of all rules, buses or alarms that the new policy has to let in, *arn* among them.

        role: The role; None where the service comes in its own name.

        service: The service.

        name: The service in words.

        context: What is known of its requests besides.
    """

    arn: str
    account: str
    all: tuple[str, ...]
    role: Role | None = None
    service: str = EVENTS
    name: str = "EventBridge"
    context: Mapping[str, str] = {}


def asks(sender: Sender, asked: Question, account: Inventory) -> Decision:
    """Return whether the service may do what is *asked* for *sender*."""
    if sender.role:
        return answer(asked, sender.role, account)
    known = evolve(asked, context=asked.context.with_(sender.context))

    return answer_service(known, sender.service, sender.arn, sender.account)


def who(sender: Sender) -> str:
    """Return who asks, in words."""
    return f"the role {sender.role.name}" if sender.role else sender.name


def _let_in(document: Mapping[str, Any] | None, sender: Sender, actions: Sequence[str], resource: str) -> str:
    """Return *document* with a statement that lets the service of *sender* do *actions*, as JSON text."""
    policy = json.loads(letting(document, sender.name.replace(" ", ""), actions, resource, sender.all))
    policy["Statement"][-1]["Principal"] = {"Service": sender.service}

    return json.dumps(policy, separators=(",", ":"))


def repair(decision: Decision, cli: str, fill: Mapping[str, str]) -> tuple[str | None, Mapping[str, str]]:
    """Return command and values, or neither where a Deny stands: one more Allow would not help."""
    return (None, {}) if decision.explicit else (cli, fill)


def why_not(decision: Decision) -> str:
    """Return what denies, in words."""
    return f"denied by {decision.denied_by[0]}" if decision.denied_by else decision.missing


def sending(queue: Queue, sender: Sender, account: Inventory) -> Break | None:
    """
    Return where sending to *queue* breaks; None if nowhere.

    Raises:
        EvidenceMissing, Undecided: It hangs on what could not be read.
    """
    asked = question("sqs:SendMessage", queue, account)
    decision = asks(sender, without_key(asked), account)
    if not holds(decision):
        attributes = quoted(Policy=_let_in(queue.policy, sender, ["sqs:SendMessage"], queue.arn))
        policy = {"queue_url": queue.url, "queue_attributes": attributes}
        cli, fill = _granting(decision, sender, "sqs:SendMessage", queue.arn, cli=SET_QUEUE, fill=policy)
        hop = Hop(queue.arn, Queue.type, f"sqs:SendMessage: {why_not(decision)}", holds=False)
        return Break(f"the queue {queue.name} does not let {who(sender)} send to it", (hop,), cli=cli, fill=fill)
    if queue.kms_key_id is None:
        return None
    # A key of SQS itself admits whoever may send.
    anew = {"queue_url": queue.url, "queue_attributes": quoted(KmsMasterKeyId=None, SqsManagedSseEnabled="true")}

    return _encrypting(queue, queue.kms_key_id, asked, sender=sender, account=account, anew=(SET_QUEUE, anew))


def publishing(topic: Topic, sender: Sender, account: Inventory) -> Break | None:
    """
    Return where publishing to *topic* breaks; None if nowhere.

    Raises:
        EvidenceMissing, Undecided: It hangs on what could not be read.
    """
    asked = question("sns:Publish", topic, account)
    decision = asks(sender, without_key(asked), account)
    if not holds(decision):
        document = _let_in(topic.policy, sender, ["sns:Publish"], topic.arn)
        policy = {"topic": topic.arn, "topic_policy": document}
        cli, fill = _granting(decision, sender, "sns:Publish", topic.arn, cli=_SET_TOPIC, fill=policy)
        hop = Hop(topic.arn, Topic.type, f"sns:Publish: {why_not(decision)}", holds=False)
        message = f"the topic {topic.name} does not let {who(sender)} publish to it"
        return Break(message, (hop,), f"{sender.name} may deliver", cli, fill)
    if topic.kms_key_id is None:
        return None

    # A role needs rights of its own to a new key.
    anew = (None, {}) if sender.role else (NEW_KEY, new_key(topic, [sender.service]))

    return _encrypting(topic, topic.kms_key_id, asked, sender=sender, account=account, anew=anew)


def _granting(  # noqa: PLR0913 - what a grant is made of
    decision: Decision, sender: Sender, action: str, resource: str, *, cli: str, fill: Mapping[str, str]
) -> tuple[str | None, Mapping[str, str]]:
    if sender.role:
        return repair(decision, PUT_ROLE_POLICY, granted(sender.role, sender.arn, [action], resource))

    return repair(decision, cli, fill)


def granted(role: Role, source: str, actions: Sequence[str], resource: str) -> Mapping[str, str]:
    """Return what `PUT_ROLE_POLICY` is filled with to let *role* do *actions*, by a policy named after all of these."""
    named = "-".join([actions[0].partition(":")[2], resource.rpartition(":")[2], source.rpartition(":")[2]])
    return {
        "role": role.name,
        "policy_name": re.sub(r"[^A-Za-z0-9_+=,.@-]", "-", named)[:128],
        "role_policy": role_policy(actions, resource),
    }


def _encrypting(  # noqa: PLR0913 - what is encrypted, and for whom
    resource: Queue | Topic,
    reference: str,
    asked: Question,
    *,
    sender: Sender,
    account: Inventory,
    anew: tuple[str | None, Mapping[str, str]],
) -> Break | None:
    """Return where the use of the key breaks; *anew* is the command that takes another one."""
    of = f"the key of {'the queue' if isinstance(resource, Queue) else 'the topic'} {resource.name}"
    before = Hop(resource.arn, type(resource).type, "its policy admits")
    fault = key_fault(reference, resource, account, by_role=sender.role is not None)
    if fault:
        what, cli, fill = fault
        hop = Hop(reference, Key.type, f"it {what}", holds=False)
        command, values = (cli, fill) if cli else anew
        return Break(f"{of} {what}", (before, hop), "an enabled key that may be used", command, values)
    of_it = of_key(asked)
    key = None if is_aws_alias(reference) else key_named(reference, resource.region, account)
    if of_it is None or key is None:
        return None
    decision = asks(sender, of_it, account)
    if holds(decision):
        return None
    if sender.role:
        fill = granted(sender.role, sender.arn, _KEY_ACTIONS, key.arn)
        command, values = repair(decision, PUT_ROLE_POLICY, fill)
    else:
        policy = _let_in(key.policy, sender, _KEY_ACTIONS, "*")
        command, values = repair(decision, PUT_KEY_POLICY, {"key": key.arn, "key_policy": policy})
    hop = Hop(key.arn, Key.type, f"kms:GenerateDataKey and kms:Decrypt: {why_not(decision)}", holds=False)

    return Break(
        f"{of} does not let {who(sender)} encrypt", (before, hop), "an enabled key that may be used", command, values
    )


def is_aws_alias(reference: str) -> bool:
    """Tell whether *reference* is the alias of a key that AWS manages."""
    return reference.rpartition(":")[2].startswith("alias/aws/")


def key_fault(
    reference: str, resource: Resource, account: Inventory, *, by_role: bool = False
) -> tuple[str, str | None, Mapping[str, str]] | None:
    """
    Return what is wrong with a key whatever its policy says, with the command and its values; None if nothing is.

    No service gets to a key that AWS manages: nobody can change its policy.

    Args:
        reference: How the resource names its key.

        resource: The resource.

        account: Where the key is.

        by_role: Whether it is used by a role, whom the keys of AWS admit.

    Raises:
        EvidenceMissing: The key is another account's, or could not be seen.
    """
    key = None if is_aws_alias(reference) else key_named(reference, resource.region, account)
    if is_aws_alias(reference) or (key and key.manager == "AWS"):
        return None if by_role else ("is AWS's own, which lets no service in", None, {})
    if key is None:
        return "does not exist", None, {}
    if key.state not in {"Enabled", "Creating", "Updating"}:
        cli = _REVIVE.get(key.state, "")
        return f"is {key.state}", cli, {"key": key.arn} if cli else {}

    return None


def assuming(role_arn: str, sender: Sender, account: Inventory) -> tuple[Role | None, Break | None]:
    """
    Return the role with *role_arn*, and where assuming it breaks; None if nowhere.

    Raises:
        EvidenceMissing, Undecided: It hangs on what could not be read.
    """
    role = account.by_arn(Role, role_arn)
    if role is None:
        hop = Hop(role_arn, Role.type, "it does not exist", holds=False)
        return None, Break(f"the role {role_arn} does not exist", (hop,), "a role that EventBridge may assume")
    decision = answer_service(question("sts:AssumeRole", role, account), EVENTS, sender.arn, sender.account)
    if holds(decision):
        return role, None
    cli, fill = repair(decision, PUT_TRUST, {"role": role.name, "trust": trusting(role)})
    hop = Hop(role.arn, Role.type, f"{trust_of(role).name}: {why_not(decision)}", holds=False)

    return role, Break(
        f"the role {role.name} does not trust EventBridge", (hop,), "a role that EventBridge may assume", cli, fill
    )


def problem(found: Break, begin: Iterable[Hop], label: str, sub_key: str = "") -> Problem:
    """
    Return the problem that a break is.

    Args:
        found: The break.

        begin: The hops before it.

        label: What does not get there, as the first half of a sentence.

        sub_key: Tells it from others of the resource.
    """
    return Problem(
        f"{label}: {found.message}",
        expected=found.expected,
        found=found.message,
        sub_key=sub_key,
        path=(*begin, *found.path),
        fill=found.fill,
        cli=found.cli,
    )
