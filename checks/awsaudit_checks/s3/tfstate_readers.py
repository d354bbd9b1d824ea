import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import (
    BUCKETS,
    RIGHTS,
    ZONE,
    Decision,
    answer,
    exposure,
    holders,
    is_administrator,
    question,
    readable,
    settled,
    trust_of,
    unread_controls,
    zone_of,
)
from awsaudit.access.pattern import glob
from awsaudit.access.policy import Form
from awsaudit.resources.iam import Role, User
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.s3.state import refuse_others


_READ: Final = "s3:GetObject"
_COMPUTE: Final = frozenset(
    {"ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com"}
)


@check(
    "s3-tfstate-readers",
    title="Terraform state is readable only by deploy roles",
    severity=Severity.HIGH,
    uses=(*BUCKETS, *RIGHTS, *ZONE, Bucket.tags),
    remediation=Remediation(
        text="Deny everybody but the deploy roles in the bucket policy, by aws:PrincipalArn, and name those roles under "
        "[trust] ci-roles. The command adds that denial to the policy.",
        cli="aws s3api put-bucket-policy --region {region} --bucket {name} --policy {new_policy}",
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
    ),
)
def tfstate_readers(bucket: Bucket, account: Inventory, *, buckets: tuple[str, ...] = ()) -> Iterator[Problem | Note]:
    """
    Terraform writes every password and key that it made into its state in plain text: who reads the state has them all.
    Asked are bucket policy, identity policies, boundaries and the key. Roles under ``[trust] ci-roles`` pass, and
    administrators are counted. State is kept in buckets whose name, tags or first 1,000 keys say so, or that *buckets* name.
    """
    refuse_others(bucket, buckets)
    asked = question(_READ, bucket, account, below="/*")
    administrators = 0
    for holder in holders(account):
        decision = answer(asked, holder, account)
        if not settled(decision, conditional=True) or _is_service_linked(holder):
            continue
        if is_administrator(holder, account):
            administrators += 1
        elif not any(glob(role).matches(holder.arn) for role in account.target.trust.ci_roles):
            yield _problem(bucket, holder, decision, account)
    policy = readable(asked.own)
    if policy and asked.restricted is not True:
        found = exposure(policy, owner=account.account, trusted=zone_of(account), resource=bucket.arn, actions=[_READ])
        for opening in found.openings:
            if not opening.deputy and opening.known is not True:
                yield Problem(
                    f"{opening.who} may read it from outside: {opening.statement.label} of its policy",
                    expected="deploy roles only",
                    found=opening.who,
                    sub_key=opening.who,
                    path=(Hop(opening.who, "outside"), Hop(asked.resource, Bucket.type, opening.example)),
                )
    if administrators:
        yield Note(f"{administrators} administrators may read it, too")


def _is_service_linked(holder: Role | User) -> bool:
    return isinstance(holder, Role) and holder.path.startswith("/aws-service-role/")


def _problem(bucket: Bucket, holder: Role | User, decision: Decision, account: Inventory) -> Problem:
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    by = str(decision.allowed_by[0]) if decision.allowed_by else "a policy that hangs on conditions"
    return Problem(
        f"{_word(holder)} {holder.name} may read it, by {by}{hidden}",
        expected="deploy roles only",
        found=holder.arn,
        sub_key=holder.arn,
        severity=None if _word(holder) != "the role" else Severity.MEDIUM,
        path=(Hop(holder.arn, type(holder).type), Hop(f"{bucket.arn}/*", Bucket.type, f"{_READ}: {by}")),
        fill={"new_policy": _closed(bucket, account)} if account.target.trust.ci_roles else {},
    )


def _word(holder: Role | User) -> str:
    if isinstance(holder, User):
        return "the user"
    trust = readable(trust_of(holder))
    for statement in trust.statements if trust else ():
        if any(e.form is Form.SERVICE and e.text in _COMPUTE for e in statement.principals or ()):
            return "the compute role"

    return "the role"


def _closed(bucket: Bucket, account: Inventory) -> str:
    """Return the bucket's policy with a statement that leaves the state to the roles that deploy."""
    trusted = [*account.target.trust.ci_roles, *account.target.trust.administrators]
    statement = {
        "Sid": "StateIsForDeployment",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Resource": f"{bucket.arn}/*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": trusted}},
    }
    policy = bucket.policy or {"Version": "2012-10-17", "Statement": []}
    held = policy.get("Statement") or []
    statements = held if isinstance(held, list) else [held]

    return json.dumps({**policy, "Statement": [*statements, statement]}, separators=(",", ":"))
