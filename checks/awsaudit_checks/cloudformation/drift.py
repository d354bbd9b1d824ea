import datetime

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.cloudformation import Stack


_EMPTY: Final = frozenset({"REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"})
_DETECT: Final = "aws cloudformation detect-stack-drift --region {region} --stack-name {name}"


@check(
    "cloudformation-drift",
    title="Stacks have not drifted",
    severity=Severity.LOW,
    remediation=Remediation(
        text="See what differs (aws cloudformation describe-stack-resource-drifts), then change the resources back, or the "
        "template to what they are, and update the stack. A stack that was not compared is compared by the command.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html",
    ),
)
def drift(stack: Stack, *, max_age_days: int = 90) -> Iterator[Problem]:
    """
    What somebody changed by hand was seen by no review, and the next update takes it back, perhaps in the middle of the
    day. Template and account have to say the same. A stack passes that CloudFormation found in sync of late; one that
    nobody had compared for long is told as information, because it is not known to have drifted.
    """
    if stack.status in _EMPTY:
        raise NotApplicable("it has no resources")
    checked = stack.drift_checked_at
    if stack.drift_status == "DRIFTED":
        when = f", as of {checked:%Y-%m-%d}" if checked else ""
        yield Problem(
            f"resources are not as its template says{when}", expected="IN_SYNC", found="DRIFTED", sub_key="drifted"
        )
        return
    if stack.drift_status == "UNKNOWN":
        raise Undecided("CloudFormation could not compare one of its resources with the template")
    never = stack.drift_status == "NOT_CHECKED" or checked is None
    if never or (checked and stack.age(checked) > datetime.timedelta(days=max_age_days)):
        last = "never" if never or not checked else f"last on {checked:%Y-%m-%d}"
        yield Problem(
            f"it was {last} compared with its template",
            expected=f"a comparison in the last {max_age_days} days",
            found=stack.drift_status,
            sub_key="not-compared",
            severity=Severity.INFO,
            cli=_DETECT,
        )
