"""Tables for tests."""

import json

from awsaudit.resources.dynamodb import DESCRIBE, LIST, POLICY, STREAM_POLICY, Table
from awsaudit.testing import fake


ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/locks"
STREAM = f"{ARN}/stream/2026-01-01T00:00:00.000"
LOCK_KEY = (("LockID", "HASH"),)


def table(policy=None, *, key=LOCK_KEY, stream=None, streaming=False, results=()):
    """Return a table with a policy, and perhaps a stream with one of its own."""
    schema = [{"AttributeName": name, "KeyType": kind} for name, kind in key]
    described = {"TableArn": ARN, "KeySchema": schema}
    if streaming or stream:
        described["LatestStreamArn"] = STREAM
    told = {
        LIST: "locks",
        DESCRIBE: described,
        POLICY: json.dumps(policy) if policy else None,
        STREAM_POLICY: json.dumps(stream) if stream else None,
    }
    return fake(Table, {**told, **dict(results)})
