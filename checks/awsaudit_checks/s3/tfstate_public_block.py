from collections.abc import Iterator

from attrs import evolve

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.s3.block import EVERYTHING, PUT, effective, lacking
from awsaudit_checks.s3.public import MAY_READ, MAY_WRITE, PUBLIC, READS, WRITES, public_access
from awsaudit_checks.s3.state import refuse_others


@check(
    "s3-tfstate-public-block",
    title="Terraform state is not public",
    severity=Severity.CRITICAL,
    uses=PUBLIC,
    remediation=Remediation(
        text="Block public access to the bucket; nothing of state is meant to be public. If it was, change every password "
        "and key that is in it.",
        cli=PUT,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    ),
)
def tfstate_public_block(bucket: Bucket, account: Inventory, *, buckets: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    State has a list of everything there is, with passwords in plain text. Public it is critical, by policy or ACL, for reading
    or writing; one of the four settings off, at bucket and account, is high: the next policy may make it public. State is
    kept in buckets whose name, tags or first keys say so, or that *buckets* name.
    """
    refuse_others(bucket, buckets)
    if bucket.public_access_block == EVERYTHING:
        return
    off = lacking(effective(bucket, account))
    if not off:
        return
    public = public_access(bucket, account, (*READS, *WRITES), MAY_READ | MAY_WRITE)
    for problem in public:
        yield evolve(problem, severity=Severity.CRITICAL)
    if not public:
        yield Problem(
            f"{', '.join(off)} off at the bucket and for the account",
            expected="all four on",
            found=f"{len(off)} off",
            sub_key="block",
            severity=Severity.HIGH,
        )
