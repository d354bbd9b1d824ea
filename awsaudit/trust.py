"""
Whom a user trusts, where production is, and who may change it: what no call to AWS can tell.

A check reads it as ``account.target.trust``; it is set under ``[trust]`` in ``awsaudit.toml``.
"""

from __future__ import annotations

import itertools
import re

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

import attrs

from attrs import field, frozen

from awsaudit.errors import ConfigError


# A form returns None for what has it, and a hint at what was meant for what has not.
_Form = Callable[[str], str | None]

_ACCOUNT: Final = re.compile(r"(?<!\d)\d{12}(?!\d)", re.ASCII)
_ORGANIZATION: Final = re.compile(r"(?<![a-z0-9])o-[a-z0-9]{10,32}(?![a-z0-9])")
_SUBJECT: Final = re.compile(r"[a-z0-9][a-z0-9.-]*(?::\d+)?(?:/[^\s=]*)?=\S+")
_PRINCIPAL: Final = re.compile(
    r"arn:(?P<partition>[^\s:]+):iam::(?P<account>\d{12}|[\d*?]*[*?][\d*?]*):(?P<rest>\S+)", re.ASCII
)
_SESSION: Final = re.compile(r"arn:([^\s:]+):sts::(\d{12}):assumed-role/([^\s/]+)/\S+", re.ASCII)


def _account(value: str) -> str | None:
    if re.fullmatch(_ACCOUNT, value):
        return None
    found = _ACCOUNT.search(value) or _ACCOUNT.search(re.sub(r"[-\s]", "", value))

    return _meant("no account id", found and found[0], "111122223333")


def _organization(value: str) -> str | None:
    if _ORGANIZATION.fullmatch(value):
        return None
    found = _ORGANIZATION.search(value.lower())

    return _meant("no organization id", found and found[0], "o-exampleorgid")


def _network(value: str) -> str | None:
    import ipaddress  # noqa: PLC0415 - few configurations name networks

    try:
        ipaddress.ip_network(value)
        if re.fullmatch(r"\S+/\d+", value, re.ASCII):
            return None
    except ValueError:
        pass  # it may be near one
    try:
        meant = str(ipaddress.ip_network(value.strip(), strict=False))
    except ValueError:
        meant = None

    return _meant("no network in CIDR form", meant, "203.0.113.0/24")


def _subject(value: str) -> str | None:
    if _SUBJECT.fullmatch(value):
        return None
    bare = value.strip().removeprefix("https://")
    github = "token.actions.githubusercontent.com="
    near = (bare, f"{github}{bare}") if bare.startswith("repo:") else (bare,)
    found = next((text for text in near if _SUBJECT.fullmatch(text)), None)

    return _meant("not of the form ISSUER=PATTERN", found, f"{github}repo:example/*")


def _role(value: str) -> str | None:
    found = _PRINCIPAL.fullmatch(value)
    if found and found["rest"].startswith("role/"):
        return None

    return _meant("no ARN of roles", _arn_meant(value), "arn:aws:iam::*:role/deploy-*")


def _principal(value: str) -> str | None:
    if _PRINCIPAL.fullmatch(value):
        return None

    return _meant("no ARN of IAM", _arn_meant(value), "arn:aws:iam::*:role/admin-*")


def _arn_meant(value: str) -> str | None:
    session = _SESSION.fullmatch(value)
    if session:
        return f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"
    named = re.fullmatch(r"(?:role/)?([\w+=,.@*?/-]+)", value, re.ASCII)

    return f"arn:*:iam::*:role/{named[1]}" if named else None


def _production(value: str) -> str | None:
    if re.fullmatch(r"tag=[^:].*:.+|name=.+", value):
        return None
    found = re.fullmatch(r"(?:tag[=:])?([^=:]+)[=:]([^=:]+)", value)
    meant = f"tag={found[1]}:{found[2]}" if found and found[1] not in {"name", "tag"} else None

    return _meant("neither tag=KEY:VALUE nor name=GLOB", meant, "tag=environment:production")


def _meant(what: str, meant: str | None, example: str) -> str:
    return f"{what}; did you mean {meant!r}?" if meant else f"{what}; write one such as {example!r}"


