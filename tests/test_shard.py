from hypothesis import given
from hypothesis import strategies as st

from awsaudit.shard import Shard, shards


ACCOUNTS = st.lists(st.from_regex(r"[0-9]{12}", fullmatch=True), max_size=5)
REGIONS = st.lists(st.sampled_from(["eu-west-1", "eu-central-1", "us-east-1", "us-west-2"]), max_size=6)


@given(ACCOUNTS, REGIONS, st.integers(0, 4))
def test_cover_each_cell_once(accounts, regions, each):
    """
    Every region of every account is in one shard, and the services without regions of every account in one.
    """
    cells = [cell for shard in shards(accounts, regions, each) for cell in shard.cells]
    places = {*regions, "global"} if regions else {"*"}

    assert len(cells) == len(set(cells))
    assert {(account, place) for account in accounts for place in places} == set(cells)


@given(ACCOUNTS, REGIONS, st.integers(0, 4))
def test_keys_tell_shards_apart(accounts, regions, each):
    """
    No two shards of a run lie under one key, and a shard is what its event says.
    """
    found = list(shards(accounts, regions, each))

    assert len(found) == len({shard.key("run") for shard in found})
    assert found == [Shard.of(shard.event("run")) for shard in found]
    assert all(len(shard.key("r" * 80)) < 1024 for shard in found)
