"""What everybody may do to a bucket, by its policy or its ACL, after what is blocked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Final

from awsaudit import Hop, Inventory, Problem, Severity
from awsaudit.access import ZONE, Opening
from awsaudit.resources.s3 import AccountPublicAccess, Bucket, Grant
from awsaudit_checks.exposed import Shared, certain, exposure_of, may_do, path_of
from awsaudit_checks.iam.certain import certain as what_is_certain
from awsaudit_checks.s3.block import ignores_acls, is_restricted


PUBLIC: Final = (*ZONE, AccountPublicAccess.public_access_block)
"""What the functions here look at, besides the bucket."""

READS: Final = (
    "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAcl", "s3:GetObjectTagging", "s3:ListBucket",
    "s3:ListBucketVersions",
)  # fmt: skip
WRITES: Final = (
    "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl", "s3:ReplicateObject",
    "s3:ReplicateDelete", "s3:PutBucketPolicy", "s3:PutBucketAcl", "s3:PutBucketVersioning", "s3:DeleteBucket",
    "s3:DeleteBucketPolicy", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
)  # fmt: skip
# Permissions of ACLs on buckets.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
MAY_READ: Final = frozenset({"READ", "READ_ACP", "FULL_CONTROL"})
MAY_WRITE: Final = frozenset({"WRITE", "WRITE_ACP", "FULL_CONTROL"})
_GROUPS: Final = {"AllUsers": "anybody", "AuthenticatedUsers": "anybody with an AWS account"}

Attempt = Callable[[], tuple[Problem, ...]]


def public_access(
    bucket: Bucket, account: Inventory, actions: Iterable[str], permissions: Collection[str]
) -> tuple[Problem, ...]:
    """
    Return a problem for each statement and each grant of the ACL that lets everybody in.

    Args:
        bucket: The bucket.

        account: The account, for what it blocks.

        actions: The actions in question.

        permissions: The permissions of ACLs in question.

    Raises:
        EvidenceMissing, Undecided: Nothing does as far as was seen, and not all was.
    """
    attempts: tuple[Attempt, ...] = (
        partial(_by_policy, bucket, account, tuple(actions)),
        partial(_by_acl, bucket, account, permissions),
    )
    found = what_is_certain(attempts, lambda attempt: attempt() or None)

    return tuple(problem for problems in found for problem in problems)


def _by_policy(bucket: Bucket, account: Inventory, actions: tuple[str, ...]) -> tuple[Problem, ...]:
    found = exposure_of(
        Shared(bucket.policy, f"the bucket {bucket.name}", bucket.arn, Bucket.type), account, actions=actions
    )
    if found is None or not found.public or is_restricted(bucket, account):
        return ()

    return tuple(_by_statement(bucket, opening) for opening in certain(found.public))


def _by_statement(bucket: Bucket, opening: Opening) -> Problem:
    return Problem(
        f"{opening.statement.label} of its policy lets {opening.who} do {may_do(opening.actions)}: {opening.example}",
        expected="named principals, or public access blocked",
        found=opening.who,
        sub_key=f"policy {opening.statement.sid} {opening.who}",
        severity=_severity(opening.actions),
        path=path_of(opening, bucket.arn, Bucket.type),
    )


def _severity(actions: Iterable[str]) -> Severity:
    """Grade by what is seen: a list of names is less than what is in the objects."""
    names_only = all(a.lower().startswith(("s3:listbucket", "s3:getobjectacl", "s3:getobjecttagging")) for a in actions)
    return Severity.HIGH if names_only else Severity.CRITICAL


def _by_acl(bucket: Bucket, account: Inventory, permissions: Collection[str]) -> tuple[Problem, ...]:
    if bucket.ownership == "BucketOwnerEnforced":
        return ()
    found = [grant for grant in bucket.grants if _group(grant) and grant.permission in permissions]
    if not found or ignores_acls(bucket, account):
        return ()

    return tuple(_by_grant(bucket, grant) for grant in found)


def _by_grant(bucket: Bucket, grant: Grant) -> Problem:
    who = _GROUPS[_group(grant)]
    return Problem(
        f"its ACL gives {who} {grant.permission}",
        expected="no grant to everybody, or public access blocked",
        found=f"{_group(grant)}: {grant.permission}",
        sub_key=f"acl {_group(grant)} {grant.permission}",
        severity=Severity.HIGH if grant.permission in {"READ", "READ_ACP"} else Severity.CRITICAL,
        path=(Hop(who, "outside"), Hop(bucket.arn, Bucket.type, f"its ACL: {grant.permission}")),
    )


def _group(grant: Grant) -> str:
    """Return the group that stands for everybody; empty for another grantee."""
    name = (grant.group or "").rpartition("/groups/global/")[2]
    return name if name in _GROUPS else ""


def is_public(bucket: Bucket, account: Inventory) -> bool:
    """
    Tell whether everybody may read, list or change the bucket or what is in it.

    Raises:
        EvidenceMissing, Undecided: Nobody may as far as was seen, and not all was.
    """
    return bool(public_access(bucket, account, (*READS, *WRITES), MAY_READ | MAY_WRITE))


def unseen_acls(bucket: Bucket, account: Inventory) -> Iterator[str]:
    """Yield what is to be said where ACLs of single objects, which nobody reads here, may make them public."""
    if bucket.ownership != "BucketOwnerEnforced" and not ignores_acls(bucket, account):
        yield "ACLs are on: whether one makes a single object public was not asked"
