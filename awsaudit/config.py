"""
Settings: ``awsaudit.toml``, the environment and flags, in one frozen object.

A flag goes before ``AWSAUDIT_<NAME>``, and that before the file. Every setting is declared once, as a field of `Config`:
the flags, the file's keys and the documentation are made of the same declaration.
"""

from __future__ import annotations

import functools
import os

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from attrs import evolve, field, frozen

from awsaudit.check import Check, Option, Severity, Status
from awsaudit.detection import SecretSettings
from awsaudit.errors import ConfigError
from awsaudit.organization import ROLE, Accounts
from awsaudit.plugins import load_checks
from awsaudit.scan import Settings
from awsaudit.selection import Selection, nearest
from awsaudit.trust import PARTS, Trust


FILE_NAME: Final = "awsaudit.toml"
PREFIX: Final = "AWSAUDIT_"

WHERE: Final = "Where"
ACCOUNTS: Final = "Accounts"
SELECT: Final = "Select"
OUTPUT: Final = "Output"
GATE: Final = "Gate"
SOURCE: Final = "Source"
TUNE: Final = "Tune"
GLOBAL: Final = "Global"
SECTIONS: Final = (WHERE, ACCOUNTS, SELECT, OUTPUT, GATE, SOURCE, TUNE, GLOBAL)

SEVERITIES: Final = tuple(map(str, Severity))


@frozen
class Setting:
    """
    What is to be said of a setting, once.

    Args:
        name: The long flag without its dashes, and the key in the file.

        section: Where help lists it.

        help: What it does.

        parse: Makes the value of what the file, the environment or the command line says; raises ValueError.

        default: What holds if nothing is set.

        metavar: What stands for the value in help.

        short: The short flag's letter.

        many: Whether the flag may be given several times.

        switch: Whether the flag takes no value.

        choices: The values there are, if they are few and fixed.

        in_file: Whether a file may set it.

        guarded: Whether a file found in the working directory may not set it.
    """

    name: str
    section: str
    help: str
    parse: Callable[[Any], Any]
    default: Any
    metavar: str = ""
    short: str = ""
    many: bool = False
    switch: bool = False
    choices: tuple[str, ...] = ()
    in_file: bool = True
    guarded: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper().replace("-", "_")

    @property
    def attribute(self) -> str:
        """The field of `Config`."""
        return self.name.replace("-", "_")


# What the file, the environment and the command line say


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text is needed")

    return value


def _texts(value: Any) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) and item for item in items):
        raise ValueError("a text or a list of texts is needed")

    return tuple(items)


def _words(value: Any) -> tuple[str, ...]:
    return tuple(word.strip() for item in _texts(value) for word in item.split(",") if word.strip())


def _account_ids(value: Any) -> tuple[str, ...]:
    ids = _words(value)
    if not all(len(id_) == _DIGITS and id_.isascii() and id_.isdigit() for id_ in ids):
        raise ValueError(f"account ids of {_DIGITS} digits are needed")

    return tuple(dict.fromkeys(ids))


_DIGITS: Final = 12


def _path(value: Any) -> Path:
    return Path(_text(value)).expanduser()


def _paths(value: Any) -> tuple[Path, ...]:
    return tuple(_path(item) for item in _texts(value))


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("true or false is needed")


def _whole(least: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        try:
            number = int(value) if isinstance(value, str) else value
        except ValueError:
            number = None
        if not isinstance(number, int) or isinstance(number, bool) or number < least:
            raise ValueError(f"a whole number from {least} is needed")
        return number

    return parse


def _positive(value: Any) -> float:
    try:
        number = float(value) if not isinstance(value, bool) else 0.0
    except (TypeError, ValueError):
        number = 0.0
    if not 0 < number < float("inf"):
        raise ValueError("a number above 0 is needed")

    return number


_UNITS: Final = {"s": 1, "m": 60, "h": 3600}


def _seconds(value: Any) -> float:
    text = str(value).strip().lower()
    unit = _UNITS.get(text[-1:], 0)
    try:
        return _positive(text[:-1]) * unit if unit else _positive(value)
    except ValueError:
        raise ValueError("seconds are needed, or a number with s, m or h, such as 15m") from None


def _one_of(*choices: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)} is needed")
        return str(value)

    return parse


def _some_of(*choices: str) -> Callable[[Any], tuple[str, ...]]:
    def parse(value: Any) -> tuple[str, ...]:
        return tuple(_one_of(*choices)(word) for word in _words(value))

    return parse


