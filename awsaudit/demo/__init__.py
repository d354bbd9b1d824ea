"""
The example account: a small company that runs an Ethereum staking service on EKS.

It is built in moto, in this process, with sound and broken resources of every kind. Nothing leaves the process.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os

from collections.abc import Iterator
from typing import Any

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

    from moto.iam.models import iam_backends  # noqa: PLC0415 - the same

    from awsaudit.demo.build import build  # noqa: PLC0415 - the same

    iam: Any = {"load_aws_managed_policies": True}
    with _own_environment(), moto.mock_aws(config={"iam": iam}):
        # AWS's own policies are read for this account alone; moto would read them for every partition and account.
        iam_backends[ACCOUNT]["aws"].list_groups()
        iam["load_aws_managed_policies"] = False
        yield build()


@contextlib.contextmanager
def _own_environment() -> Iterator[None]:
    """Hide the user's AWS settings: an endpoint or a proxy of theirs would lead out of the process."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("AWS_")}
    own = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    os.environ |= own
    try:
        yield
    finally:
        for name in own:
            del os.environ[name]
        os.environ |= hidden


__all__ = ["ACCOUNT", "HOME", "REGIONS", "Company", "account"]
