import json

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access.estate import key_named
from awsaudit.access.evaluate import Decision
from awsaudit.access.question import TOPICS, question
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key
from awsaudit.resources.sns import Topic
from awsaudit_checks.events.permission import (
    EVENTS,
    PUT_ROLE_POLICY,
    ROLES,
    holds,
    lets_role,
    lets_service,
    letting,
    of_key,
    role_policy,
)
from awsaudit_checks.health.rule import begin, refuse_other, sharing, topics_of
from awsaudit_checks.sns.audience import problems_of


_ACTIONS: Final = ("kms:GenerateDataKey*", "kms:Decrypt")
_NEW_KEY: Final = (
    "KEY=$(aws kms create-key --region {region} --description {description} --policy {key_policy} "
    "--query KeyMetadata.Arn --output text) && "
    "aws sns set-topic-attributes --region {region} --topic-arn {topic} --attribute-name KmsMasterKeyId "
    '--attribute-value "$KEY"'
)
_REPAIR: Final[Mapping[str, str]] = {
    "Disabled": "aws kms enable-key --region {region} --key-id {key}",
    "PendingDeletion": "aws kms cancel-key-deletion --region {region} --key-id {key} && "
    "aws kms enable-key --region {region} --key-id {key}",
}


@check(
    "health-topic-kms-events",
    title="The Health topic's key lets EventBridge encrypt",
    severity=Severity.HIGH,
    uses=(Target.id, Target.destination, Target.role_arn, *TOPICS, Key.state, *ROLES),
    remediation=Remediation(
        text="Let events.amazonaws.com use the key. The key that AWS manages for SNS cannot be changed: give the topic a "
        "key of your own, whose policy does.",
        cli="aws kms put-key-policy --region {region} --key-id {key} --policy-name default --policy {key_policy}",
        url="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    ),
)
def topic_kms_events(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    EventBridge encrypts what it publishes to an encrypted topic in its own name. The key that AWS manages for SNS lets no
    service in, and neither does a new key of yours: the events of AWS Health are then dropped. A key passes that is
    enabled and whose policy lets the service, or the target's role, do both ``GenerateDataKey`` and ``Decrypt``.
    """
    refuse_other(rule)
    encrypted = [target for target in topics_of(rule, account) if _key_of(target, account)]
    if not encrypted:
        raise NotApplicable("its topics are not encrypted with a KMS key")
    yield from problems_of(encrypted, lambda target: _unusable(target, rule, account))


def _key_of(target: Target, account: Inventory) -> str | None:
    topic = account.by_arn(Topic, target.destination)
    return topic.kms_key_id if topic else None


def _unusable(target: Target, rule: Rule, account: Inventory) -> Problem | None:
    topic = account.by_arn(Topic, target.destination)
    if topic is None or topic.kms_key_id is None:
        return None
    key = None if _is_aws_alias(topic.kms_key_id) else key_named(topic.kms_key_id, topic.region, account)
    if _is_aws_alias(topic.kms_key_id) or (key and key.manager == "AWS"):
        if target.role_arn:
            return None
        return _problem(target, topic, rule, "is AWS's own, which lets no service in", _new_key(topic), _NEW_KEY)
    if key is None:
        return _problem(target, topic, rule, "does not exist", _new_key(topic), _NEW_KEY)
    if key.state != "Enabled":
        # What cannot be repaired by a command has none: a placeholder that is not filled keeps it back.
        repair = _REPAIR.get(key.state)
        return _problem(target, topic, rule, f"is {key.state}", {"key": key.arn} if repair else {}, repair)

    return _closed(target, topic, key, rule, account)


def _is_aws_alias(reference: str) -> bool:
    return reference.rpartition(":")[2].startswith("alias/aws/")


def _closed(target: Target, topic: Topic, key: Key, rule: Rule, account: Inventory) -> Problem | None:
    asked = of_key(question("sns:Publish", topic, account))
    if asked is None:
        return None
    role = account.by_arn(Role, target.role_arn) if target.role_arn else None
    if target.role_arn and role is None:
        return None
    decision = lets_role(asked, role, account) if role else lets_service(asked, rule)
    if holds(decision):
        return None
    if role:
        what = f"does not let the role {role.name} encrypt"
        fill = {
            "role": role.name,
            "policy_name": "encrypt-health-events",
            "role_policy": role_policy(["kms:GenerateDataKey", "kms:Decrypt"], key.arn),
        }
        return _problem(target, topic, rule, what, _unless_denied(decision, fill), PUT_ROLE_POLICY)
    rules = [rule.arn, *(other.arn for other in sharing(target, account))]
    fill = {"key": key.arn, "key_policy": letting(key.policy, "AWSHealthEvents", _ACTIONS, "*", rules)}

    return _problem(target, topic, rule, "does not let EventBridge encrypt", _unless_denied(decision, fill))


def _unless_denied(decision: Decision, fill: dict[str, str]) -> dict[str, str]:
    """Return *fill*, or nothing where a Deny stands: one more Allow would not help."""
    return {} if decision.explicit else fill


def _new_key(topic: Topic) -> dict[str, str]:
    """Return what a new key is made with: whoever used the topic goes on using it, and EventBridge may."""
    root = f"arn:{topic.partition}:iam::{topic.account}:root"
    suffix = "amazonaws.com.cn" if topic.partition == "aws-cn" else "amazonaws.com"
    through = {"kms:CallerAccount": topic.account, "kms:ViaService": f"sns.{topic.region}.{suffix}"}
    statements: list[dict[str, Any]] = [
        {"Sid": "Account", "Principal": {"AWS": root}, "Action": "kms:*"},
        {
            "Sid": "ThroughSNS",
            "Principal": {"AWS": "*"},
            "Action": [*_ACTIONS],
            "Condition": {"StringEquals": through},
        },
        {
            "Sid": "AWSHealthEvents",
            "Principal": {"Service": EVENTS},
            "Action": [*_ACTIONS],
            "Condition": {"StringEquals": {"aws:SourceAccount": topic.account}},
        },
    ]
    policy = [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]

    return {
        "topic": topic.arn,
        "description": f"Encrypts the topic {topic.name}",
        "key_policy": json.dumps({"Version": "2012-10-17", "Statement": policy}, separators=(",", ":")),
    }


def _problem(  # noqa: PLR0913, PLR0917 - the parts of a problem
    target: Target, topic: Topic, rule: Rule, what: str, fill: dict[str, str], cli: str | None = None
) -> Problem:
    return Problem(
        f"the key of the topic {topic.name} {what}",
        expected="an enabled key that lets EventBridge encrypt",
        found=topic.kms_key_id,
        sub_key=target.id,
        fill=fill,
        cli=cli,
        path=(
            *begin(rule),
            Hop(topic.arn, Topic.type, f"target {target.id}"),
            Hop(topic.kms_key_id or "", Key.type, f"it {what}", holds=False),
        ),
    )
