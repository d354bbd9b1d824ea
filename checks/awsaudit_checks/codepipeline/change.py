"""What happens when a source of a pipeline changes, and what tells the pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from awsaudit import Inventory, Undecided
from awsaudit.resources.cloudtrail import Trail
from awsaudit.resources.codepipeline import Action, Pipeline
from awsaudit.resources.ecr import Repository
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.cloudtrail.record import meets
from awsaudit_checks.codepipeline.role import account_of
from awsaudit_checks.codepipeline.stage import Place
from awsaudit_checks.iam.certain import certain


Event = Mapping[str, Any]

POLL: Final = "PollForSourceChanges"
_TIME: Final = "2026-01-01T00:00:00Z"


@frozen
class Change:
    """
    A change of a source that is told by an event.

    Args:
        place: The source action.

        source: The ARN of what changes.

        type: CloudFormation's name of its type.

        what: The change, in words.

        account: The account in which it happens.

        events: What the source's service sends to the default bus; each is one way in which it may happen.

        pattern: What a rule has to ask for.

        recorded: What CloudTrail sends if a trail records the change; empty where that is no way to be told.
    """

    place: Place
    source: str
    type: str
    what: str
    account: str
    events: tuple[Event, ...]
    pattern: Event
    recorded: tuple[Event, ...] = ()

    @property
    def service(self) -> str:
        """What its events have as their source."""
        return str(self.pattern["source"][0])


def is_polled(action: Action) -> bool:
    """Tell whether CodePipeline looks for changes of the source itself, as it does unless it is told not to."""
    return (action.configured(POLL) or "true").lower() != "false"


def is_github(action: Action) -> bool:
    """Tell whether *action* is a source that is told of changes by a webhook of CodePipeline."""
    return (action.owner, action.provider) == ("ThirdParty", "GitHub")


def waits_for_events(action: Action) -> bool:
    """
    Tell whether an event has to tell of changes of the source that *action* is.

    Image repositories are never asked. https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html
    """
    return (
        action.category == "Source"
        and action.owner == "AWS"
        and action.provider in _CHANGES
        and (action.provider == "ECR" or not is_polled(action))
    )


def change_of(place: Place, pipeline: Pipeline) -> Change:
    """
    Return the change of a source action that waits for events.

    Raises:
        Undecided: What changes depends on variables.
    """
    action = place.action
    values = {key: action.configured(key) or "" for key in _KEYS[action.provider]}
    if any("#{" in value for value in values.values()):
        raise Undecided(f"what the source {action.name} is depends on variables")
    account = account_of(action.role_arn) if action.role_arn else pipeline.account

    return _CHANGES[action.provider](place, pipeline, account, *values.values())


_KEYS: Final = {
    "CodeCommit": ("RepositoryName", "BranchName"),
    "ECR": ("RepositoryName", "ImageTag"),
    "S3": ("S3Bucket", "S3ObjectKey"),
}


def _event(pipeline: Pipeline, account: str, kind: tuple[str, str], resources: list[str], detail: Event) -> Event:
    """Return an event; *kind* is its source and its detail type."""
    return {
        "version": "0",
        "id": "00000000-0000-0000-0000-000000000000",
        "source": kind[0],
        "detail-type": kind[1],
        "account": account,
        "region": pipeline.region,
        "time": _TIME,
        "resources": resources,
        "detail": detail,
    }


# https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html
def _pushed(place: Place, pipeline: Pipeline, account: str, repository: str, branch: str) -> Change:
    arn = f"arn:{pipeline.partition}:codecommit:{pipeline.region}:{account}:{repository}"
    source, kind = "aws.codecommit", "CodeCommit Repository State Change"
    detail = {
        "event": "referenceUpdated",
        "repositoryName": repository,
        "repositoryId": "00000000-0000-0000-0000-000000000000",
        "referenceType": "branch",
        "referenceName": branch,
        "referenceFullName": f"refs/heads/{branch}",
        "commitId": "0" * 40,
        "oldCommitId": "1" * 40,
        "callerUserArn": f"arn:{pipeline.partition}:iam::{account}:user/developer",
    }
    asked = {
        "event": ["referenceCreated", "referenceUpdated"],
        "referenceType": ["branch"],
        "referenceName": [branch],
    }
    pattern = {"source": [source], "detail-type": [kind], "resources": [arn], "detail": asked}
    what = f"a push to {branch} of {repository}"

    return Change(
        place, arn, "AWS::CodeCommit::Repository", what, account,
        (_event(pipeline, account, (source, kind), [arn], detail),), pattern,
    )  # fmt: skip


# https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
def _image(place: Place, pipeline: Pipeline, account: str, repository: str, tag: str) -> Change:
    tag = tag or "latest"
    source, kind = "aws.ecr", "ECR Image Action"
    arn = f"arn:{pipeline.partition}:ecr:{pipeline.region}:{account}:repository/{repository}"
    told = {"result": "SUCCESS", "repository-name": repository, "action-type": "PUSH", "image-tag": tag}
    events = (
        _event(pipeline, account, (source, kind), resources, {**told, "image-digest": f"sha256:{'0' * 64}"})
        for resources in ([], [arn])
    )
    pattern = {"source": [source], "detail-type": [kind], "detail": {key: [value] for key, value in told.items()}}

    return Change(
        place, arn, Repository.type, f"an image pushed as {repository}:{tag}", account, tuple(events), pattern
    )


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
def _object(place: Place, pipeline: Pipeline, account: str, bucket: str, key: str) -> Change:
    source, kind = "aws.s3", "Object Created"
    arn = f"arn:{pipeline.partition}:s3:::{bucket}"
    events = (
        _event(pipeline, account, (source, kind), [arn], _created(bucket, key, account, reason))
        for reason in ("PutObject", "CopyObject", "CompleteMultipartUpload")
    )
    recorded = (
        _event(
            pipeline, account, (source, "AWS API Call via CloudTrail"), [], {**_CALL, **_call(arn, key, pipeline, account), "eventName": name},
        )
        for name in ("PutObject", "CopyObject", "CompleteMultipartUpload")
    )  # fmt: skip
    asked = {"bucket": {"name": [bucket]}, "object": {"key": [key]}}
    pattern = {"source": [source], "detail-type": [kind], "detail": asked}

    return Change(place, arn, Bucket.type, f"a new {key} in {bucket}", account, tuple(events), pattern, tuple(recorded))


def _created(bucket: str, key: str, account: str, reason: str) -> Event:
    thing = {"key": key, "size": 1024, "etag": "0" * 32, "version-id": "0" * 32, "sequencer": "0" * 16}
    return {
        "version": "0",
        "bucket": {"name": bucket},
        "object": thing,
        "request-id": "0" * 16,
        "requester": account,
        "source-ip-address": "198.51.100.77",
        "reason": reason,
    }


_CALL: Final = {
    "eventVersion": "1.09",
    "eventTime": _TIME,
    "eventSource": "s3.amazonaws.com",
    "eventType": "AwsApiCall",
    "eventCategory": "Data",
    "managementEvent": False,
    "readOnly": False,
}


def _call(arn: str, key: str, pipeline: Pipeline, account: str) -> Event:
    return {
        "awsRegion": pipeline.region,
        "recipientAccountId": account,
        "requestParameters": {"bucketName": arn.rpartition(":")[2], "key": key},
        "resources": [
            {"type": "AWS::S3::Object", "ARN": f"{arn}/{key}"},
            {"type": "AWS::S3::Bucket", "ARN": arn, "accountId": account},
        ],
    }


_CHANGES: Final = {"CodeCommit": _pushed, "ECR": _image, "S3": _object}


def recording(change: Change, region: str, account: Inventory) -> Trail | None:
    """
    Return a trail that records writes of the object that *change* is about; None if there is none.

    Raises:
        EvidenceMissing: None was seen, and not all trails could be.
    """
    record = change.recorded[0]["detail"]
    return next(iter(certain(_trails(region, account), lambda t: t if _records(t, record) else None, most=1)), None)


def _trails(region: str, account: Inventory) -> Iterator[Trail]:
    yield from account.seen(Trail, region)
    account.every(Trail, region)


def _records(trail: Trail, record: Event) -> bool:
    arn = record["resources"][0]["ARN"]
    if not (trail.object_selectors or trail.advanced_selectors):
        return False
    told = {
        "eventCategory": "Data",
        "eventSource": record["eventSource"],
        "eventName": record["eventName"],
        "readOnly": "false",
        "resources.type": "AWS::S3::Object",
        "resources.ARN": arn,
    }
    basic = any(s.reads_and_writes != "ReadOnly" and arn.startswith(s.prefixes) for s in trail.object_selectors)
    selected = basic or any(all(meets(c, told) for c in conditions) for conditions in trail.advanced_selectors)

    return selected and trail.logging
