"""
AWS CloudTrail.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import flag, many, optional_text, record, text, texts


@frozen
class Selector:
    """
    Which events a trail records, in the basic form.

    Args:
        management: Whether management events are among them.

        reads_and_writes: ``All``, ``ReadOnly`` or ``WriteOnly``.

        excluded: Services whose management events are not.
    """

    management: bool
    reads_and_writes: str
    excluded: tuple[str, ...]


@frozen
class ObjectSelector:
    """
    Of which objects in S3 a trail records what is done to them, in the basic form.

    Args:
        reads_and_writes: ``All``, ``ReadOnly`` or ``WriteOnly``.

        prefixes: What the ARNs of the objects begin with; ``arn:aws:s3`` for all of them.
    """

    reads_and_writes: str
    prefixes: tuple[str, ...]


@frozen
class FieldSelector:
    """
    One condition of an advanced selector; of several operators all have to hold.

    Args:
        field: The field of the event's record.

        equals: It is one of these; empty for no such condition, as are the others.

        starts: It starts with one of these.

        ends: It ends with one of these.

        not_equals: It is none of these.

        not_starts: It starts with none of these.

        not_ends: It ends with none of these.
    """

    field: str
    equals: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    not_equals: tuple[str, ...]
    not_starts: tuple[str, ...]
    not_ends: tuple[str, ...]


_GONE = ("TrailNotFoundException",)
_FIELD = record(
    FieldSelector,
    field=("Field", text),
    equals=("Equals", texts),
    starts=("StartsWith", texts),
    ends=("EndsWith", texts),
    not_equals=("NotEquals", texts),
    not_starts=("NotStartsWith", texts),
    not_ends=("NotEndsWith", texts),
)

# With the replicas of trails of other regions and of the organization: whatever records what happens in the region.
TRAILS = Call("DescribeTrails", result="trailList[]", params={"includeShadowTrails": True})
STATUS = Call("GetTrailStatus", params={"Name": "$TrailARN"}, gone=_GONE)
# A trail that is found no more is gone; that its selectors are not found where it is a replica says nothing of it.
SELECTORS = Call("GetEventSelectors", params={"TrailName": "$TrailARN"}, when="$HasCustomEventSelectors")


class Trail(Resource):
    """A trail, in each of the regions whose events it records."""

    service: ClassVar[str] = "cloudtrail"
    type: ClassVar[str] = "AWS::CloudTrail::Trail"
    listing: ClassVar[Call] = TRAILS

    arn = Fact(TRAILS, "TrailARN", text, "The trail's ARN; another account's for a trail of the organization.")
    name = Fact(TRAILS, "Name", text, "The trail's name.")
    home_region = Fact(TRAILS, "HomeRegion", text, "Where it was made.")
    log_group_arn = Fact(
        TRAILS,
        "CloudWatchLogsLogGroupArn",
        optional_text,
        "The log group that it sends events to, perhaps with ``:*`` at its end; unset without one.",
    )
    logging = Fact(STATUS, "IsLogging", flag, "It records at present.")
    selectors = Fact(
        SELECTORS,
        "EventSelectors",
        many(
            record(
                Selector,
                management=("IncludeManagementEvents != `false`", flag),
                reads_and_writes=("ReadWriteType || 'All'", text),
                excluded=("ExcludeManagementEventSources", texts),
            )
        ),
        "Which events it records, in the basic form; empty for all management events, unless advanced ones say otherwise.",
    )
    object_selectors = Fact(
        SELECTORS,
        "EventSelectors[?DataResources]",
        many(
            record(
                ObjectSelector,
                reads_and_writes=("ReadWriteType || 'All'", text),
                prefixes=("DataResources[?Type == 'AWS::S3::Object'].Values[]", texts),
            )
        ),
        "Of which objects in S3 it records what is done to them, in the basic form; empty for none.",
    )
    advanced_selectors = Fact(
        SELECTORS,
        "AdvancedEventSelectors[].FieldSelectors",
        many(many(_FIELD)),
        "Which events it records, in the advanced form: those that meet all conditions of one of them.",
    )
