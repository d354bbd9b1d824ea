"""Who records that objects of a bucket are read: trails, and event data stores."""

from __future__ import annotations

import itertools

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from awsaudit import Inventory, Undecided
from awsaudit.declare import first_known
from awsaudit.resources.cloudtrail import FieldSelector, Trail
from awsaudit.resources.event_data_store import EventDataStore
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.cloudtrail.record import copies, is_logging, meets, trails_at
from awsaudit_checks.iam.certain import certain


READ_EVENTS: Final = (
    Trail.arn, Trail.name, Trail.home_region, Trail.multi_region, Trail.logging, Trail.object_selectors,
    Trail.advanced_selectors, EventDataStore.arn, EventDataStore.name, EventDataStore.status,
    EventDataStore.multi_region, EventDataStore.advanced_selectors,
)  # fmt: skip
"""What `recorder` looks at."""

# As good as any: a selector for some objects only is looked at by itself.
_KEY: Final = "x9x9x9/terraform.tfstate"


def recorder(bucket: Bucket, account: Inventory) -> str | None:
    """
    Return what records that objects of *bucket* are read, in words; None if nothing does.

    Raises:
        EvidenceMissing: Nothing was seen that does, and not all that may could be.
        Undecided: It is recorded of some of the objects only.
    """
    attempts = itertools.chain(
        (partial(_by_trail, bucket, account, trail) for trail in trails_at(bucket.region, account)),
        (partial(_by_store, bucket, store) for store in _stores(bucket.region, account)),
    )

    return next(iter(certain(attempts, lambda attempt: attempt(), most=1)), None)


def _by_trail(bucket: Bucket, account: Inventory, trail: Trail) -> str | None:
    if not first_known(*(partial(_selects, bucket, copy) for copy in copies(trail, account))):
        return None

    return f"the trail {trail.name}" if is_logging(trail, account) else None


def _selects(bucket: Bucket, trail: Trail) -> bool:
    arn = f"{bucket.arn}/{_KEY}"
    basic = [s.prefixes for s in trail.object_selectors if s.reads_and_writes != "WriteOnly"]
    if any(arn.startswith(prefixes) for prefixes in basic) or _meets_one(arn, trail.advanced_selectors):
        return True
    inside = any(prefix.startswith(f"{bucket.arn}/") for prefixes in basic for prefix in prefixes)
    if inside or _is_partial(bucket, trail.advanced_selectors):
        raise Undecided(
            f"the trail {trail.name} records reads of some objects of the bucket; where state lies is not known"
        )

    return False


def _stores(region: str, account: Inventory) -> Iterator[EventDataStore]:
    yield from account.seen(EventDataStore, region)
    account.every(EventDataStore, region)
    for store in account.seen(EventDataStore):
        if store.region != region and store.multi_region:
            yield store


def _by_store(bucket: Bucket, store: EventDataStore) -> str | None:
    if store.status != "ENABLED":
        return None
    if _meets_one(f"{bucket.arn}/{_KEY}", store.advanced_selectors):
        return f"the event data store {store.name}"
    if _is_partial(bucket, store.advanced_selectors):
        raise Undecided(f"the event data store {store.name} takes in reads of some objects of the bucket only")

    return None


def _meets_one(arn: str, selectors: Iterable[Iterable[FieldSelector]]) -> bool:
    record = {
        "eventCategory": "Data",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "readOnly": "true",
        "resources.type": "AWS::S3::Object",
        "resources.ARN": arn,
    }
    return any(all(meets(condition, record) for condition in conditions) for conditions in selectors)


def _is_partial(bucket: Bucket, selectors: Iterable[Iterable[FieldSelector]]) -> bool:
    """Tell whether a selector is about some of the bucket's objects."""
    return any(
        condition.field == "resources.ARN"
        and any(each.startswith(f"{bucket.arn}/") for each in (*condition.equals, *condition.starts))
        for conditions in selectors
        for condition in conditions
    )
