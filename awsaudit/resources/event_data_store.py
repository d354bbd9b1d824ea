"""
AWS CloudTrail Lake.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventDataStore.html
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import flag, many, record, text, texts
from awsaudit.resources.cloudtrail import FieldSelector


LIST = Call("ListEventDataStores", result="EventDataStores[]")
# The listing tells selectors no more.
DETAILS = Call(
    "GetEventDataStore",
    params={"EventDataStore": "$EventDataStoreArn"},
    gone=("EventDataStoreNotFoundException", "InactiveEventDataStoreException"),
)

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


class EventDataStore(Resource):
    """An event data store of CloudTrail Lake, in the region where it was made."""

    service: ClassVar[str] = "cloudtrail"
    type: ClassVar[str] = "AWS::CloudTrail::EventDataStore"
    listing: ClassVar[Call] = LIST

    arn = Fact(LIST, "EventDataStoreArn", text, "Its ARN; that of the management account for one of the organization.")
    name = Fact(LIST, "Name", text, "Its name.")
    status = Fact(DETAILS, "Status", text, "``ENABLED`` while it takes events in.")
    multi_region = Fact(DETAILS, "MultiRegionEnabled", flag, "It takes events in from every region.")
    advanced_selectors = Fact(
        DETAILS,
        "AdvancedEventSelectors[].FieldSelectors",
        many(many(_FIELD)),
        "Which events it takes in: those that meet all conditions of one of them.",
    )
