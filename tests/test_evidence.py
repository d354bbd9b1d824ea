import datetime
import gzip
import json
import stat

import pytest

from hypothesis import given
from hypothesis import strategies as st

from awsaudit.errors import SnapshotError
from awsaudit.evidence import VERSION, Failure, Header, Request, SnapshotWriter, read_snapshot
from awsaudit.gap import GapKind


AS_OF = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)
HEADER = Header("111122223333", "aws", ("eu-west-1",), AS_OF, "0.1.0", {"sqs:ListQueues": {"QueueUrls": "whole"}})
LIST = Request.of("eu-west-1", "sqs", "ListQueues", {"MaxResults": 1000})


def write(path, answers):
    writer = SnapshotWriter(path, HEADER)
    for request, answer in answers.items():
        writer.add(request, answer)
    writer.close()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda s: st.lists(s) | st.dictionaries(st.text(), s),
)


@given(JSON, st.sampled_from(GapKind))
def test_reads_back_what_was_written(tmp_path_factory, answer, kind):
    """
    Header, answers and failures come back as they were.
    """
    path = tmp_path_factory.mktemp("s") / "scan.awsaudit"
    other = Request.of("eu-west-1", "sqs", "GetQueueAttributes", {"QueueUrl": "q"})
    written = {LIST: answer, other: Failure("AccessDenied", kind, "session policy")}
    write(path, written)

    found = read_snapshot(path)

    assert HEADER == found.header
    assert written == found.answers


def test_is_for_the_owner_only(tmp_path):
    """
    The file mode is 0600, even over a file that was more open.
    """
    path = tmp_path / "scan.awsaudit"
    path.write_text("old")
    path.chmod(0o644)
    write(path, {})

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_a_request_that_was_not_made_is_a_gap(tmp_path):
    """
    What the snapshot does not hold, or holds too little of, is never an empty answer.
    """
    write(tmp_path / "s", {LIST: {"QueueUrls": []}})
    snapshot = read_snapshot(tmp_path / "s")
    missing = Failure("NotInSnapshot", GapKind.UNAVAILABLE)

    assert {"QueueUrls": []} == snapshot.ask(LIST)
    assert missing == snapshot.ask(Request.of("us-east-1", "sqs", "ListQueues", {"MaxResults": 1000}))
    assert missing == snapshot.ask(Request.of("eu-west-1", "kms", "ListKeys", {}))
    snapshot.needed = {"sqs:ListQueues": {"QueueUrls": "whole", "NextToken": "whole"}}
    assert missing == snapshot.ask(LIST)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a snapshot"),
        (b"hello", "not a snapshot"),
        (gzip.compress(b'{"format": "other"}\n', mtime=0), "not a snapshot"),
        (gzip.compress(b"[1, 2", mtime=0), "damaged"),
        (gzip.compress(b'"text"\n', mtime=0), "damaged"),
        (
            gzip.compress(
                json.dumps({"format": "awsaudit-snapshot", "version": VERSION + 1, "tool": "9"}).encode(), mtime=0
            ),
            "newer",
        ),
        (gzip.compress(b'{"format": "awsaudit-snapshot", "version": 1}\n', mtime=0), "damaged"),
    ],
)
def test_refuses_what_is_no_snapshot(tmp_path, content, says):
    """
    Foreign, damaged and newer files are a clear error.
    """
    path = tmp_path / "s"
    path.write_bytes(content)

    with pytest.raises(SnapshotError, match=says):
        read_snapshot(path)


def test_refuses_one_that_is_cut_short(tmp_path):
    """
    A file without its end line, or without the end of its bytes, is a clear error; so is none at all.
    """
    path = tmp_path / "s"
    write(path, {LIST: {"QueueUrls": ["a"] * 100}})
    whole = path.read_bytes()
    lines = gzip.decompress(whole).splitlines(keepends=True)

    for content in (whole[:-12], whole[: len(whole) // 2], gzip.compress(b"".join(lines[:-1]))):
        path.write_bytes(content)
        with pytest.raises(SnapshotError, match="cut short"):
            read_snapshot(path)
    with pytest.raises(SnapshotError, match="there is no snapshot"):
        read_snapshot(tmp_path / "none")
    with pytest.raises(SnapshotError, match="cannot write"):
        SnapshotWriter(tmp_path / "none" / "s", HEADER)
