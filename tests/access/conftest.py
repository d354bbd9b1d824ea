"""Accounts with everything that `who_can` and `reach` look at."""

import pytest

from awsaudit.access import EVERYTHING
from awsaudit.testing import fake_inventory
from tests.estate import alone


@pytest.fixture(scope="session")
def make_account():
    """Return a function that makes an account of resources; whoever is not named is not there."""

    def make(*resources, unlisted=(), organization=None, **more):
        place = alone() if organization is None else organization
        kinds = dict.fromkeys(fact.owner for fact in EVERYTHING)
        parents = {kind.parent: None for kind in kinds if kind.parent}
        own = {id(r): r for r in resources} | {id(r.parent_resource): r.parent_resource for r in resources}
        own.pop(id(None), None)
        return fake_inventory([*own.values(), *place], [*kinds, *parents], unlisted=unlisted, **more)

    return make
