import json

import boto3
import pytest


@pytest.fixture(name="bucket")
def _bucket(account):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    return s3


def test_writes_to_s3(cli, bucket):
    """
    A report goes to S3 in the format of the key's suffix, lines included, and is said where.
    """
    outcome = cli("scan", "-c", "sqs-encryption", "-o", "s3://reports/a/b.json", "-o", "s3://reports/a/b.jsonl")
    written = json.load(bucket.get_object(Bucket="reports", Key="a/b.json")["Body"])
    lines = bucket.get_object(Bucket="reports", Key="a/b.jsonl")["Body"].read().splitlines()

    assert 0 == outcome.code
    assert "wrote s3://reports/a/b.json\n" in outcome.err
    assert {"pass", "fail"} == {finding["status"] for finding in written["findings"]}
    assert "end" == json.loads(lines[-1])["record"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("s3://nowhere/a.json", "there is no bucket nowhere"),
        ("s3://reports/", "name an object, such as s3://reports/report.html"),
        ("s3://reports/a.docx", "no report format goes with 'a.docx'"),
    ],
)
def test_what_cannot_be_written_is_told_before_the_scan(cli, bucket, url, message):
    """
    A bucket that is not there, a key without a name or of no format ends the run before anything is asked.
    """
    outcome = cli("scan", "-c", "sqs-encryption", "-o", url)

    assert 2 == outcome.code
    assert message in outcome.err


def test_the_example_stays_here(cli):
    """
    Nothing of the example account is written to S3.
    """
    outcome = cli("demo", "-o", "s3://reports/a.json")

    assert (2, True) == (outcome.code, "nothing of the example leaves the machine" in outcome.err)
