"""
``awsaudit schema``.
"""

from __future__ import annotations

import json

from awsaudit.cli.command import verb
from awsaudit.cli.terminal import out
from awsaudit.config import Config


@verb()
def schema(config: Config) -> None:
    """Print the JSON Schema of the json format."""
    del config
    from awsaudit.schema import SCHEMA  # noqa: PLC0415 - only needed here

    out(json.dumps(SCHEMA, indent=2) + "\n")