def _setting(section: str, help_: str, parse: Callable[[Any], Any], *, default: Any = None, **more: Any) -> Any:
    def make(name: str) -> Setting:
        return Setting(name.replace("_", "-"), section, help_, parse, default, **more)

    return field(default=default, kw_only=True, metadata={"setting": make})


def _choice(section: str, help_: str, choices: Iterable[str], **more: Any) -> Any:
    return _setting(section, help_, _one_of(*choices), choices=tuple(choices), **more)


def _list(section: str, help_: str, metavar: str, parse: Callable[[Any], Any] = _words, **more: Any) -> Any:
    return _setting(section, help_, parse, default=(), metavar=metavar, many=True, **more)


def _flag(section: str, help_: str, **more: Any) -> Any:
    return _setting(section, help_, _switch, default=False, switch=True, **more)


NEW: Final = "new"
"""What `fail_on` begins with where only new failures count."""


def _gate(value: Any) -> str:
    word = str(value).strip()
    first, _, level = word.partition(":")
    if word not in {*SEVERITIES, NEW} and (first != NEW or level not in SEVERITIES):
        raise ValueError(f"one of {', '.join(SEVERITIES)}, {NEW} or {NEW}:LEVEL is needed")

    return word


_STATUSES: Final = tuple(status.value for status in Status)


