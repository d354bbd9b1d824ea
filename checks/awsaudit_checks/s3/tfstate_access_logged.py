from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.s3.read_event import READ_EVENTS, recorder
from awsaudit_checks.s3.state import refuse_others


@check(
    "s3-tfstate-access-logged",
    title="Reads of Terraform state are logged",
    severity=Severity.MEDIUM,
    uses=READ_EVENTS,
    remediation=Remediation(
        text="Add the bucket's ARN, with a slash at its end, to the data events of a trail: put-event-selectors replaces all "
        "selectors, so read them first. Or turn on server access logging into another bucket, which delivers as best it can.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html",
    ),
)
def tfstate_access_logged(
    bucket: Bucket, account: Inventory, *, buckets: tuple[str, ...] = ()
) -> Iterator[Problem | Note]:
    """
    After an intrusion the first question is which passwords are to be changed: all of them, where nobody knows who read the
    state. Access logs of the bucket pass, and so does a trail that is on, of the account or its organization, or an event
    data store, that records reads of the bucket's objects.
    """
    refuse_others(bucket, buckets)
    if bucket.log_bucket:
        yield Note(f"access logs go to {bucket.log_bucket}")
        return
    by = recorder(bucket, account)
    if by:
        yield Note(f"{by} records reads")
    else:
        yield Problem(
            "no access log, trail or event data store records who reads it",
            expected="access logs, or data events of S3",
            found="neither",
        )
