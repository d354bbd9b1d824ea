import datetime

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.cloudtrail import OwnTrail


_RECENT: Final = datetime.timedelta(days=1)


@check(
    "cloudtrail-delivery-failing",
    title="Trail delivery works",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Let cloudtrail.amazonaws.com write to the bucket in the bucket's policy, and use the trail's key in the key's "
        "policy; or give the trail another bucket.",
        cli=None,
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    ),
)
def delivery_failing(trail: OwnTrail) -> Iterator[Problem]:
    """
    A trail that cannot write to its bucket records nothing, although it says that it records. A policy that was tidied up is
    enough. It fails where S3 refused the last files or signatures, or where neither was written for a day: something is
    always called, if only by AWS. A trail that was started today has time.
    """
    if not trail.logging:
        raise NotApplicable("the trail does not record at present")
    for what, error in (("files", trail.delivery_error), ("signatures", trail.digest_error)):
        if error:
            yield Problem(f"S3 refused its last {what}: {error}", expected="no error", found=error, sub_key=what)
    last = trail.delivered or trail.started
    if trail.delivery_error or last is None or trail.age(last) <= _RECENT:
        return
    if trail.digested and trail.age(trail.digested) <= _RECENT:
        return
    yield Problem(
        f"nothing was written since {last:%Y-%m-%d}",
        expected="files within a day",
        found=f"{last:%Y-%m-%d}",
        sub_key="late",
    )