@frozen
class Config:
    """
    Every setting of a run, and where it came from.

    Args:
        file: The configuration file in use; None if there is none.

        trust: The zone of trust; only a file sets it.

        secrets: What is said of secrets; only a file sets it.

        tables: What the file sets for single checks, by check id, not yet checked.

        origins: The flag, variable or file that set each setting that is set, by its name.
    """

    profile: str | None = _setting(WHERE, "Profile of the AWS CLI whose credentials to use.", _text, metavar="NAME")
    region: tuple[str, ...] = _list(WHERE, "Region to scan; unset or 'all': every enabled one.", "REGION")
    exclude_region: tuple[str, ...] = _list(WHERE, "Region to leave out.", "REGION")
    role_arn: tuple[str, ...] = _list(
        WHERE, "Role to assume, in this or another account; several are scanned at once.", "ARN", guarded=True
    )
    external_id: str | None = _setting(WHERE, "External id that the role's trust policy asks for.", _text, metavar="ID")

    org: bool = _flag(ACCOUNTS, "Scan every active account of the organization.", guarded=True)
    org_role: str = _setting(
        ACCOUNTS, "Role to assume in each account.", _text, default=ROLE, metavar="NAME", guarded=True
    )
    accounts: tuple[str, ...] = _list(
        ACCOUNTS, "Account to scan; with --org only these of it.", "ID", _account_ids, guarded=True
    )
    no_global: bool = _flag(
        ACCOUNTS,
        "Leave services without regions to another scan of the account; awsaudit merge puts the reports together.",
    )

    check: tuple[str, ...] = _list(SELECT, "Check to run; * is a wildcard.", "GLOB", short="c")
    skip: tuple[str, ...] = _list(SELECT, "Check to leave out; * is a wildcard.", "GLOB", short="x")
    service: tuple[str, ...] = _list(SELECT, "Service: the first word of check ids.", "SERVICE", short="s")
    severity: str = _choice(SELECT, "Least severity.", SEVERITIES, default="info", metavar="MIN")
    framework: tuple[str, ...] = _list(SELECT, "Only checks behind this framework.", "ID")
    tag: tuple[str, ...] = _list(SELECT, "Only resources with this tag; the value may hold *.", "KEY=VALUE", _texts)
    resource: tuple[str, ...] = _list(SELECT, "Only this resource; * is a wildcard.", "ARN", _texts)
    checks_from: tuple[Path, ...] = _list(
        SELECT, "File or folder with more checks, in Python.", "PATH", _paths, guarded=True
    )

    output: tuple[str, ...] = _list(
        OUTPUT,
        "Where to write, in the format of its suffix: a file, s3://bucket/key, or - for standard output.",
        "PATH",
        _texts,
        short="o",
    )
    format: str | None = _setting(OUTPUT, "Format of standard output.", _text, metavar="NAME", short="f")
    status: tuple[str, ...] = _list(
        OUTPUT, f"Show only these verdicts: {', '.join(_STATUSES)}.", "STATUS", _some_of(*_STATUSES)
    )
    show_pass: bool = _flag(OUTPUT, "Show what passed, too.")
    group: str | None = _choice(OUTPUT, "Group the findings.", ("check", "resource", "account", "region"), metavar="BY")

    fail_on: str | None = _setting(
        GATE,
        f"Exit with 1 if there is a failure of this severity or worse ({', '.join(SEVERITIES)}); new:LEVEL counts only "
        "what is new since the baseline.",
        _gate,
        metavar="[new:]LEVEL",
    )
    strict: bool = _flag(GATE, "Exit with 3 if anything was refused or is unknown.")
    baseline: Path | None = _setting(  # noqa: RUF009 - it makes a field of attrs
        GATE, "Compare with this earlier report in JSON.", _path, metavar="FILE"
    )
    update_baseline: bool = _flag(GATE, "Write the report to the baseline in the end, for the next time.")
    suppressions: Path | None = _setting(  # noqa: RUF009 - it makes a field of attrs
        GATE,
        "Failures that are accepted for a while; awsaudit-suppressions.toml in the working directory if unset.",
        _path,
        metavar="FILE",
    )
    history: Path | None = _setting(  # noqa: RUF009 - it makes a field of attrs
        GATE,
        "SQLite file that remembers every scan, for trends, and as the baseline if none is set.",
        _path,
        metavar="FILE",
    )

    snapshot: Path | None = _setting(  # noqa: RUF009 - it makes a field of attrs
        SOURCE, "Scan this snapshot, not a live account.", _path, metavar="FILE", in_file=False
    )
    save_snapshot: Path | None = _setting(  # noqa: RUF009 - it makes a field of attrs
        SOURCE, "Save what AWS answered, to scan it again.", _path, metavar="FILE", in_file=False
    )

    workers: int = _setting(TUNE, "Requests under way at once.", _whole(1), default=32, metavar="N")
    timeout: float | None = _setting(
        TUNE, "Stop asking after so long, such as 900 or 15m.", _seconds, metavar="SECONDS"
    )
    max_rate: float | None = _setting(TUNE, "Requests a second, at most.", _positive, metavar="N")
    dry_run: bool = _flag(TUNE, "Print the calls that the scan would make, and make none.", in_file=False)

    config: Path | None = _setting(  # noqa: RUF009 - it makes a field of attrs
        GLOBAL, "Configuration file, in place of those that are looked for.", _path, metavar="FILE", in_file=False
    )
    trust_config: bool = _flag(
        GLOBAL, "Let a file found in the working directory set roles, check paths and outputs.", in_file=False
    )
    quiet: bool = _flag(GLOBAL, "Say nothing on standard error but errors.", short="q")
    verbose: int = _setting(GLOBAL, "Log more; -vv logs every failed call.", _whole(0), default=0, short="v")
    log_format: str = _choice(GLOBAL, "How to log.", ("auto", "text", "json"), default="auto")
    color: str = _choice(GLOBAL, "Colour on standard output.", ("auto", "always", "never"), default="auto")
    no_progress: bool = _flag(GLOBAL, "Show no progress.")

    file: Path | None = field(default=None, kw_only=True)
    trust: Trust = field(factory=Trust, kw_only=True)
    secrets: SecretSettings = field(factory=SecretSettings, kw_only=True)
    tables: Mapping[str, Any] = field(factory=dict, kw_only=True)
    origins: Mapping[str, str] = field(factory=dict, kw_only=True)

    @property
    def selection(self) -> Selection:
        """Which checks, on which resources."""
        return Selection(
            checks=self.check,
            skip=self.skip,
            services=self.service,
            min_severity=Severity.parse(self.severity),
            frameworks=self.framework,
            resources=self.resource,
            tags=self.tag,
        )

    @property
    def whose(self) -> Accounts:
        """Which accounts, if not the credentials' own."""
        several = self.role_arn if not self.org and not self.accounts else ()
        return Accounts(self.org, self.accounts, self.org_role, several, self.external_id)

    def one_role(self) -> str | None:
        """
        Return the role whose credentials are used; None if there is none.

        Raises:
            ConfigError: There are several.
        """
        if len(self.role_arn) > 1:
            raise ConfigError("several --role-arn go with `awsaudit scan`, and not with --org or --accounts")

        return self.role_arn[0] if self.role_arn else None

    def settings(self) -> Settings:
        """
        Return what a scan is to do.

        Raises:
            ConfigError: A check's settings are wrong.
            PluginError: A pack cannot be loaded.
        """
        return Settings(
            selection=self.selection,
            options=self.check_options(load_checks(self.checks_from)) if self.tables else {},
            regions=self.region,
            exclude_regions=self.exclude_region,
            global_services=not self.no_global,
            checks_from=self.checks_from,
            workers=self.workers,
            timeout=self.timeout,
            max_rate=self.max_rate,
            save_snapshot=self.save_snapshot,
            trust=self.trust,
            secrets=self.secrets,
        )

    def check_options(self, installed: Mapping[str, Check[Any]]) -> dict[str, dict[str, Any]]:
        """
        Return the settings of single checks, of the types that the checks declare.

        Raises:
            ConfigError: There is no such check or option, or the value is not of its type.
        """
        name = self.file.name if self.file else FILE_NAME
        return {
            id_: _options_of(f"{name}: [checks.{id_}]", id_, table, installed) for id_, table in self.tables.items()
        }


