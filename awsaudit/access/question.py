"""
What has to be allowed for somebody to do something to a resource of the account, with the policies that decide.

Reading a secret under a customer's key is two requests, one to Secrets Manager and one to KMS; a `Question` holds both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from awsaudit.access.estate import (
    KEYS,
    attached_to,
    foreign_policies,
    key_layers,
    key_named,
    policies_of,
    policy_of_aws_key,
    principal_of,
)
from awsaudit.access.evaluate import Decision, Layer, PolicySet, evaluate_all
from awsaudit.access.exposure import Level as Width
from awsaudit.access.exposure import exposure
from awsaudit.access.policy import Policy, PolicyKind, Unread, parse_policy
from awsaudit.access.request import DIRECT, Context, Principal, Request, Value
from awsaudit.access.request import service as service_principal
from awsaudit.errors import EvidenceMissing
from awsaudit.gap import Gap
from awsaudit.inventory import Inventory
from awsaudit.resources.ecr import Repository
from awsaudit.resources.events import EventBus
from awsaudit.resources.iam import Role, User
from awsaudit.resources.kms import Grant, Key
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.s3 import AccountPublicAccess, Bucket
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue


Asked: TypeAlias = "Secret | Key | Queue | Topic | Bucket | Repository | Function | EventBus | Role"

SECRETS: Final = (Secret.arn, Secret.name, Secret.tags, Secret.policy, Secret.kms_key_id, *KEYS)
"""What a question about a secret looks at."""

QUEUES: Final = (Queue.url, Queue.policy, Queue.kms_key_id, *KEYS)
"""What a question about a queue looks at."""

TOPICS: Final = (Topic.arn, Topic.policy, Topic.kms_key_id, *KEYS)
"""What a question about a topic looks at."""

BUCKETS: Final = (
    Bucket.name, Bucket.policy, Bucket.public_access_block, Bucket.encryption,
    AccountPublicAccess.public_access_block, *KEYS,
)  # fmt: skip
"""What a question about a bucket looks at."""

REPOSITORIES: Final = (Repository.arn, Repository.policy)
"""What a question about an image repository looks at."""

FUNCTIONS: Final = (Function.arn, Function.name, Function.policy)
"""What a question about a function looks at."""

BUSES: Final = (EventBus.arn, EventBus.name, EventBus.policy)
"""What a question about an event bus looks at."""


@frozen
class Question:
    """
    A request that anybody might make.

    Args:
        action: The action, without wildcards.

        resource: The ARN; with wildcards all that they match are meant.

        owner: The account of the resource.

        context: What is known of the circumstances.

        own: The policy of the resource; None without one.

        grants: The grants on the key, for requests to KMS.

        restricted: Whether S3 Block Public Access keeps outsiders off.

        also: What has to be allowed besides.
    """

    action: str
    resource: str
    owner: str
    context: Context = DIRECT
    own: Layer | None = None
    grants: tuple[Grant | Unread, ...] = ()
    restricted: bool | None = False
    also: tuple[Question, ...] = field(default=())

    def every(self) -> tuple[Question, ...]:
        """Return it and what has to be allowed besides."""
        return (self, *(below for other in self.also for below in other.every()))

    def by(self, principal: Principal) -> Request:
        """Return the request of *principal*."""
        return Request(principal, self.action, self.resource, self.owner, self.context)


def answer(question: Question, holder: Role | User, account: Inventory, *, unread_controls: bool = False) -> Decision:
    """
    Return whether *holder* may do what *question* asks.

    Args:
        question: The question.

        holder: Who asks.

        account: Where the policies are.

        unread_controls: Whether service control policies that could not be read make the answer conditional.
    """
    principal = principal_of(holder, account)
    return evaluate_all(
        [
            (each.by(principal), _decided_by(each, policies_of(holder, account, unread_controls=unread_controls)))
            for each in question.every()
        ]
    )


def answer_outsider(
    question: Question, principal: Principal, account: Inventory | None = None, *, unread_controls: bool = False
) -> Decision:
    """
    Return whether *principal*, of another account that lets it, or a service, may do what *question* asks.

    Args:
        question: The question.

        principal: Who asks; the account's own root user may be it.

        account: Where the policies of the organization are; unset leaves them out.

        unread_controls: Whether those of them that could not be read make the answer conditional.
    """
    policies = _OUTSIDE
    if account is not None:
        policies = foreign_policies(principal, account, _OUTSIDE, unread_controls=unread_controls)

    return evaluate_all([(each.by(principal), _decided_by(each, policies)) for each in question.every()])


def answer_service(question: Question, name: str, source: str, account: str) -> Decision:
    """
    Return whether an AWS service may do what *question* asks, on behalf of a resource.

    Args:
        question: The question.

        name: The service, such as ``events.amazonaws.com``.

        source: The ARN of the resource for which it acts, such as a rule's.

        account: The account of that resource.
    """
    known = {"aws:SourceArn": source, "aws:SourceAccount": account}
    principal = service_principal(name)
    requests = []
    for each in question.every():
        # Whose organization that is, and through which other service the key is used, nobody tells us here.
        context = Context({"aws:SecureTransport": "true", **each.context.known, **known})
        requests.append((evolve(each, context=context).by(principal), _decided_by(each, PolicySet())))

    return evaluate_all(requests)


_ANYTHING: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


_OUTSIDE: Final = PolicySet(identity=(parse_policy(_ANYTHING, PolicyKind.IDENTITY, "a policy of the other account"),))


def _decided_by(question: Question, policies: PolicySet) -> PolicySet:
    return evolve(policies, resource=question.own, grants=question.grants, restricted=question.restricted)


def question(action: str, resource: Asked, account: Inventory, *, below: str = "") -> Question:
    """
    Return the question whether somebody may do *action* to *resource*, with what AWS asks for besides.

    Args:
        action: The action, without wildcards.

        resource: The resource.

        account: Where the key of the resource is.

        below: What of the resource is meant, such as ``/*`` for the objects of a bucket.
    """
    if isinstance(resource, Key):
        return key_question(action, resource)
    if isinstance(resource, Bucket):
        return _bucket_question(action, resource, account, below)
    trusts = isinstance(resource, Role) and not action.lower().startswith("sts:")
    own = None if trusts else _own_policy(resource)
    asked = Question(action, f"{resource.arn}{below}", resource.account, DIRECT.with_(_tags(resource)), own)
    try:
        reference = _key_reference(resource)
    except EvidenceMissing as missing:
        return evolve(asked, also=_unseen_key(action, asked, missing.gap))
    if reference is None:
        return asked
    context = {f"kms:encryptioncontext:{k}": v for k, v in _encryption_context(resource).items()}

    return evolve(asked, also=_key_questions(action, reference, resource, account, context))


def key_question(action: str, key: Key, context: Context = DIRECT) -> Question:
    """Return the question whether somebody may do *action* to *key*."""
    policy, grants = key_layers(key)
    return Question(action, key.arn, key.account, context, policy, grants)


def _own_policy(resource: Asked) -> Layer | None:
    kind = PolicyKind.TRUST if isinstance(resource, Role) else PolicyKind.RESOURCE
    what = f"{_NOUNS[type(resource)]} {_name(resource)}"
    try:
        document = resource.trust if isinstance(resource, Role) else resource.policy
    except EvidenceMissing as missing:
        return Unread(f"the {kind.value} of {what}", kind, missing.gap)

    return attached_to(document, what, kind)


def _name(resource: Asked) -> str:
    if isinstance(resource, Secret):
        return resource.name  # AWS adds six characters to it in the ARN

    tail = resource.arn.split(":", 5)[-1]
    return tail.partition("/")[2] if isinstance(resource, Repository) else tail.rpartition(":")[2].rpartition("/")[2]


_NOUNS: Final = {
    Secret: "the secret",
    Queue: "the queue",
    Topic: "the topic",
    Repository: "the repository",
    Function: "the function",
    EventBus: "the event bus",
    Role: "the role",
    Bucket: "the bucket",
}


def _tags(resource: Asked) -> dict[str, Value]:
    if not isinstance(resource, Secret):
        return {}
    try:
        return {
            "secretsmanager:SecretId": resource.arn,
            "secretsmanager:Name": resource.name,
            **{f"aws:ResourceTag/{key}": value for key, value in resource.tags.items()},
            **{f"secretsmanager:ResourceTag/{key}": value for key, value in resource.tags.items()},
        }
    except EvidenceMissing:
        return {}


# What AWS does with the key in the caller's name.
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
_KEY_ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "secretsmanager:getsecretvalue": ("kms:Decrypt",),
    "secretsmanager:batchgetsecretvalue": ("kms:Decrypt",),
    "secretsmanager:putsecretvalue": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sqs:sendmessage": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sqs:receivemessage": ("kms:Decrypt",),
    "sns:publish": ("kms:GenerateDataKey", "kms:Decrypt"),
    "s3:getobject": ("kms:Decrypt",),
    "s3:getobjectversion": ("kms:Decrypt",),
    "s3:putobject": ("kms:GenerateDataKey",),
}


def _key_reference(resource: Asked) -> str | None:
    if isinstance(resource, Secret | Queue | Topic):
        return resource.kms_key_id

    return None


def _encryption_context(resource: Asked) -> Mapping[str, str]:
    if isinstance(resource, Secret):
        return {"secretarn": resource.arn}

    return {}


def _key_questions(
    action: str, reference: str, resource: Asked, account: Inventory, context: Mapping[str, Value]
) -> tuple[Question, ...]:
    actions = _KEY_ACTIONS.get(action.lower(), ())
    if not actions:
        return ()
    via = f"{action.partition(':')[0].lower()}.{resource.region}.{_suffix(resource.partition)}"
    known = DIRECT.with_({**context, "kms:ViaService": via})
    try:
        key = key_named(reference, resource.region, account)
    except EvidenceMissing as missing:
        unread = Unread(f"the key policy of {reference}", PolicyKind.KEY, missing.gap)
        return tuple(Question(a, reference, resource.account, known, unread) for a in actions)
    if key is None and reference.rpartition(":")[2].startswith("alias/aws/"):
        # AWS makes it when it is used first.
        own = policy_of_aws_key(resource.account, f"the key {reference}")
        return tuple(Question(a, reference, resource.account, known, own) for a in actions)
    if key is None:
        nowhere = Unread(f"the key {reference}", PolicyKind.KEY, reason="the account has no such key")
        return tuple(Question(a, reference, resource.account, known, nowhere) for a in actions)

    return tuple(key_question(a, key, known) for a in actions)


def _unseen_key(action: str, asked: Question, gap: Gap) -> tuple[Question, ...]:
    """Return the questions about a key of which it is not known whether there is one."""
    unread = Unread(f"the encryption of {asked.resource}", PolicyKind.KEY, gap)
    return tuple(Question(a, asked.resource, asked.owner, own=unread) for a in _KEY_ACTIONS.get(action.lower(), ()))


def _suffix(partition: str) -> str:
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


def _bucket_question(action: str, bucket: Bucket, account: Inventory, below: str) -> Question:
    own = _bucket_policy(bucket)
    asked = Question(
        action, f"{bucket.arn}{below}", bucket.account, own=own, restricted=_restricted(bucket, own, account)
    )
    try:
        encryption = bucket.encryption
        reference = encryption.key_id if encryption else None
    except EvidenceMissing as missing:
        return evolve(asked, also=_unseen_key(action, asked, missing.gap))
    if reference is None:
        return asked

    return evolve(asked, also=_key_questions(action, reference, bucket, account, {}))


def _bucket_policy(bucket: Bucket) -> Layer | None:
    try:
        return attached_to(bucket.policy, f"the bucket {bucket.name}")
    except EvidenceMissing as missing:
        return Unread(f"the resource policy of the bucket {bucket.name}", PolicyKind.RESOURCE, missing.gap)


def _restricted(bucket: Bucket, own: Layer | None, account: Inventory) -> bool | None:
    """Tell whether S3 keeps outsiders off the bucket: it does if its policy is public and the setting is on."""
    if not isinstance(own, Policy):
        return False if own is None else None
    if exposure(own, owner=bucket.account, resource=bucket.arn).level is not Width.PUBLIC:
        return False
    try:
        if bucket.public_access_block and bucket.public_access_block.restrict_buckets:
            return True
        wide = next(iter(account.every(AccountPublicAccess)), None)

        return bool(wide and wide.public_access_block and wide.public_access_block.restrict_buckets)
    except EvidenceMissing:
        return None
