"""
Failures that their owner accepts for a while: the file that says so, and what it does to a report.

Every stanza has a reason and a day on which it ends. It names one check on one resource, exactly, unless it holds a ``*``
or a ``?``. A failure that is accepted stays in the report, as such.
"""

from __future__ import annotations

import datetime
import json
import re

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from attrs import evolve, field, frozen

from awsaudit.check import Finding, Status, Suppression
from awsaudit.errors import ConfigError
from awsaudit.report import Report
from awsaudit.selection import nearest


FILE_NAME: Final = "awsaudit-suppressions.toml"
TABLE: Final = "suppress"
WARNING: Final = datetime.timedelta(days=14)
"""How long before its end a stanza is told of."""

_HEADER: Final = re.compile(rf"^[ \t]*\[\[[ \t]*{TABLE}[ \t]*\]\]", re.MULTILINE)


@frozen
class Rule:
    """
    One stanza.

    Args:
        check: The check; a glob.

        resource: The ARN; a glob.

        reason: Why the failure is accepted.

        expires: The last day on which it is.

        owner: Who answers for it.

        account: The account; unset means any.

        region: The region; unset means any.

        key: Which of several problems of the resource, as the finding's sub-key; unset means all.
    """

    check: str
    resource: str
    reason: str
    expires: datetime.date
    owner: str | None = None
    account: str | None = None
    region: str | None = None
    key: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Tell whether the stanza is about *finding*."""
        return (
            _fits(finding.check_id, self.check)
            and _fits(finding.resource.arn, self.resource)
            and self.account in {None, finding.account}
            and self.region in {None, finding.region}
            and self.key in {None, finding.sub_key}
        )

    @property
    def suppression(self) -> Suppression:
        """What a finding that it covers says."""
        return Suppression(self.reason, self.expires, self.owner)

    def to_toml(self) -> str:
        """Return the stanza as it stands in a file."""
        said = {name: getattr(self, name) for name in _KEYS}
        lines = [f"{name} = {_toml(value)}" for name, value in said.items() if value is not None]

        return "\n".join([f"[[{TABLE}]]", *lines, ""])

    def __str__(self) -> str:
        return f"{self.check} on {self.resource}"


_KEYS: Final = ("check", "resource", "account", "region", "key", "reason", "owner", "expires")
_NEEDED: Final = ("check", "resource", "reason", "expires")


@frozen
class Applied:
    """
    What suppressions did to a report.

    Args:
        report: The report, its accepted failures marked.

        unused: Stanzas that cover no failure, though their check looked.

        expired: Stanzas that have ended and cover a failure.

        expiring: Stanzas in use that end within two weeks.
    """

    report: Report
    unused: tuple[Rule, ...]
    expired: tuple[Rule, ...]
    expiring: tuple[Rule, ...]


@frozen
class Suppressions:
    """
    The stanzas of a file.

    Args:
        rules: The stanzas, in their order; the first that covers a failure counts.

        today: The day on which they are read.
    """

    rules: tuple[Rule, ...] = ()
    today: datetime.date = field(factory=lambda: datetime.datetime.now(datetime.UTC).date())

    def mark(self, finding: Finding) -> Finding:
        """Return *finding*, marked if it is an accepted failure."""
        if finding.status is not Status.FAIL:
            return finding
        rule = next((rule for rule in self.rules if self.holds(rule) and rule.covers(finding)), None)

        return evolve(finding, suppression=rule.suppression if rule else None)

    def holds(self, rule: Rule) -> bool:
        """Tell whether *rule* has not ended."""
        return self.today <= rule.expires

    def apply(self, report: Report) -> Applied:
        """Return *report* with its accepted failures marked, and what there is to say of the stanzas."""
        marked = evolve(report, findings=tuple(map(self.mark, report.findings)))
        failures = report.with_status(Status.FAIL)
        used = [rule for rule in self.rules if any(map(rule.covers, failures))]

        return Applied(
            report=marked,
            unused=tuple(rule for rule in self.rules if rule not in used and _looked(rule, report)),
            expired=tuple(rule for rule in used if not self.holds(rule)),
            expiring=tuple(rule for rule in used if self.holds(rule) and rule.expires - self.today < WARNING),
        )


def _looked(rule: Rule, report: Report) -> bool:
    """Tell whether *report* would have had a failure that *rule* covers, if there were one."""
    parts = rule.resource.split(":")
    account = rule.account or (parts[4] if len(parts) > 4 and parts[4].isdigit() else None)  # noqa: PLR2004 - an ARN's
    blind = any(f.status is Status.UNKNOWN and _fits(f.check_id, rule.check) for f in report.findings)

    return (
        not (report.narrowed or report.coverage.stopped or blind)
        and any(_fits(id_, rule.check) for id_ in report.checks)
        and (account is None or account in report.accounts)
        and (rule.region is None or rule.region in report.regions)
    )


def _fits(text: str, pattern: str) -> bool:
    if "*" not in pattern and "?" not in pattern:
        return text == pattern

    # A bracket is no wildcard: names of log groups and rules hold some.
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def read(path: Path) -> tuple[Rule, ...]:
    """
    Return the stanzas of the file *path*.

    Raises:
        ConfigError: It cannot be read, or a stanza is incomplete or wrong.
    """
    return parse(text_of(path), path.name)


def text_of(path: Path) -> str:
    """
    Return what stands in the file *path*.

    Raises:
        ConfigError: It cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"there is no file of suppressions {path}; `awsaudit suppress add` makes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from None


