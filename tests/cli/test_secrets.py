import io
import sys

import pytest

from awsaudit.secrets import digest, hits


def give(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize("data", [b"value", b"value\n", b"value\r\n"])
def test_prints_the_hash_of_what_is_piped(cli, monkeypatch, data):
    """
    A line break at the end is the shell's, not the value's; the value is not repeated.
    """
    give(monkeypatch, data)

    assert (0, digest("value") + "\n", "") == ((done := cli("secrets", "hash")).code, done.out, done.err)


@pytest.mark.parametrize("data", [b"", b"\n", b"\xff"])
def test_refuses_what_is_no_value(cli, monkeypatch, data):
    """
    Nothing, and what is no text, have no hash.
    """
    give(monkeypatch, data)

    assert 2 == cli("secrets", "hash").code


def test_what_it_prints_is_what_a_scan_compares(cli, monkeypatch):
    """
    The hash in the configuration makes the value harmless.
    """
    value = "Welcome" + "2024!"
    give(monkeypatch, value.encode() + b"\n")

    assert [] == hits(value, "DB_PASSWORD", allowed={cli("secrets", "hash").out.strip()})
