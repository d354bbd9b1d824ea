import os

import pytest

from awsaudit.cli import index
from awsaudit.plugins import load_checks


@pytest.fixture(name="cache")
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/awsaudit/checks.json"


def test_says_what_the_checks_say(cache):
    """
    The first time it is made, the second time read; both say what the checks say.
    """
    made, read = index.installed(), index.installed()

    assert cache.exists()
    assert made == read == index.described(load_checks())
    assert load_checks()["sqs-encryption"] is read["sqs-encryption"].load()


@pytest.mark.parametrize("content", ["", "{}", '{"key": 1, "checks": []}', "[]", "\x00"])
def test_a_broken_cache_is_made_again(cache, content):
    """
    What is not the cache is not believed.
    """
    cache.parent.mkdir(parents=True)
    cache.write_text(content)

    assert "sqs-encryption" in index.installed()


def test_follows_the_files(cache, tmp_path):
    """
    A file that is new, longer or newer changes the key.
    """
    (tmp_path / "pack").mkdir()
    file = tmp_path / "pack/a.py"
    file.write_text("x")
    first = list(index._files(str(tmp_path / "pack")))
    os.utime(file, ns=(1, 1))
    second = list(index._files(str(tmp_path / "pack")))
    (tmp_path / "pack/b.py").write_text("y")

    assert first != second != list(index._files(str(tmp_path / "pack")))


def test_works_where_nothing_can_be_written(monkeypatch):
    """
    Without a place for a cache there is none.
    """
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")

    assert "sqs-encryption" in index.installed()
