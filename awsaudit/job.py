"""
What one invocation of the function is asked to do: its event, and the environment behind it.

Every key may be left out. One that nobody knows is an error that names the nearest, so that a slip of the pen does not scan
something else in silence. A key of the event goes before its variable, and that before the configuration file. Where the
command line has a setting for it, the variable is that setting's.
"""

from __future__ import annotations

import re

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import attrs

from attrs import field, frozen

from awsaudit.check import Severity
from awsaudit.errors import ConfigError
from awsaudit.notify import ALWAYS, DAYS, NEW, Notify
from awsaudit.plugins import load_formats
from awsaudit.selection import nearest
from awsaudit.storage import Location


VERSION: Final = 1
SCAN, PLAN, SHARD, MERGE = STEPS = ("scan", "plan", "shard", "merge")
"""What can be asked for: a scan by itself; or of an organization the list of shards, one of them, all of them in one report."""


@frozen
class Key:
    """
    What is to be said of a key, once.

    Args:
        help: What it does.

        parse: Makes the value of what the event or the variable says; raises ValueError.

        variable: The environment variable behind it; empty where there is none.

        setting: The setting of the command line that it stands for; empty where there is none.

        many: Whether the variable is a list with commas.
    """

    help: str
    parse: Callable[[Any], Any]
    variable: str = ""
    setting: str = ""
    many: bool = False


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is needed")  # noqa: TRY004 - the one error of all parsers

    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise ValueError("a list of texts is needed")

    return tuple(value)


def _accounts(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    if not all(re.fullmatch(r"\d{12}", account) for account in found):
        raise ValueError("account ids are needed, as texts of twelve digits")

    return tuple(dict.fromkeys(found))


def _whole(value: Any) -> int:
    number = int(value) if isinstance(value, str) and value.isdigit() else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError("a whole number is needed")

    return number


def _flag(value: Any) -> bool:
    value = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
    if not isinstance(value, bool):
        raise ValueError("true or false is needed")  # noqa: TRY004 - the one error of all parsers

    return value


def _one_of(*choices: Any) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        if value not in choices or isinstance(value, bool):
            raise ValueError(f"one of {', '.join(map(str, choices))} is needed")
        return value

    return parse


def _severity(value: Any) -> Severity:
    return Severity.parse(_text(value))


def _level(value: Any) -> str:
    return str(_severity(value))


def _location(value: Any) -> Location:
    return Location.parse(_text(value))


def _run(value: Any) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,80}", _text(value)):
        raise ValueError("a name of letters, digits, dots, dashes and underscores is needed")

    return str(value)


def _role(value: Any) -> str:
    if value and not re.fullmatch(r"[\w+=,.@/-]{1,576}", _text(value), re.ASCII):
        raise ValueError("the name of a role is needed, with its path if it has one")

    return str(value)


def _key(help_: str, parse: Callable[[Any], Any], *, default: Any = None, **more: Any) -> Any:
    return field(default=default, kw_only=True, metadata={"key": Key(help_, parse, **more)})


