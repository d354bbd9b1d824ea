import json

from collections.abc import Iterator
from functools import partial
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.declare import first_known
from awsaudit.resources.cloudtrail import Trail
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.cloudtrail.record import RECORDED, copies, is_logging, meets, trails_at
from awsaudit_checks.iam.certain import certain


_WORDS: Final = ("tfstate", "terraform", "secret", "artifact", "config")
_PUT: Final = (
    'aws cloudtrail put-event-selectors --region {home} --trail-name {trail} %s "$(aws cloudtrail get-event-selectors '
    '--region {home} --trail-name {trail} --query {more} --output json)"'
)
_BASIC: Final = _PUT % "--event-selectors"
_ADVANCED: Final = _PUT % "--advanced-event-selectors"


@check(
    "cloudtrail-data-events-s3",
    title="S3 object events are recorded for sensitive buckets",
    severity=Severity.LOW,
    uses=(*RECORDED, Trail.object_selectors),
    equivalents=("prowler:cloudtrail_s3_dataevents_read_enabled", "prowler:cloudtrail_s3_dataevents_write_enabled"),
    remediation=Remediation(
        text="Record reads and writes of the bucket's objects with a trail; CloudTrail charges for each of these events.",
        cli=_BASIC,
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    ),
)
def data_events_s3(
    bucket: Bucket, account: Inventory, *, words: tuple[str, ...] = _WORDS, everything: bool = False
) -> Iterator[Problem]:
    """
    Who read a state file with passwords in it, or put another artifact in place, no trail tells unless it records what is
    done to objects. Buckets are judged that have one of *words* in name or tags, or all with *everything*, as CIS has it. A
    trail of the organization counts.
    """
    texts = (bucket.name, *(text for pair in bucket.tags.items() for text in pair)) if not everything else ()
    if not everything and not any(word in text.lower() for word in words for text in texts):
        raise NotApplicable("neither name nor tags say that it holds anything sensitive")
    if certain(trails_at(bucket.region, account), lambda trail: _covers(trail, bucket, account) or None, most=1):
        return
    trail, fill = _added(bucket, account)
    yield Problem(
        "no trail records what is done to its objects",
        expected="reads and writes",
        found="not both",
        fill=fill,
        cli=_ADVANCED if trail and trail.advanced_selectors else _BASIC,
    )


def _covers(trail: Trail, bucket: Bucket, account: Inventory) -> bool:
    if not is_logging(trail, account):
        return False

    return first_known(*(partial(_selects, copy, bucket) for copy in copies(trail, account)))


def _selects(trail: Trail, bucket: Bucket) -> bool:
    # An object that no prefix is meant for.
    arn = f"{bucket.arn}/~"
    basic = [each for each in trail.object_selectors if arn.startswith(each.prefixes)]
    for reading, word in ((True, "ReadOnly"), (False, "WriteOnly")):
        told = {
            "eventCategory": "Data",
            "eventSource": "s3.amazonaws.com",
            "readOnly": reading,
            "resources.type": "AWS::S3::Object",
            "resources.ARN": arn,
        }
        if not any(each.reads_and_writes in {"All", word} for each in basic) and not any(
            all(meets(condition, told) for condition in conditions) for conditions in trail.advanced_selectors
        ):
            return False

    return True


def _added(bucket: Bucket, account: Inventory) -> tuple[Trail | None, dict[str, str]]:
    """Return a trail that can be told to record the bucket's objects, with what fills the command; none if none was seen."""
    seen = {each.arn: each for each in account.seen(Trail, bucket.region) if each.know("logging")}
    trail = next((each for each in seen.values() if each.arn.split(":")[4] == account.account), None)
    if trail is None or trail.know("advanced_selectors") is None:
        return None, {}
    objects = f"{bucket.arn}/"
    if trail.advanced_selectors:
        conditions = [("eventCategory", "Equals", "Data"), ("resources.type", "Equals", "AWS::S3::Object")]
        fields = [{"Field": name, operator: [value]} for name, operator, value in conditions]
        fields.append({"Field": "resources.ARN", "StartsWith": [objects]})
        one: dict[str, object] = {"Name": f"Objects of {bucket.name}", "FieldSelectors": fields}
        present = "AdvancedEventSelectors"
    else:
        resources = [{"Type": "AWS::S3::Object", "Values": [objects]}]
        one = {"ReadWriteType": "All", "IncludeManagementEvents": False, "DataResources": resources}
        present = "EventSelectors"
    more = f"[{present}, `{json.dumps([one], separators=(',', ':'))}`][]"

    return trail, {"home": trail.home_region, "trail": trail.arn, "more": more}
