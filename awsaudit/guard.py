"""
Keeps a client to the reads that the plan declares.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from awsaudit.errors import ReadOnlyError


def allow_only(client: Any, operations: Collection[tuple[str, str]]) -> None:
    """
    Make *client* raise `ReadOnlyError` before any other operation is signed or sent.

    Args:
        client: A botocore client.

        operations: Pairs of botocore's service name and the API operation.
    """
    service = client.meta.service_model.service_name
    allowed = frozenset(operation for name, operation in operations if name == service)

    def refuse(model: Any, **_: Any) -> None:
        if model.name not in allowed:
            raise ReadOnlyError(service, model.name)

    client.meta.events.register_first("before-call", refuse)
