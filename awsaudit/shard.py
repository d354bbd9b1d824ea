"""
The parts into which the scan of an organization is cut: an account each, or a group of its regions.

A shard's report lies under a key that says which shard it is, so that one that is run twice replaces itself.
"""

from __future__ import annotations

import hashlib
import itertools

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Self

from attrs import frozen

from awsaudit.job import SHARD
from awsaudit.merge import ANYWHERE
from awsaudit.partition import GLOBAL


LIST: Final = "shards.json"
"""The object that lists the shards of a run, as the state machine reads it."""
NAMES: Final = "accounts.json"
"""The object with what the organization calls the accounts."""


@frozen
class Shard:
    """
    One account, or a group of its regions.

    Args:
        account: The account.

        regions: The regions; none means every one that the account has enabled.

        global_services: Whether the services without regions are among it.
    """

    account: str
    regions: tuple[str, ...] = ()
    global_services: bool = True

    @property
    def cells(self) -> Iterator[tuple[str, str]]:
        """The pairs of account and region that its report is to have, for `awsaudit.merge.merge`."""
        for region in self.regions or (ANYWHERE,):
            yield self.account, region
        if self.regions and self.global_services:
            yield self.account, GLOBAL

    def key(self, run: str) -> str:
        """Return where its report lies below the reports of *run*."""
        name = "all"
        if self.regions:
            digest = hashlib.sha256(",".join(self.regions).encode()).hexdigest()[:12]
            name = f"{self.regions[0]}-{digest}"

        return f"{folder(run)}/account={self.account}/{name}{'' if self.global_services else '-regional'}.json.gz"

    def event(self, run: str) -> dict[str, Any]:
        """Return what the function is asked with; keys of the execution's own input are put beside it."""
        return {
            "step": SHARD,
            "run": run,
            "accounts": [self.account],
            "regions": list(self.regions),
            "global_services": self.global_services,
        }

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Self:
        """Return the shard that *event* asks for."""
        return cls(event["accounts"][0], tuple(event["regions"]), event["global_services"])


def shards(accounts: Iterable[str], regions: Iterable[str] = (), regions_each: int = 0) -> Iterator[Shard]:
    """
    Yield the shards that cover *accounts*.

    Args:
        accounts: The accounts.

        regions: The regions; none means every one that each account has enabled, in one shard.

        regions_each: How many regions a shard has at most; 0 for all.
    """
    named = tuple(dict.fromkeys(regions))
    groups = [named]
    if named and regions_each:
        groups = [named[start : start + regions_each] for start in range(0, len(named), regions_each)]
    for account, (index, group) in itertools.product(dict.fromkeys(accounts), enumerate(groups)):
        yield Shard(account, group, index == 0)


def folder(run: str) -> str:
    """Return what the keys of *run* begin with, below the place of the reports."""
    return f"shards/run={run}"
