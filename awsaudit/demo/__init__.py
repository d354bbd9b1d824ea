"""
The example account: a small company that runs an Ethereum staking service on EKS.

It is built in moto, in this process, with sound and broken resources of every kind. Nothing leaves the process.
"""

from __future__ import annotations

import contextlib
import importlib.util

from collections.abc import Iterator

from awsaudit.demo.company import ACCOUNT, HOME, REGIONS, Company
from awsaudit.errors import ConfigError


@contextlib.contextmanager
def account() -> Iterator[Company]:
    """
    Yield the example account, standing.

    Its `session` makes clients that talk to it, `front` is the layer in front of the fake AWS.

    Raises:
        ConfigError: moto is not installed; the extra ``demo`` brings it.
    """
    if importlib.util.find_spec("moto") is None:
        raise ConfigError("the example account needs moto: pip install 'awsaudit[demo]'")

    import moto  # noqa: PLC0415 - slow to import, and only needed here

    from awsaudit.demo.build import build  # noqa: PLC0415 - the same

    with moto.mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        yield build()


__all__ = ["ACCOUNT", "HOME", "REGIONS", "Company", "account"]
