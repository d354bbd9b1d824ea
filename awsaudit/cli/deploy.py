"""
``awsaudit deploy``.
"""

from __future__ import annotations

import shlex
import shutil
import sys

from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from awsaudit.cli.command import verb
from awsaudit.cli.terminal import out, say
from awsaudit.config import SELECT, Config
from awsaudit.deploy import KINDS, File, Order, names, render
from awsaudit.errors import ConfigError
from awsaudit.scan import plan_of


_SELECTING: Final = ("region", "exclude-region", "check", "skip", "service", "severity", "framework")
_EPILOG: Final = f"\b\nKinds:\n{names()}"


@verb(
    click.Argument(["kind"], type=click.Choice(tuple(KINDS)), metavar="KIND"),
    click.Option(["--at"], metavar="HH:MM", help="When to scan, in UTC; 03:00 if unset."),
    click.Option(["--image"], metavar="NAME@DIGEST", help="Container image to run."),
    click.Option(["--role"], metavar="ARN", help="Role whose credentials the job is given."),
    click.Option(["--to"], metavar="FOLDER", type=click.Path(path_type=Path), help="Write files, do not print them."),
    sections=(SELECT,),
    settings=("region", "exclude-region", "output"),
    without=("tag", "resource", "checks-from"),
    epilog=_EPILOG,
)
def deploy(config: Config, kind: str, at: str | None, image: str | None, role: str | None, to: Path | None) -> None:  # noqa: PLR0913, PLR0917 - the flags of the verb
    """
    Print what runs awsaudit regularly, ready to use.

    The IAM statements in it are those that `awsaudit policy` prints for the same checks.
    """
    named = config.output if config.origins.get("output") == "--output" else ()
    own = {"at": at, "outputs": named, "image": image, "role": role}
    for name, value in own.items():
        if value and name not in KINDS[kind].takes:
            flag = "--output" if name == "outputs" else f"--{name}"
            raise ConfigError(f"`awsaudit deploy {kind}` has no use for {flag}")
    region = config.region[0] if config.region and config.region[0] != "all" else ""
    order = Order(
        plan=plan_of(config.settings()),
        flags=tuple(_flags(config)),
        variables=_variables(config),
        version=version("awsaudit"),
        command_line=_command_line(kind),
        command=_command() if kind in {"cron", "systemd"} else "awsaudit",
        region=region,
        at=at or "03:00",
        outputs=config.output,
        image=image or "",
        role=role or "",
    )
    _tell(render(kind, order), to, quiet=config.quiet)


def _command_line(kind: str) -> str:
    words = ["awsaudit", *sys.argv[1:]] if _called() else ["awsaudit", "deploy", kind]
    return shlex.join(words).replace("\n", " ")


def _called() -> bool:
    return Path(sys.argv[0]).name == "awsaudit"


def _command() -> str:
    """Return how this awsaudit is started from anywhere."""
    return str(Path(sys.argv[0]).absolute()) if _called() else shutil.which("awsaudit") or "/usr/local/bin/awsaudit"


def _said(config: Config) -> dict[str, tuple[str, ...]]:
    values = {name: getattr(config, name.replace("-", "_")) for name in _SELECTING if name in config.origins}
    return {name: (value,) if isinstance(value, str) else value for name, value in values.items()}


def _flags(config: Config) -> list[str]:
    return [f"--{name}={','.join(value)}" for name, value in _said(config).items()]


def _variables(config: Config) -> dict[str, str]:
    return {f"AWSAUDIT_{name.upper().replace('-', '_')}": ",".join(value) for name, value in _said(config).items()}


def _tell(files: tuple[File, ...], to: Path | None, *, quiet: bool) -> None:
    if to is None:
        out("\n".join(file.content for file in files))
        return
    try:
        to.mkdir(parents=True, exist_ok=True)
        for file in files:
            (to / file.name).write_text(file.content, encoding="utf-8")
            if not quiet:
                say(f"wrote {to / file.name}")
    except OSError as error:
        raise ConfigError(f"cannot write to {to}: {error.strerror}") from error
