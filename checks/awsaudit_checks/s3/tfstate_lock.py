from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from awsaudit import Inventory, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.dynamodb import Table
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.dynamodb.lock import locks_state
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.s3.state import refuse_others


@check(
    "s3-tfstate-lock",
    title="Terraform state is locked",
    severity=Severity.MEDIUM,
    uses=(Table.key, Table.name),
    remediation=Remediation(
        text="Set use_lockfile = true in the backend (Terraform 1.10 and later, OpenTofu 1.10 and later); older ones lock by "
        "dynamodb_table, a table whose partition key is LockID.",
        cli=None,
        url="https://docs.aws.amazon.com/prescriptive-guidance/latest/terraform-aws-provider-best-practices/backend.html",
    ),
)
def tfstate_lock(bucket: Bucket, account: Inventory, *, buckets: tuple[str, ...] = ()) -> Iterator[Problem | Note]:
    """
    Two deployments at once write over each other's state, and resources are forgotten that go on running. A lock table in the
    bucket's region passes, as the backend looks for it there, and so does a lock that lies, or lay, beside the first state
    file. Without versions a lock in S3 leaves no trace: then it is not known.
    """
    refuse_others(bucket, buckets)
    found = certain((partial(_in_bucket, bucket), partial(_in_table, bucket, account)), lambda look: look(), most=1)
    if found:
        yield Note(found[0])
        return
    if bucket.had_lock is None:
        raise Undecided(
            "there is no lock table in its region, and no state among its first keys beside which a lock could lie"
        )
    if bucket.versioning != "Enabled":
        raise Undecided("there is no lock table in its region; a lock in a bucket without versions leaves no trace")
    yield Problem(
        "there is no lock table in its region, and no lock ever lay beside its first state file",
        expected="a lock table, or locks in the bucket",
        found="neither",
    )


def _in_bucket(bucket: Bucket) -> str | None:
    if any(key.endswith(".tflock") for key in bucket.state_files):
        return "a lock lies beside the state"

    return "locks lay beside the state" if bucket.had_lock else None


def _in_table(bucket: Bucket, account: Inventory) -> str | None:
    table = account.first(Table, locks_state, bucket.region)
    return f"the table {table.name} is for locks; whether this state's are in it was not asked" if table else None
