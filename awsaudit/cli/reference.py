"""
The page on the command, made of the command itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from awsaudit.cli.command import VERBS, SettingOption, Verbs, awsaudit
from awsaudit.cli.gate import MEANINGS
from awsaudit.config import SECTIONS, SETTINGS, Setting


_HEAD: Final = """# Command line

`awsaudit --help` and `awsaudit VERB --help` say the same. Results go to standard output, logs and progress to standard error.
"""

_SETTINGS: Final = """## Settings

A flag goes before its variable, and that before the configuration file: the one of `--config`, of `AWSAUDIT_CONFIG`, then
`awsaudit.toml` and `[tool.awsaudit]` of `pyproject.toml` in the working directory, then `awsaudit/awsaudit.toml` in
`XDG_CONFIG_HOME` (`~/.config`). Only one file is read. `awsaudit config show` prints what holds and why,
`awsaudit config init` writes a file to begin with. A setting that nobody knows is an error.

A file that was found in the working directory may not set what is marked with †, nor an `output` outside of it, unless
`--trust-config` is given: whoever runs awsaudit in a folder need not trust all that lies there.

Flags that may be given several times take lists with commas, too, as do their variables; in a file they are arrays.
Options of single checks stand under `[checks.<id>]`; `awsaudit explain CHECK` lists them.
"""


def reference() -> str:
    """Return the page as Markdown."""
    parts = [_HEAD, *(part for name in VERBS for part in _verb(name)), _SETTINGS]
    parts += [f"### {section}\n\n{_table(section)}" for section in SECTIONS]
    codes = "\n".join(f"- `{code}`: {meaning}" for code, meaning in MEANINGS.items())
    parts.append(f"## Exit codes\n\n{codes}\n\nWhere several apply, 4 goes before 3, and 3 before 1.\n")

    return "\n".join(parts)


def _verb(name: str) -> Iterator[str]:
    context = click.Context(awsaudit, info_name="awsaudit")
    command = awsaudit.get_command(context, name)
    if isinstance(command, click.Group) and not isinstance(command, Verbs):
        for below in command.commands:
            yield _command(command.commands[below], f"awsaudit {name} {below}")
    elif command is not None:
        yield _command(command, f"awsaudit {name}")


def _command(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=path)
    usage = " ".join(piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]")
    lines = [f"## {path}".rstrip(), "", f"`{f'{path} [FLAGS] {usage}'.rstrip()}`", "", _prose(command.help or "")]
    own = [p for p in command.params if isinstance(p, click.Option) and not isinstance(p, SettingOption)]
    records = [record for option in own if (record := option.get_help_record(context))]
    if records:
        lines += ["", *(f"- `{flag}`: {text}" for flag, text in records)]
    lines += ["", f"Settings: {', '.join(_sections(command))}.", ""]

    return "\n".join(lines)


def _sections(command: click.Command) -> Iterator[str]:
    """Yield the sections of settings that *command* takes; where it takes few of one, those, where most, the others."""
    taken = {p.setting.name for p in command.params if isinstance(p, SettingOption)}
    for section in SECTIONS:
        every = [setting.name for setting in SETTINGS if setting.section == section]
        own = [f"`--{name}`" for name in every if name in taken]
        left = [f"`--{name}`" for name in every if name not in taken]
        if not left:
            yield section
        elif len(own) > len(left):
            yield f"{section} (without {', '.join(left)})"
        elif own:
            yield f"{', '.join(own)}"


def _prose(text: str) -> str:
    """Return help text as Markdown; what help keeps as it is becomes a block of code."""
    paragraphs = []
    for paragraph in "\n".join(line.strip() for line in text.strip().splitlines()).split("\n\n"):
        kept = paragraph.removeprefix("\b\n")
        paragraphs.append(paragraph if kept == paragraph else f"```\n{kept}\n```")

    return "\n\n".join(paragraphs)


def _table(section: str) -> str:
    rows = [_row(setting) for setting in SETTINGS if setting.section == section]
    return "\n".join(["| flag | file | variable | default | |", "|---|---|---|---|---|", *rows]) + "\n"


def _row(setting: Setting) -> str:
    flag = f"`-{setting.short}`, `--{setting.name}`" if setting.short else f"`--{setting.name}`"
    mark = "†" if setting.guarded else ""
    file = f"`{setting.name}`{mark}" if setting.in_file else "—"
    default = f"`{setting.default}`" if setting.default not in {None, (), False} else ""
    choices = f" One of {', '.join(f'`{choice}`' for choice in setting.choices)}." if setting.choices else ""

    return f"| {flag} | {file} | `{setting.variable}` | {default} | {setting.help}{choices} |"