def _zone(help_: str, form: _Form, *example: str) -> Any:
    def validate(trust: Any, attribute: attrs.Attribute[Any], values: Any) -> None:
        del trust
        where = f"[trust] {_key(attribute.name)}"
        if not isinstance(values, tuple):
            raise ConfigError(f"{where}: a list of texts is needed, not {values!r}")
        for value in values:
            if not isinstance(value, str):
                raise ConfigError(f"{where}: {value!r} is no text; write it in quotes, such as {example[0]!r}")
            wrong = form(value)
            if wrong:
                raise ConfigError(f"{where}: {value!r} is {wrong}")

    return field(default=(), converter=_tuple, validator=validate, metadata={"help": help_, "example": example})


def _tuple(values: Any) -> Any:
    return tuple(values) if isinstance(values, list) else values


@frozen(kw_only=True)
class Trust:
    """
    The zone of trust; what each part means stands beside it, for people too.

    Raises:
        ConfigError: A value has not the form that its part asks for; the message has the nearest that has.
    """

    accounts: tuple[str, ...] = _zone("Accounts that are yours.", _account, "444455556666")
    organizations: tuple[str, ...] = _zone(
        "Organizations whose accounts are all yours.", _organization, "o-exampleorgid"
    )
    networks: tuple[str, ...] = _zone("Networks that are yours, in CIDR form.", _network, "203.0.113.0/24")
    subjects: tuple[str, ...] = _zone(
        "Subjects of OIDC providers that may come in: the issuer without https://, and a pattern of its subjects.",
        _subject,
        "token.actions.githubusercontent.com=repo:example/*",
    )
    vendors: tuple[str, ...] = _zone(
        "Accounts of suppliers: known, but they have to bring an external id.", _account, "777788889999"
    )
    ci_roles: tuple[str, ...] = _zone("Roles that deploy; * is a wildcard.", _role, "arn:aws:iam::*:role/deploy-*")
    administrators: tuple[str, ...] = _zone(
        "Principals that may do anything; * is a wildcard.", _principal, "arn:aws:iam::*:role/admin-*"
    )
    production: tuple[str, ...] = _zone(
        "What is production, by a tag or by name; unset: the tag env, environment or stage with the value prod or "
        "production, or a name with one of these words.",
        _production,
        "tag=environment:production",
        "name=live-*",
    )

    def __attrs_post_init__(self) -> None:
        both = sorted({*self.accounts} & {*self.vendors})
        if both:
            # A check that asks for accounts first would never ask a supplier for its external id.
            raise ConfigError(f"[trust] vendors: {both[0]!r} stands under accounts, too; leave it in one of them")

    def is_production(self, name: str, tags: Mapping[str, str]) -> bool:
        """
        Tell whether a resource belongs to production.

        Args:
            name: What people call it.

            tags: Its tags.
        """
        if not self.production:
            return _words_production(name) or _tags_production(tags)

        return any(_matches(wanted, name, tags) for wanted in self.production)


@frozen
class Part:
    """
    A part of the zone of trust, for those who write files.

    Args:
        key: The key under ``[trust]``.

        attribute: The field of `Trust`.

        help: What it means.

        example: Values that it could have.
    """

    key: str
    attribute: str
    help: str
    example: tuple[str, ...]


def _key(attribute: str) -> str:
    return attribute.replace("_", "-")


PARTS: Final[tuple[Part, ...]] = tuple(
    Part(_key(a.name), a.name, a.metadata["help"], a.metadata["example"]) for a in attrs.fields(Trust)
)
"""Every part, in the order of the file."""


_PRODUCTION: Final = frozenset({"prod", "production"})
_TAG_KEYS: Final = frozenset({"env", "environment", "stage"})
_BEFORE: Final = frozenset({"no", "non", "not", "pre"})
# ordersProd, OrdersPROD and orders-prod-2 have the word; nonprod and product have not.
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", re.ASCII)


def _words_production(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]

    return any(word in _PRODUCTION and before not in _BEFORE for before, word in itertools.pairwise(["", *words]))


def _tags_production(tags: Mapping[str, str]) -> bool:
    return any(key.lower() in _TAG_KEYS and value.lower() in _PRODUCTION for key, value in tags.items())


def _matches(wanted: str, name: str, tags: Mapping[str, str]) -> bool:
    by, _, pattern = wanted.partition("=")
    if by == "name":
        return fnmatchcase(name, pattern)

    # Keys may hold colons, so the tag says where its key ends.
    return any(
        pattern.startswith(f"{key}:") and fnmatchcase(value, pattern[len(key) + 1 :]) for key, value in tags.items()
    )
