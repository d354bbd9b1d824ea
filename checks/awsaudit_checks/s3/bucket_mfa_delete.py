from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.cloudtrail import OwnTrail
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.s3.state import keeps_state


@check(
    "s3-bucket-mfa-delete",
    title="Critical buckets need MFA to delete",
    severity=Severity.LOW,
    uses=(OwnTrail.bucket, OwnTrail.name, Pipeline.stores, Pipeline.name),
    equivalents=("prowler:s3_bucket_no_mfa_delete",),
    remediation=Remediation(
        text="Turn MFA delete on, which the root user alone can do with its device at hand (put-bucket-versioning --mfa). Or "
        "set a default retention by Object Lock: then test what writes to the bucket, as every write needs a checksum.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html",
    ),
)
def bucket_mfa_delete(
    bucket: Bucket, account: Inventory, *, buckets: tuple[str, ...] = (), every: bool = False
) -> Iterator[Problem]:
    """
    Versions do not help against who may delete versions: an intruder who takes an administrator's keys deletes the trail's
    files, the state and its backups. MFA delete passes, and a default retention by Object Lock. Judged are the buckets of
    trails, of Terraform state (also those that *buckets* name) and of pipelines' artifacts, or with *every* all.
    """
    holds = _holds(bucket, account, buckets)
    if not (holds or every):
        raise NotApplicable("it keeps no trail, Terraform state or artifacts of a pipeline, as far as is known")
    if bucket.mfa_delete or bucket.object_lock_mode:
        return
    rules = "; its lifecycle rules have to go before MFA delete can be turned on" if bucket.expires else ""
    yield Problem(
        f"versions are deleted without MFA, and nothing retains them{': it keeps ' if holds else ''}{holds}{rules}",
        expected="MFA delete, or a default retention by Object Lock",
        found="neither",
    )


def _holds(bucket: Bucket, account: Inventory, named: tuple[str, ...]) -> str:
    """Return what of weight *bucket* keeps, in words; empty for nothing."""
    trail = account.first(OwnTrail, lambda t: t.bucket == bucket.name)
    if trail:
        return f"the trail {trail.name}"
    pipeline = account.first(Pipeline, lambda p: any(store.location == bucket.name for store in p.stores))
    if pipeline:
        return f"artifacts of the pipeline {pipeline.name}"

    return "Terraform state" if keeps_state(bucket, named) else ""
