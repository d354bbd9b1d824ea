"""
``awsaudit config``.
"""

from __future__ import annotations

import json
import textwrap

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs
import click

from awsaudit.cli.command import verb
from awsaudit.cli.terminal import out, say
from awsaudit.config import FILE_NAME, SECTIONS, SETTINGS, Config, Setting
from awsaudit.detection import SecretSettings
from awsaudit.errors import ConfigError
from awsaudit.plugins import load_checks
from awsaudit.trust import PARTS


config: Final = click.Group(
    "config",
    help="Show the settings that hold, or write a file to begin with.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@verb()
def show(config: Config) -> None:
    """
    Print every setting that holds, and what set it.

    What is printed is a configuration file itself.
    """
    out(f"# file: {config.file or 'none'}\n")
    for setting in SETTINGS:
        value, origin = getattr(config, setting.attribute), config.origins.get(setting.name)
        line = f"{setting.name} = {_toml(value)}" if value is not None else f"# {setting.name} ="
        out(f"{line}  # {origin or 'default'}\n" if setting.in_file else "")
    out("\n[trust]\n")
    for part in PARTS:
        value = getattr(config.trust, part.attribute)
        out(f"{part.key} = {_toml(value)}  # {config.file if value else 'default'}\n")
    out("\n[secrets]\n")
    for said in attrs.fields(SecretSettings):
        value = getattr(config.secrets, said.name)
        out(f"{said.name} = {_toml(value)}  # {'default' if value == said.default else config.file}\n")
    for id_, options in config.check_options(load_checks(config.checks_from)).items():
        out(f"\n[checks.{id_}]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in options.items()))


@verb(
    click.Argument(["path"], type=click.Path(path_type=Path, dir_okay=False), default=Path(FILE_NAME), required=False)
)
def init(config: Config, path: Path) -> None:
    """Write a configuration file with every setting, commented out, to PATH (awsaudit.toml); never over another."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write("\n".join(template()) + "\n")
    except FileExistsError:
        raise ConfigError(f"there is a {path} already; it is left as it is") from None
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error
    if not config.quiet:
        say(f"wrote {path}")


config.add_command(show)
config.add_command(init)


def template() -> Iterator[str]:
    """Yield the lines of a configuration file to begin with."""
    yield "# Settings of awsaudit. A flag goes before a variable (AWSAUDIT_REGION), and that before this file."
    for section in SECTIONS:
        settings = [setting for setting in SETTINGS if setting.section == section and setting.in_file]
        if settings:
            yield ""
            yield f"# {section}"
        for setting in settings:
            yield ""
            yield from (f"# {line}" for line in textwrap.wrap(setting.help, 100))
            yield f"# {setting.name} = {_example(setting)}"
    yield ""
    yield from _trust()
    yield ""
    yield from _secrets()
    yield ""
    yield "# Options of single checks; `awsaudit explain CHECK` lists them."
    yield "# [checks.iam-access-key-rotation]"
    yield "# max_age_days = 90"


def _trust() -> Iterator[str]:
    yield "# Whom you trust, where production is and who may change it. It makes verdicts milder: keep it short."
    yield "# [trust]"
    for part in PARTS:
        yield ""
        yield from (f"# {line}" for line in textwrap.wrap(part.help, 100))
        yield f"# {part.key} = {_toml(part.example)}"


def _secrets() -> Iterator[str]:
    yield "# [secrets]"
    for part in attrs.fields(SecretSettings):
        yield ""
        yield from (f"# {line}" for line in textwrap.wrap(part.metadata["help"], 100))
        yield f"# {part.name} = {_toml(part.metadata['example'])}"


_EXAMPLES: Final[dict[str, Any]] = {
    "profile": "audit",
    "region": ["eu-central-1", "us-east-1"],
    "exclude-region": ["us-west-1"],
    "role-arn": ["arn:aws:iam::111122223333:role/audit"],
    "accounts": ["111122223333"],
    "external-id": "example",
    "check": ["sqs-*"],
    "skip": ["sqs-encryption"],
    "service": ["sqs"],
    "framework": ["cis-5.0"],
    "tag": ["environment=production"],
    "resource": ["arn:aws:sqs:*:*:orders"],
    "checks-from": ["checks"],
    "output": ["report.html", "-"],
    "format": "table",
    "status": ["fail", "unknown"],
    "group": "check",
    "fail-on": "high",
    "baseline": "baseline.json",
    "suppressions": "awsaudit-suppressions.toml",
    "history": "history.sqlite",
    "timeout": 900,
    "max-rate": 50,
}


def _example(setting: Setting) -> str:
    return _toml(_EXAMPLES.get(setting.name, setting.default))


def _toml(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Path):
        value = str(value)

    # TOML's basic strings, numbers and booleans are written as JSON writes them.
    return json.dumps(value)