def parse(text: str, name: str = FILE_NAME) -> tuple[Rule, ...]:
    """
    Return the stanzas of *text*.

    Args:
        text: TOML.

        name: What errors call it.

    Raises:
        ConfigError: It is no TOML, or a stanza is incomplete or wrong.
    """
    import tomllib  # noqa: PLC0415 - most runs have no file

    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not valid TOML: {error}") from None
    for key in plain:
        if key != TABLE:
            raise ConfigError(f"{name}: there is no table {key!r}; write [[{TABLE}]]")
    stanzas = plain.get(TABLE, [])
    if not isinstance(stanzas, list):
        raise ConfigError(f"{name}: write [[{TABLE}]] with two brackets, once for each")

    return tuple(_rule(f"{name}: stanza {number}", stanza) for number, stanza in enumerate(stanzas, 1))


def _rule(where: str, stanza: Mapping[str, Any]) -> Rule:
    for key in stanza:
        if key not in _KEYS:
            raise ConfigError(f"{where}: there is no key {key!r}{nearest(key, _KEYS)}")
    for key in _NEEDED:
        if key not in stanza:
            raise ConfigError(f"{where}: {key!r} is missing; every suppression needs {', '.join(_NEEDED)}")
    for key, value in stanza.items():
        if key != "expires" and (not isinstance(value, str) or not (value.strip() or key == "key")):
            raise ConfigError(f"{where}: {key} has to be a text, not {value!r}")
    expires = stanza["expires"]
    if isinstance(expires, str):
        try:
            expires = datetime.date.fromisoformat(expires)
        except ValueError:
            expires = None
    if type(expires) is not datetime.date:
        raise ConfigError(f"{where}: expires has to be a day such as 2027-03-31, not {stanza['expires']!r}")

    return Rule(**{**stanza, "expires": expires})


def without(text: str, gone: Iterable[Rule], name: str = FILE_NAME) -> str:
    """
    Return *text* without some stanzas; all else stays as it is, comments included.

    Args:
        text: TOML.

        gone: The stanzas to take out.

        name: What errors call it.

    Raises:
        ConfigError: The stanzas cannot be told apart in the text.
    """
    rules, out = parse(text, name), set(gone)
    starts = [match.start() for match in _HEADER.finditer(text)]
    ends = [*starts[1:], len(text)]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    kept = [piece for piece, rule in zip(pieces, rules, strict=False) if rule not in out]
    left = (text[: starts[0]] if starts else text) + "".join(kept)
    try:
        sound = len(pieces) == len(rules) and parse(left, name) == tuple(rule for rule in rules if rule not in out)
    except ConfigError:
        sound = False
    if not sound:
        raise ConfigError(f"{name} cannot be changed without harm; take out by hand: {'; '.join(map(str, out))}")

    return left


def _toml(value: str | datetime.date) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"{value!r} is not valid Unicode, which the file needs") from None

    # JSON's strings are TOML's, but for the one control character that JSON does not escape.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
