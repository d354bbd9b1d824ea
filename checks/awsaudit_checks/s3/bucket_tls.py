from __future__ import annotations

import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.access import Context, Policy, Principal, Request, Statement, anonymous, role, root_user, user
from awsaudit.access.match import met
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.exposed import Shared, may_do, policy_of
from awsaudit_checks.repair import statements_of


_OF_OBJECTS: Final = (
    "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:DeleteObjectVersion",
    "s3:GetObjectAcl", "s3:PutObjectAcl", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:RestoreObject",
)  # fmt: skip
_OF_BUCKETS: Final = (
    "s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:PutBucketAcl",
    "s3:DeleteBucket", "s3:GetBucketLocation", "s3:PutLifecycleConfiguration", "s3:ListBucketMultipartUploads",
)  # fmt: skip
_SID: Final = "DenyPlaintext"
_TRANSPORT: Final = frozenset({"aws:securetransport", "s3:tlsversion"})
# AWS's own services use TLS.
_HARMLESS: Final = _TRANSPORT | {"aws:principalisawsservice", "aws:viaawsservice"}
# A request in clear has no version of TLS; that it comes in clear, by the caller itself, is all that is known of it.
_IN_CLEAR: Final = Context({"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}, frozenset({"s3:TlsVersion"}))


@check(
    "s3-bucket-tls",
    title="Bucket policies deny plaintext requests",
    severity=Severity.MEDIUM,
    equivalents=("prowler:s3_bucket_secure_transport_policy",),
    remediation=Remediation(
        text="Deny everybody everything at the bucket and its objects where aws:SecureTransport is false. The command adds "
        "that statement to the policy.",
        cli="aws s3api put-bucket-policy --region {region} --bucket {name} --policy {new_policy}",
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    ),
)
def bucket_tls(bucket: Bucket) -> Iterator[Problem | Note]:
    """
    S3 answers over HTTP, too; what goes in clear is read and changed on its way. Every form of denial passes, in one statement
    or several, that nobody's plaintext request gets around: each is tried with the policy, by strangers and by the account's
    own. To deny it for the objects alone is low, as is to deny old TLS only: a request in clear has no version of TLS.
    """
    policy = policy_of(Shared(bucket.policy, f"the bucket {bucket.name}", bucket.arn, Bucket.type))
    objects, itself = _open(policy, bucket, _IN_CLEAR)
    if not objects and not itself:
        spared = (s for s in policy.statements if _spares(s)) if policy else ()
        yield from (Note(f"{s.label} spares some callers, who are not denied plaintext requests") for s in spared)
        return
    old_only = not any(_open(policy, bucket, _tls("1.0"))) and any(_open(policy, bucket, _tls("1.3")))
    if not objects:
        message = f"its policy denies plaintext requests for objects, and not {may_do(itself)} on the bucket itself"
    elif old_only:
        message = "its policy denies old versions of TLS; a request in clear has none, and is not denied"
    elif len(objects) < len(_OF_OBJECTS) or len(itself) < len(_OF_BUCKETS):
        message = f"its policy does not deny {may_do((*objects, *itself))} in clear"
    else:
        message = "its policy does not deny plaintext requests" if policy else "no policy denies plaintext requests"
    yield Problem(
        message,
        expected="a denial of all actions on bucket and objects without TLS",
        found=f"{len(objects) + len(itself)} of {len(_OF_OBJECTS) + len(_OF_BUCKETS)} actions open",
        severity=Severity.LOW if not objects or old_only else None,
        fill={"new_policy": _closed(bucket)},
    )


def _tls(version: str) -> Context:
    return Context({"aws:SecureTransport": "true", "aws:ViaAWSService": "false", "s3:TlsVersion": version})


def _open(policy: Policy | None, bucket: Bucket, context: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the actions on objects, and those on the bucket, that *policy* does not deny to everybody in *context*."""
    callers = _callers(bucket)

    def left(actions: tuple[str, ...], resource: str) -> tuple[str, ...]:
        requests = ((a, [Request(by, a, resource, bucket.account, context) for by in callers]) for a in actions)
        return tuple(a for a, those in requests if not all(_is_denied(policy, each, bucket) for each in those))

    return left(_OF_OBJECTS, f"{bucket.arn}/*"), left(_OF_BUCKETS, bucket.arn)


def _callers(bucket: Bucket) -> tuple[Principal, ...]:
    """Return one of each sort of callers that no policy names."""
    accounts = (f"arn:{bucket.partition}:iam::{account}" for account in (bucket.account, "999999999999"))
    named = [make(f"{base}:{kind}/x9x9x9") for base in accounts for make, kind in ((role, "role"), (user, "user"))]

    return (anonymous(), root_user(bucket.account, bucket.partition), *named)


def _is_denied(policy: Policy | None, request: Request, bucket: Bucket) -> bool:
    """Tell whether *policy* denies *request* for how it comes, or altogether: who is denied but for others is another matter."""
    if policy is None:
        return False

    return any(
        m.grasp and m.truth.value is True and not m.statement.allow and _is_about_transport(m.statement)
        for m in met(policy, request, on=bucket.arn)
    )


def _is_about_transport(statement: Statement) -> bool:
    bare = not statement.conditions and statement.not_principals is None
    return bare or any(c.key in _TRANSPORT for c in statement.conditions)


def _spares(statement: Statement) -> bool:
    """Tell whether *statement* denies plaintext requests to most and not to all."""
    if statement.allow or not any(c.key in _TRANSPORT for c in statement.conditions):
        return False

    return statement.not_principals is not None or any(c.key not in _HARMLESS for c in statement.conditions)


def _closed(bucket: Bucket) -> str:
    """Return the bucket's policy with a statement that denies plaintext requests."""
    base = bucket.policy or {"Version": "2012-10-17"}
    statement = {
        "Sid": _SID,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket.arn, f"{bucket.arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    kept = [s for s in statements_of(base) if s.get("Sid") != _SID]

    return json.dumps({**base, "Statement": [*kept, statement]}, separators=(",", ":"))
