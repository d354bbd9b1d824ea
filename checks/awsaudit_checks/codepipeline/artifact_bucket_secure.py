from __future__ import annotations

import json

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from attrs import frozen

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import (
    BUCKETS,
    RIGHTS,
    ZONE,
    Opening,
    answer,
    holders,
    is_administrator,
    question,
    unread_controls,
)
from awsaudit.access.way import by_what
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.iam import Role, User
from awsaudit.resources.s3 import AccountPublicAccess, Bucket
from awsaudit_checks.codepipeline.role import BUILDERS, builders, used_by
from awsaudit_checks.codepipeline.stage import places
from awsaudit_checks.exposed import Shared, exposure_of, foreign, may_do
from awsaudit_checks.exposed import certain as sure
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.strength import holds
from awsaudit_checks.repair import statements_of


_WRITE: Final = "s3:PutObject"
_PUT_POLICY: Final = "aws s3api put-bucket-policy --region {bucket_region} --bucket {bucket} --policy {new_policy}"
_BLOCK: Final = (
    "aws s3api put-public-access-block --region {bucket_region} --bucket {bucket} --public-access-block-configuration "
    "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
)
_SHOWN: Final = 3


@check(
    "codepipeline-artifact-bucket-secure",
    title="Only the pipeline can write its artefacts",
    severity=Severity.HIGH,
    uses=(*BUCKETS, *RIGHTS, *ZONE, *BUILDERS, Pipeline.stages, Pipeline.stores, Pipeline.role_arn),
    remediation=Remediation(
        text="Give pipelines a bucket of their own, and let the bucket policy deny writing to everybody but the roles of "
        "pipelines, their actions and their builds; block public access to it. Where these roles are all that write, the "
        "command adds that denial to the policy.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/security-best-practices.html",
    ),
)
def artifact_bucket_secure(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    What a stage deploys is what an earlier one left in the bucket: who writes there in between deploys what they like, past
    review and approval. Roles of the pipelines that use the bucket, of their actions and builds pass, and administrators.
    Any other user or role that may write fails, and a policy that lets in everybody or accounts that nobody knows. The
    bucket's own key is asked, too.
    """
    yield from certain(_attempts(pipeline, account), lambda attempt: attempt())


def _attempts(pipeline: Pipeline, account: Inventory) -> Iterator[Callable[[], Problem | None]]:
    for name in dict.fromkeys(store.location for store in pipeline.stores):
        yield partial(_open, name, pipeline, account)
        yield partial(_written, name, pipeline, account)


def _bucket(name: str, account: Inventory) -> Bucket:
    bucket = account.first(Bucket, lambda b: b.name == name)
    if bucket is None:
        raise Undecided(f"the account has no bucket {name}: it is another account's, or does not exist")

    return bucket


def _open(name: str, pipeline: Pipeline, account: Inventory) -> Problem | None:
    """Return what is wrong with the bucket's policy as seen from outside."""
    bucket = _bucket(name, account)
    found = exposure_of(Shared(bucket.policy, f"the bucket {name}", bucket.arn, Bucket.type), account)
    if found is None or (found.public and _is_restricted(bucket, account)):
        return None
    public = sure(found.public)
    openings = (*public, *foreign(found.cross_account, account, beside=bool(public)))
    if not openings:
        return None
    first = openings[0]

    return Problem(
        f"the policy of its artifact bucket {name} lets {_who(openings)} do {may_do(first.actions)}: "
        f"{first.statement.label}, {first.example}",
        expected="roles of the pipeline only",
        found=first.who,
        sub_key=f"{name} outside",
        path=(
            Hop(first.who, "outside"),
            Hop(bucket.arn, Bucket.type, f"{first.statement.label}: {first.example}"),
            Hop(pipeline.arn, Pipeline.type, "takes its artifacts from the bucket"),
        ),
        # Blocking does not keep off an account that the policy names.
        fill={"bucket": name, "bucket_region": bucket.region} if len(public) == len(openings) else {},
        cli=_BLOCK,
    )


def _who(openings: tuple[Opening, ...]) -> str:
    return _some([opening.who for opening in openings])


def _some(names: list[str]) -> str:
    every = list(dict.fromkeys(names))
    rest = len(every) - _SHOWN

    return ", ".join(every[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _is_restricted(bucket: Bucket, account: Inventory) -> bool:
    """Tell whether S3 keeps outsiders off a bucket with a public policy."""
    own = bucket.public_access_block
    if own and own.restrict_buckets:
        return True
    wide = next(iter(account.every(AccountPublicAccess)), None)

    return bool(wide and wide.public_access_block and wide.public_access_block.restrict_buckets)


def _written(name: str, pipeline: Pipeline, account: Inventory) -> Problem | None:
    """Return who may write to the bucket and has no business there."""
    bucket = _bucket(name, account)
    found = account.once(("codepipeline.writers", name), lambda: _writers(bucket, account))
    if not found:
        return None
    first = found[0]
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""

    return Problem(
        f"{_some([writer.words for writer in found])} may write to its artifact bucket {name}, by {first.by}{hidden}",
        expected="roles of the pipeline only",
        found=f"{len(found)} others",
        sub_key=f"{name} writers",
        path=(
            Hop(first.holder.arn, type(first.holder).type),
            Hop(f"{bucket.arn}/*", Bucket.type, f"{_WRITE}: {first.by}"),
            Hop(pipeline.arn, Pipeline.type, "takes its artifacts from the bucket"),
        ),
        fill=_closed(bucket, account),
        cli=_PUT_POLICY,
    )


@frozen
class _Writer:
    holder: Role | User
    by: str

    @property
    def words(self) -> str:
        """What they are called, in words."""
        return f"the {'role' if isinstance(self.holder, Role) else 'user'} {self.holder.name}"


def _writers(bucket: Bucket, account: Inventory) -> tuple[_Writer, ...]:
    asked = question(_WRITE, bucket, account, below="/*")
    accepted = _accepted(bucket, account)

    def writing(holder: Role | User) -> _Writer | None:
        if holder.arn in accepted or (isinstance(holder, Role) and holder.path.startswith("/aws-service-role/")):
            return None
        decision = answer(asked, holder, account)
        if not holds(decision) or is_administrator(holder, account):
            return None

        return _Writer(holder, by_what(decision))

    return certain(holders(account), writing)


def _accepted(bucket: Bucket, account: Inventory) -> frozenset[str]:
    """Return the ARNs of the roles that belong to pipelines with the bucket."""
    using = _using(bucket, account)
    roles = {used.arn for pipeline in using for used in used_by(pipeline)}

    return frozenset(roles | {arn for pipeline in using for _, arn in builders(pipeline, account)})


def _using(bucket: Bucket, account: Inventory) -> tuple[Pipeline, ...]:
    return tuple(p for p in account.every(Pipeline) if any(store.location == bucket.name for store in p.stores))


def _closed(bucket: Bucket, account: Inventory) -> dict[str, str]:
    """
    Return what adds a denial to the bucket's policy; nothing where others have to write.

    Functions and actions of other providers write by credentials that CodePipeline hands them; whose those are is not
    documented.
    """
    every = (place.action for pipeline in _using(bucket, account) for place in places(pipeline))
    if any(action.owner != "AWS" or action.provider == "Lambda" for action in every):
        return {}
    base = bucket.policy or {"Version": "2012-10-17"}
    statement = {
        "Sid": "ArtifactsAreForPipelines",
        "Effect": "Deny",
        "Principal": "*",
        "Action": _WRITE,
        "Resource": f"{bucket.arn}/*",
        "Condition": {
            "ArnNotLike": {
                "aws:PrincipalArn": [*sorted(_accepted(bucket, account)), *account.target.trust.administrators]
            },
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
    }
    taken = [s for s in statements_of(base) if s.get("Sid") != statement["Sid"]]
    policy = json.dumps({**base, "Statement": [*taken, statement]}, separators=(",", ":"))

    return {"bucket": bucket.name, "bucket_region": bucket.region, "new_policy": policy}