SETTINGS: Final[tuple[Setting, ...]] = tuple(
    a.metadata["setting"](a.name) for a in attrs.fields(Config) if "setting" in a.metadata
)
"""Every setting, in the order of help."""


def _options_of(where: str, id_: str, table: Any, installed: Mapping[str, Check[Any]]) -> dict[str, Any]:
    if id_ not in installed:
        raise ConfigError(f"{where}: there is no such check{nearest(id_, installed)}")
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: a table of the check's options is needed")
    declared = {option.name: option for option in installed[id_].options}
    options: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in declared:
            hint = nearest(name, declared) if declared else "; the check has none"
            raise ConfigError(f"{where}: there is no option {key!r}{hint}")
        options[name] = _converted(f"{where} {key}", declared[name], value)

    return options


_KINDS: Final = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    tuple: "a list of texts",
}


def _converted(where: str, option: Option, value: Any) -> Any:
    wanted = option.type
    if wanted is tuple and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is wanted:
        return value
    raise ConfigError(f"{where}: {_KINDS.get(wanted, wanted.__name__)} is needed, not {value!r}")


# Reading


def load_config(
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Config:
    """
    Return the settings that hold.

    Args:
        flags: What the command line says, by the setting's name, unset ones left out.

        environ: The environment; unset means that of the process.

        directory: The working directory; unset means that of the process.

    Raises:
        ConfigError: A setting is unknown, of the wrong form, or not one that its file may set.
    """
    environ = os.environ if environ is None else environ
    directory = Path.cwd() if directory is None else directory
    said = {**_from_environment(environ), **_from_flags(flags or {})}
    explicit = said.get("config", (None, ""))[0]
    found = _find(explicit, environ, directory)
    if found is None:
        return _made(said)
    table = dict(found.table)
    checks = table.pop("checks", {})
    if not isinstance(checks, dict):
        raise ConfigError(f"{found.path.name}: [checks.<id>] tables are needed under 'checks'")
    trust = _trust_of(found, table.pop("trust", {}))
    secrets = _secrets_of(found, table.pop("secrets", {}))
    of_file = _from_file(found, table)
    if found.in_directory and not said.get("trust-config", (False, ""))[0]:
        _refuse_guarded(found, of_file, directory)

    return evolve(_made({**of_file, **said}), file=found.path, trust=trust, secrets=secrets, tables=checks)


Said = dict[str, tuple[Any, str]]
"""Values by setting, with what set them."""


@frozen
class _File:
    """A configuration file; *in_directory* if it was found, not named, so that anybody may have put it there."""

    path: Path
    table: Mapping[str, Any]
    in_directory: bool


def _made(said: Said) -> Config:
    values = {name.replace("-", "_"): value for name, (value, _) in said.items()}
    origins = {name: origin for name, (_, origin) in said.items()}

    return evolve(Config(**values), origins=origins)


@functools.cache
def _by_name() -> dict[str, Setting]:
    return {setting.name: setting for setting in SETTINGS}


def _parsed(setting: Setting, value: Any, origin: str) -> Any:
    try:
        return setting.parse(value)
    except ValueError as error:
        raise ConfigError(f"{origin}: {error}, not {value!r}") from None


def _from_flags(flags: Mapping[str, Any]) -> Said:
    return {name: (_parsed(_by_name()[name], value, f"--{name}"), f"--{name}") for name, value in flags.items()}


def _from_environment(environ: Mapping[str, str]) -> Said:
    said: Said = {}
    for setting in SETTINGS:
        text = environ.get(setting.variable, "")
        if text:
            value: Any = text.split(",") if setting.many else text
            said[setting.name] = (_parsed(setting, value, setting.variable), setting.variable)
    known = [setting.variable.removeprefix(PREFIX) for setting in SETTINGS]
    for name in sorted(environ):
        rest = name.removeprefix(PREFIX)
        if rest != name and rest not in known:
            # Only near misses: Kubernetes makes variables such as AWSAUDIT_PORT for a service of our name.
            hint = nearest(rest, known, 0.8)
            if hint:
                raise ConfigError(f"there is no setting {name}{hint.replace('mean ', f'mean {PREFIX}')}")

    return said


def _from_file(found: _File, table: Mapping[str, Any]) -> Said:
    said: Said = {}
    allowed = {setting.name for setting in SETTINGS if setting.in_file}
    for key, value in table.items():
        name = key.replace("_", "-")
        origin = f"{found.path.name}: {key}"
        if name not in allowed:
            why = (
                "; give it as a flag" if name in _by_name() else nearest(name, [*allowed, "checks", "trust", "secrets"])
            )
            raise ConfigError(f"{found.path}: a file has no setting {key!r}{why}")
        parsed = _parsed(_by_name()[name], value, origin)
        if name == "checks-from":
            parsed = tuple(found.path.parent / path for path in parsed)
        said[name] = (parsed, str(found.path))

    return said


def _trust_of(found: _File, table: Any) -> Trust:
    # A file found in the working directory may set it: the account's own repository is where it belongs.
    where = f"{found.path.name}: [trust]"
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: a table is needed, not {table!r}")
    parts = {part.key: part.attribute for part in PARTS}
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("_", "-")
        if name not in parts:
            raise ConfigError(f"{where}: there is no setting {key!r}{nearest(name, parts)}")
        values[parts[name]] = [value] if isinstance(value, str) else value
    try:
        return Trust(**values)
    except ConfigError as error:
        raise ConfigError(f"{found.path.name}: {error}") from None


def _secrets_of(found: _File, table: Any) -> SecretSettings:
    # As for trust: which values are harmless is the repository's own matter.
    where = f"{found.path.name}: [secrets]"
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: a table is needed")
    known = attrs.fields_dict(SecretSettings)
    for key in table:
        if key not in known:
            raise ConfigError(f"{where}: there is no setting {key!r}{nearest(key, known)}")
    try:
        return SecretSettings(**table)
    except ConfigError as error:
        raise ConfigError(f"{found.path.name}: {error}") from None


_WRITTEN: Final = {"baseline", "history"}
"""Settings of single files that a run may write, besides its outputs."""


def _refuse_guarded(found: _File, said: Said, directory: Path) -> None:
    """Refuse what a stranger's file could do harm with: whoever runs a scan in a folder need not trust all in it."""
    for name, (value, _) in said.items():
        written = value if name == "output" else (str(value),) if name in _WRITTEN else ()
        outside = [output for output in written if _leaves(output, directory)]
        if _by_name()[name].guarded or outside:
            what = f"{name} {outside[0]!r}" if outside else name
            raise ConfigError(
                f"{found.path.name} in the working directory sets {what}; "
                "if you trust the file, give --trust-config or name it with --config"
            )


def _leaves(output: str, directory: Path) -> bool:
    """Tell whether *output* is an URL or a file outside of *directory*."""
    return "://" in output or not (directory / output).resolve().is_relative_to(directory.resolve())


def places(environ: Mapping[str, str], directory: Path) -> Iterator[tuple[Path, bool]]:
    """Yield where a configuration file is looked for, in this order; the flag says that it is the working directory."""
    yield directory / FILE_NAME, True
    yield directory / "pyproject.toml", True
    home = environ.get("XDG_CONFIG_HOME") or (Path(environ["HOME"]) / ".config" if environ.get("HOME") else None)
    if home:
        yield Path(home) / "awsaudit" / FILE_NAME, False


def _find(explicit: Path | None, environ: Mapping[str, str], directory: Path) -> _File | None:
    if explicit is not None:
        path = directory / explicit
        if not path.is_file() and not path.is_char_device():
            raise ConfigError(f"there is no configuration file {explicit}")
        table = _table(path)
        return _File(path, {} if table is None else table, in_directory=False)
    for path, in_directory in places(environ, directory):
        table = _table(path) if path.is_file() else None
        if table is not None:
            return _File(path, table, in_directory)

    return None


def _table(path: Path) -> Mapping[str, Any] | None:
    """Return the settings in *path*; None for a pyproject.toml that says nothing of awsaudit."""
    import tomllib  # noqa: PLC0415 - most runs have no file

    try:
        text = path.read_text(encoding="utf-8")
        if path.name == "pyproject.toml":
            found = tomllib.loads(text).get("tool", {}).get("awsaudit") if "awsaudit" in text else None
            return found if found is None else dict(found)
        return tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from None
