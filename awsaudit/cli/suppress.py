"""
``awsaudit suppress``.
"""

from __future__ import annotations

import datetime
import os
import re

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from attrs import evolve

from awsaudit.check import Finding
from awsaudit.cli.command import verb
from awsaudit.cli.terminal import out, plain, say
from awsaudit.config import Config
from awsaudit.errors import ConfigError
from awsaudit.plugins import load_checks
from awsaudit.report import Report, load
from awsaudit.selection import nearest
from awsaudit.suppression import FILE_NAME, WARNING, Rule, Suppressions, parse, read, text_of, without


suppress: Final = click.Group(
    "suppress",
    help="""Accept failures for a while, with a reason and an end.

    They are kept in awsaudit-suppressions.toml, or the file of --suppressions, which scans read.
    """,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_LEAST: Final = 7
"""How many digits of a fingerprint are asked for, at least."""


@verb(
    click.Argument(["check"]),
    click.Argument(["resource"], required=False),
    click.Option(["--from", "saved"], type=click.Path(), metavar="REPORT", help="Saved report that has the failure."),
    click.Option(["--reason"], required=True, metavar="TEXT", help="Why the failure is accepted."),
    click.Option(["--expires"], required=True, metavar="DAY", help="Last day, such as 2027-03-31, or 90d from today."),
    click.Option(["--owner"], metavar="WHO", help="Who answers for it."),
    click.Option(["--account"], metavar="ID", help="Only in this account."),
    click.Option(["--region"], metavar="REGION", help="Only in this region."),
    settings=("suppressions",),
)
def add(  # noqa: PLR0913, PLR0917 - what a stanza says
    config: Config,
    check: str,
    resource: str | None,
    saved: str | None,
    reason: str,
    expires: str,
    owner: str | None,
    account: str | None,
    region: str | None,
) -> None:
    """
    Accept the failures of CHECK on the ARN RESOURCE; both may hold *.

    With --from REPORT alone, CHECK is the fingerprint of one failure in that report, or how it begins.
    """
    until = _day(expires, _today())
    if until < _today():
        raise ConfigError(f"--expires: {until} is over")
    if not reason.strip():
        raise ConfigError("--reason: say why the failure is accepted")
    report = load(saved) if saved else None
    rule = Rule(check, resource or "", reason, until, owner, account, region)
    if resource is None:
        if report is None:
            raise ConfigError("name the RESOURCE, or with --from the report that has the failure")
        rule = _of(_found(report, check), rule)
    elif not any(
        rule.check == id_ or "*" in rule.check or "?" in rule.check for id_ in load_checks(config.checks_from)
    ):
        raise ConfigError(f"there is no check {check!r}{nearest(check, load_checks(config.checks_from))}")
    path = _path(config)
    text = text_of(path) if path.exists() else ""
    rules = parse(text, path.name)
    if any(_same(rule, other) for other in rules):
        raise ConfigError(f"{path} has a suppression of {rule} already; change its end there")
    between = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    added = text + between + rule.to_toml()
    if parse(added, path.name) != (*rules, rule):
        raise ConfigError(f"{path} cannot be added to without harm; add by hand:\n{rule.to_toml()}")
    _write(path, added)
    if not config.quiet:
        say(f"wrote {path}{_reach(rule, report, saved) if report else ''}")


def _reach(rule: Rule, report: Report, name: str | None) -> str:
    count = sum(map(rule.covers, report.failed))
    return f"; it covers {count} {'failure' if count == 1 else 'failures'} of {name}"


def _of(finding: Finding, rule: Rule) -> Rule:
    return evolve(
        rule,
        check=finding.check_id,
        resource=finding.resource.arn,
        account=rule.account or finding.account,
        key=finding.sub_key or None,
    )


def _found(report: Report, mark: str) -> Finding:
    if not re.fullmatch(rf"[0-9a-f]{{{_LEAST},64}}", mark):
        raise ConfigError(
            f"a fingerprint has hexadecimal digits, {_LEAST} of them at least, not {mark!r}; or name the RESOURCE"
        )
    found = [finding for finding in report.failed if finding.fingerprint.startswith(mark)]
    if len(found) != 1:
        raise ConfigError(f"{len(found) or 'no'} failures of the report have a fingerprint that begins with {mark}")

    return found[0]


def _same(rule: Rule, other: Rule) -> bool:
    return evolve(rule, reason="", owner=None, expires=other.expires) == evolve(other, reason="", owner=None)


@verb(settings=("suppressions",))
def list_(config: Config) -> None:
    """
    List the accepted failures, those that end first on top.
    """
    from tabulate import tabulate  # noqa: PLC0415 - slow to import, and `--help` does without

    path = _path(config)
    if config.suppressions is None and not path.exists():
        out(f"Nothing is suppressed: there is no {FILE_NAME}.\n")
        return
    now = Suppressions(read(path))
    if not now.rules:
        out(f"Nothing is suppressed: {path} is empty.\n")
        return
    rows = [[plain(cell) for cell in _cells(rule, now)] for rule in sorted(now.rules, key=lambda rule: rule.expires)]
    heads = ["ENDS", "", "CHECK", "RESOURCE", "OWNER", "REASON"]
    out(str(tabulate(rows, headers=heads, tablefmt="plain", disable_numparse=True)) + "\n")


def _cells(rule: Rule, now: Suppressions) -> Iterator[str]:
    yield rule.expires.isoformat()
    yield "ended" if not now.holds(rule) else "soon" if rule.expires - now.today < WARNING else ""
    yield rule.check
    yield f"{rule.resource} {rule.key or ''}".strip()
    yield rule.owner or ""
    yield rule.reason


@verb(
    click.Option(
        ["--from", "saved"], type=click.Path(), metavar="REPORT", help="Saved report; what covers no failure goes, too."
    ),
    click.Option(["--dry-run"], is_flag=True, help="Say what would go, and change nothing."),
    settings=("suppressions",),
)
def prune(config: Config, saved: str | None, *, dry_run: bool) -> None:
    """
    Take out the suppressions that have ended; with a saved report those, too, that cover none of its failures.

    One whose check did not run there, or could not see everything, stays.
    """
    path = _path(config)
    text = text_of(path)
    now = Suppressions(parse(text, path.name))
    gone = [rule for rule in now.rules if not now.holds(rule)]
    if saved:
        gone += [rule for rule in now.apply(load(saved)).unused if rule not in gone]
    left = without(text, gone, path.name)
    for rule in gone:
        out(f"{'would take' if dry_run else 'took'} out {plain(rule)}, which {_why(rule, now)}\n")
    if not gone:
        out(f"Nothing to take out of {path}.\n")
    elif not dry_run:
        _write(path, left)


def _why(rule: Rule, now: Suppressions) -> str:
    return "covers no failure" if now.holds(rule) else f"ended on {rule.expires}"


def _path(config: Config) -> Path:
    return config.suppressions or Path(FILE_NAME)


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


def _day(text: str, today: datetime.date) -> datetime.date:
    days = re.fullmatch(r"(\d{1,4})d", text.strip())
    try:
        return today + datetime.timedelta(int(days[1])) if days else datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(
            f"--expires: a day such as 2027-03-31, or days such as 90d, is needed, not {text!r}"
        ) from None


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.partial")
    try:
        beside.write_text(text, encoding="utf-8")
        if path.exists():
            os.chmod(beside, path.stat().st_mode)  # noqa: PTH101 - the mode of the file that it replaces
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error


suppress.add_command(add, "add")
suppress.add_command(list_, "list")
suppress.add_command(prune, "prune")
