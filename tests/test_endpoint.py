import pytest

from hypothesis import given
from hypothesis import strategies as st

from awsaudit.endpoint import endpoint, endpoint_of


@pytest.mark.parametrize(
    ("address", "shown", "host", "account"),
    [
        ("arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", None, "111122223333"),
        (
            "https://user:pass@Hooks.example.com:8443/a/T0K3N?k=x#y",
            "https://hooks.example.com",
            "hooks.example.com",
            None,
        ),
        ("HTTP://example.com", "http://example.com", "example.com", None),
        ("http://[bad", "http://", None, None),
        ("ops+x@Example.com", "@example.com", "example.com", None),
        ("+49 170 123-4567", "…67", None, None),
        ("?", "…", None, None),
    ],
)
def test_keeps_where_messages_go(address, shown, host, account):
    """
    An ARN whole, of a URL scheme and host, of a mail address the domain, of a number its end.
    """
    kept = endpoint_of(address)

    assert (shown, host, account) == (kept.shown, kept.host, kept.account)


def test_tells_addresses_apart_that_are_shown_alike():
    """
    The same one stays the same.
    """
    one, other = endpoint_of("https://example.com/a"), endpoint_of("https://example.com/b")

    assert one != other
    assert one == endpoint_of("https://example.com/a")


def test_a_number_is_one_however_it_is_written_and_does_not_follow_from_what_is_kept():
    """
    The digits count; so few of the digest are kept that many numbers share them.
    """
    assert endpoint_of("+49 (170) 123-4567") == endpoint_of("+491701234567")
    assert 3 == len(endpoint_of("+491701234567").digest)


@given(st.text())
def test_what_was_kept_is_read_back(address):
    """
    From an address or from evidence, it is the same.
    """
    kept = endpoint(address)

    assert kept == endpoint(kept.as_json())


def test_refuses_what_is_no_address():
    """
    A missing address is malformed, not empty.
    """
    with pytest.raises(TypeError, match="expected an address"):
        endpoint(None)