@frozen
class Job:
    """
    What to do.

    Args:
        flags: What the event says of settings that the command line has, for `awsaudit.config.load_config`.

        environ: The environment without the variables of keys, for the same.
    """

    version: int = _key("Version of the event's form: 1.", _one_of(VERSION), default=VERSION)
    step: str = _key(
        "`scan` by itself; `plan`, `shard` and `merge` are the steps of the state machine.",
        _one_of(*STEPS),
        default=SCAN,
    )
    accounts: tuple[str, ...] = _key(
        "Accounts. Unset: the function's own; for `plan` all of its organization.",
        _accounts,
        default=(),
        variable="AWSAUDIT_ACCOUNTS",
        many=True,
    )
    role_name: str = _key(
        "Role to assume in every account but the function's own. Unset: `awsaudit`.",
        _role,
        default="",
        variable="AWSAUDIT_ROLE_NAME",
    )
    external_id: str = _key("External id that the role asks for.", _text, default="", variable="AWSAUDIT_EXTERNAL_ID")
    regions: tuple[str, ...] = _key("Regions. Unset: every enabled one.", _texts, default=(), setting="region")
    exclude_regions: tuple[str, ...] = _key("Regions to leave out.", _texts, default=(), setting="exclude-region")
    regions_per_shard: int = _key(
        "For `plan`: at most so many regions in a shard. 0: all.",
        _whole,
        default=0,
        variable="AWSAUDIT_REGIONS_PER_SHARD",
    )
    global_services: bool = _key("For `shard`: whether the services without regions are among it.", _flag, default=True)
    passes: bool = _key(
        "For `shard`: whether what passed is merged, too. If not it stays in the shards' own reports, and what the merged "
        "one holds is what failed or is unknown.",
        _flag,
        default=True,
        variable="AWSAUDIT_PASSES",
    )
    checks: tuple[str, ...] = _key("Checks to run, with wildcards. Unset: all.", _texts, default=(), setting="check")
    skip: tuple[str, ...] = _key("Checks to leave out.", _texts, default=(), setting="skip")
    min_severity: str = _key("Least severity.", _level, default="", setting="severity")
    frameworks: tuple[str, ...] = _key("Only checks behind these frameworks.", _texts, default=(), setting="framework")
    output: Location | None = _key(  # noqa: RUF009 - it makes a field of attrs
        "Where reports go, as `s3://bucket/prefix`. Needed.", _location, variable="AWSAUDIT_OUTPUT"
    )
    formats: tuple[str, ...] = _key(
        "Formats of the reports. `json` is always among them: it is what the next run is compared with.",
        _texts,
        default=("json", "html"),
        variable="AWSAUDIT_FORMATS",
        many=True,
    )
    config: Location | None = _key(  # noqa: RUF009 - it makes a field of attrs
        "An awsaudit.toml in S3: options of checks, `[trust]`, `[secrets]`.", _location, variable="AWSAUDIT_CONFIG"
    )
    suppressions: Location | None = _key(  # noqa: RUF009 - it makes a field of attrs
        "A file of suppressions in S3.", _location, variable="AWSAUDIT_SUPPRESSIONS"
    )
    run: str = _key("Name of the run that a step belongs to.", _run, default="")
    notify: Notify = field(factory=Notify, kw_only=True)
    flags: Mapping[str, Any] = field(factory=dict, kw_only=True)
    environ: Mapping[str, str] = field(factory=dict, kw_only=True, repr=False)

    @classmethod
    def of(cls, event: Mapping[str, Any], environ: Mapping[str, str]) -> Job:
        """
        Return what *event* asks for.

        Args:
            event: The event; keys may be missing.

            environ: The environment.

        Raises:
            ConfigError: A key is unknown or wrong, or one that is needed is missing.
        """
        if not isinstance(event, Mapping):
            raise ConfigError(f"the event has to be an object, not {event!r}")
        said = {**_from_environment(KEYS, environ), **_from_event(KEYS, event, "notify")}
        told = event.get("notify", {})
        if not isinstance(told, Mapping):
            raise ConfigError(f"notify has to be an object, not {told!r}")
        notify = {**_from_environment(NOTIFY, environ), **_from_event(NOTIFY, told, at="notify.")}
        job = cls(
            **said,
            notify=Notify(**notify),
            flags={KEYS[name].setting: said[name] for name in said if KEYS[name].setting},
            environ={name: value for name, value in environ.items() if name not in _variables()},
        )
        job.validate()

        return job

    def validate(self) -> None:
        """
        Raise if something that the step needs is missing.

        Raises:
            ConfigError: It is.
        """
        if self.output is None:
            raise ConfigError("'output' is missing: say where reports go, as s3://bucket/prefix")
        for name in self.formats:
            if name not in load_formats():
                raise ConfigError(f"formats: there is no report format {name!r}{nearest(name, load_formats())}")
        if self.step != SCAN and not self.run:
            raise ConfigError(f"'run' is missing: the step {self.step!r} belongs to one")
        if self.step == SHARD and len(self.accounts) != 1:
            raise ConfigError("a shard is of one account; give its id in 'accounts'")
        if self.step == PLAN and self.regions_per_shard and not self.regions:
            raise ConfigError("'regions_per_shard' needs 'regions': accounts differ in which are enabled")

    @property
    def place(self) -> Location:
        """Where reports go."""
        if self.output is None:
            raise ConfigError("'output' is missing: say where reports go, as s3://bucket/prefix")

        return self.output


KEYS: Final[Mapping[str, Key]] = {a.name: a.metadata["key"] for a in attrs.fields(Job) if "key" in a.metadata}
"""Every key of the event but ``notify``, in the order of the documentation."""

NOTIFY: Final[Mapping[str, Key]] = {
    "sns_topic_arn": Key("Topic to tell. Unset: nobody is told.", _text, "AWSAUDIT_NOTIFY_SNS_TOPIC_ARN"),
    "on": Key(
        "When: `new` on the first run, and when something is new, fixed or could not be seen; `always`.",
        _one_of(NEW, ALWAYS),
        "AWSAUDIT_NOTIFY_ON",
    ),
    "min_severity": Key(
        "Least severity of a failure, new or fixed, that is worth telling.", _severity, "AWSAUDIT_NOTIFY_MIN_SEVERITY"
    ),
    "heartbeat": Key(
        "Day of the week on which the first run tells even if nothing changed, such as `monday`.",
        _one_of(*DAYS),
        "AWSAUDIT_NOTIFY_HEARTBEAT",
    ),
}
"""The keys of ``notify``."""


def _variables() -> frozenset[str]:
    return frozenset(key.variable for key in (*KEYS.values(), *NOTIFY.values()) if key.variable)


def _from_event(keys: Mapping[str, Key], event: Mapping[str, Any], *others: str, at: str = "") -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in event.items():
        if name in others:
            continue
        if name not in keys:
            raise ConfigError(f"the event has no key {at}{name!r}{nearest(str(name), [*keys, *others])}")
        said[name] = _parsed(keys[name], value, f"{at}{name}")

    return said


def _from_environment(keys: Mapping[str, Key], environ: Mapping[str, str]) -> dict[str, Any]:
    return dict(_variables_of(keys, environ))


def _variables_of(keys: Mapping[str, Key], environ: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, key in keys.items():
        text = environ.get(key.variable, "") if key.variable else ""
        if text:
            value: Any = [word.strip() for word in text.split(",") if word.strip()] if key.many else text
            yield name, _parsed(key, value, key.variable)


def _parsed(key: Key, value: Any, origin: str) -> Any:
    try:
        return key.parse(value)
    except ConfigError as error:
        raise ConfigError(f"{origin}: {error}") from None
    except ValueError as error:
        raise ConfigError(f"{origin}: {error}, not {value!r}") from None
