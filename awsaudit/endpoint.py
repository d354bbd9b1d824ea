"""
What may be kept of an address that messages are sent to.

URLs often carry a token, mail addresses and phone numbers are somebody's own. Enough is kept to say where messages go and to
tell two addresses apart, and no more.
"""

from __future__ import annotations

import hashlib
import re

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import frozen


ENDPOINT: Final = "endpoint"
"""What stands for an address in a tree of `awsaudit.projection`."""


@frozen
class Endpoint:
    """
    What is kept of an address.

    Args:
        shown: An ARN as it is; of a URL scheme and host, of a mail address ``@`` and the domain, of a phone number the last
            two digits.

        digest: Hexadecimal digits that tell addresses apart which are shown alike. Those of a phone number are few: many
            numbers share them, so that they do not give it away.
    """

    shown: str
    digest: str

    @property
    def host(self) -> str | None:
        """The domain of a mail address or the host of a URL, in lower case; None for others."""
        if self.shown.startswith("@"):
            return self.shown[1:]

        return self.shown.partition("://")[2] or None

    @property
    def account(self) -> str | None:
        """The account in an ARN; None for others."""
        parts = self.shown.split(":")
        return parts[4] or None if parts[0] == "arn" and len(parts) > 5 else None  # noqa: PLR2004 - an ARN has six parts

    def as_json(self) -> dict[str, str]:
        """Return the plain form that evidence holds."""
        return {"shown": self.shown, "digest": self.digest}


_PHONE: Final = re.compile(r"\+?[0-9][0-9 ().-]{4,}")
_DIGITS: Final = 12
_DIGITS_OF_PHONE: Final = 3


def endpoint_of(address: str) -> Endpoint:
    """Return what is kept of *address*: an ARN, a URL, a mail address or a phone number; of anything else the digest alone."""
    digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    if address.startswith("arn:"):
        return Endpoint(address, digest)
    if "://" in address:
        return Endpoint(_origin(address), digest)
    if _PHONE.fullmatch(address):
        number = "".join(filter(str.isdigit, address))
        return Endpoint(f"…{number[-2:]}", hashlib.sha256(number.encode()).hexdigest()[:_DIGITS_OF_PHONE])
    if "@" in address:
        return Endpoint("@" + address.rpartition("@")[2].lower(), digest)

    return Endpoint("…", digest)


def _origin(url: str) -> str:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None

    return f"{url.partition('://')[0].lower()}://{host or ''}"


class _Parser:
    """Parse an address, or what was kept of one."""

    tree: Final = ENDPOINT
    """What is kept of it: see `awsaudit.projection`."""

    def __call__(self, value: Any) -> Endpoint:
        if isinstance(value, Mapping):
            return Endpoint(value["shown"], value["digest"])
        if isinstance(value, str):
            return endpoint_of(value)
        raise TypeError(f"expected an address, got {type(value).__name__}")


endpoint: Final = _Parser()
"""Parse an address, or what was kept of one; evidence never holds more of it."""
