import boto3
import botocore.stub
import moto
import pytest

from hypothesis import given
from hypothesis import strategies as st

from awsaudit.errors import ConfigError, CredentialsError, ReadOnlyError
from awsaudit.storage import NOTHING, Bucket, Location


@pytest.fixture(name="session")
def _session():
    return boto3.Session("testing", "testing", region_name="eu-west-1")


@pytest.fixture(name="bucket")
def _bucket(session):
    with moto.mock_aws():
        session.client("s3").create_bucket(
            Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield Bucket(session, "reports")


@pytest.fixture(name="stubbed")
def _stubbed(session):
    """
    A bucket whose answers are given, and what gives them.
    """
    bucket = Bucket(session, "reports")
    with botocore.stub.Stubber(bucket._client) as stub:
        yield bucket, stub


@given(st.from_regex(r"[a-z0-9]{3,10}", fullmatch=True), st.text(st.characters(codec="ascii"), max_size=20))
def test_location_round_trip(bucket, key):
    """
    What a location prints is what it is parsed from.
    """
    location = Location(bucket, key)

    assert location == Location.parse(str(location))


def test_below():
    """
    Names are joined by one slash, and none stands in front of a key.
    """
    assert "s3://reports/nightly/latest.json" == str(Location.parse("s3://reports/nightly/") / "latest.json")
    assert "s3://reports/latest.json" == str(Location.parse("s3://reports") / "latest.json")


@pytest.mark.parametrize("url", ["reports/a.json", "s3://", "s3:///a.json", "s3://Reports/a", "https://reports/a"])
def test_no_location(url):
    """
    What is not of the form of a place in S3 is refused, with the form.
    """
    with pytest.raises(ConfigError, match="write s3://bucket/key"):
        Location.parse(url)


def test_reads_what_was_written(bucket, session):
    """
    What is written is read back, with its type of content; what is not there is None.
    """
    assert bucket.read("a.html") is None
    assert bucket.write("a.html", b"<html>")
    assert b"<html>" == bucket.read("a.html").data
    assert "text/html; charset=utf-8" == session.client("s3").head_object(Bucket="reports", Key="a.html")["ContentType"]


def test_writes_only_where_nothing_is(bucket):
    """
    A write for where nothing is leaves what is there.
    """
    assert bucket.write("latest.json", b"first", replacing=NOTHING)
    assert not bucket.write("latest.json", b"second", replacing=NOTHING)
    assert b"first" == bucket.read("latest.json").data


def test_replaces_only_the_version_that_was_read(bucket):
    """
    A write over a version that somebody else has replaced is not done.
    """
    bucket.write("latest.json", b"first")
    read = bucket.read("latest.json")
    bucket.write("latest.json", b"theirs")

    assert not bucket.write("latest.json", b"ours", replacing=read.tag)
    assert b"theirs" == bucket.read("latest.json").data
    assert bucket.write("latest.json", b"ours", replacing=bucket.read("latest.json").tag)


def test_a_version_that_was_deleted_meanwhile(stubbed):
    """
    A write over a version that is gone is not done either.
    """
    bucket, stub = stubbed
    stub.add_client_error("put_object", "NoSuchKey", http_status_code=404)

    assert not bucket.write("latest.json", b"ours", replacing='"tag"')


def test_touches_no_other_bucket(bucket):
    """
    A request for another bucket, or another operation, is refused before it is sent.
    """
    with pytest.raises(ReadOnlyError):
        bucket._client.put_object(Bucket="other", Key="a", Body=b"")
    with pytest.raises(ReadOnlyError):
        bucket._client.delete_object(Bucket="reports", Key="a")


def test_no_bucket(session):
    """
    A bucket that is not there is told before anything is written.
    """
    with moto.mock_aws(), pytest.raises(ConfigError, match="there is no bucket reports"):
        Bucket(session, "reports").probe("a.html")


def test_probe_of_what_may_not_be_read(stubbed):
    """
    Who may write and not read may go on.
    """
    bucket, stub = stubbed
    stub.add_client_error("get_object", "AccessDenied", http_status_code=403)

    bucket.probe("a.html")


def test_refused(stubbed):
    """
    A refused write names the grant that it needs.
    """
    bucket, stub = stubbed
    stub.add_client_error("put_object", "AccessDenied", http_status_code=403)

    with pytest.raises(ConfigError, match=r"grant s3:PutObject on arn:aws:s3:::reports/a\.html"):
        bucket.write("a.html", b"")


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidAccessKeyId"])
def test_no_credentials(stubbed, code):
    """
    Credentials that AWS does not take are another error than a bucket that is not there.
    """
    bucket, stub = stubbed
    stub.add_client_error("get_object", code, http_status_code=403)

    with pytest.raises(CredentialsError, match=code):
        bucket.probe("a.html")
