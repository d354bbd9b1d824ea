import pytest

from awsaudit import EvidenceMissing
from awsaudit.resources.s3 import LIST as BUCKETS
from awsaudit.resources.s3 import Bucket
from awsaudit.resources.sqs import ATTRIBUTES, LIST, Queue
from awsaudit.testing import fake, fake_inventory, refused


def queue(name, region="eu-west-1", **more):
    url = f"https://sqs.{region}.amazonaws.com/111122223333/{name}"
    attributes = {"QueueArn": f"arn:aws:sqs:{region}:111122223333:{name}"}
    return fake(Queue, {LIST: url, ATTRIBUTES: attributes, **more}, region=region)


def test_finds_by_arn_in_the_region_of_the_arn():
    """
    None means that the account has no such resource; another account or region cannot be seen.
    """
    here = queue("a")
    inventory = fake_inventory([here, queue("b", "us-east-1")], [Queue])

    assert here is inventory.by_arn(Queue, "arn:aws:sqs:eu-west-1:111122223333:a")
    assert inventory.by_arn(Queue, "arn:aws:sqs:eu-west-1:111122223333:b") is None
    with pytest.raises(EvidenceMissing, match="OtherAccount"):
        inventory.by_arn(Queue, "arn:aws:sqs:eu-west-1:444455556666:a")
    with pytest.raises(EvidenceMissing, match="RegionNotScanned"):
        inventory.by_arn(Queue, "arn:aws:sqs:ap-south-1:111122223333:a")


def test_what_could_not_be_listed_may_be_there():
    """
    One that is found is found; none is only none where all were listed.
    """
    inventory = fake_inventory([queue("a")], [Queue], unlisted=[Queue])

    assert "a" == inventory.by_arn(Queue, "arn:aws:sqs:eu-west-1:111122223333:a").url.rpartition("/")[2]
    for look in (
        lambda: inventory.by_arn(Queue, "arn:aws:sqs:eu-west-1:111122223333:b"),
        lambda: inventory.every(Queue),
        lambda: inventory.first(Queue, lambda q: q.url == "b"),
    ):
        with pytest.raises(EvidenceMissing, match="grant sqs:ListQueues"):
            look()


def test_looks_on_past_what_is_hidden():
    """
    A resource whose fact is missing hides an answer of none, not an answer of one.
    """
    hidden = queue("a")
    hidden.values["sse_sqs"] = refused(Queue, ATTRIBUTES)
    open_ = queue("b")
    inventory = fake_inventory([hidden, open_], [Queue])

    assert open_ is inventory.first(Queue, lambda q: not q.sse_sqs)
    with pytest.raises(EvidenceMissing, match="GetQueueAttributes"):
        inventory.first(Queue, lambda q: q.sse_sqs)


def test_types_with_regions_of_their_own_are_seen_in_them():
    """
    Buckets are listed once for the account, and belong to the region where they are.
    """
    bucket = fake(Bucket, {BUCKETS: {"Name": "a", "CreationDate": "2026-01-01T00:00:00Z"}}, region="us-east-1")
    inventory = fake_inventory([bucket], [Bucket], regions=["eu-west-1"])

    assert (
        (bucket,)
        == inventory.every(Bucket)
        == inventory.every(Bucket, "us-east-1")
        == inventory.every(Bucket, "global")
    )
    assert () == inventory.every(Bucket, "eu-west-1")
