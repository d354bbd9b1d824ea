"""
``awsaudit history``.
"""

from __future__ import annotations

import json
import sys

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from awsaudit.check import Severity
from awsaudit.cli.command import verb
from awsaudit.cli.terminal import columns, out, plain
from awsaudit.config import Config
from awsaudit.errors import ConfigError
from awsaudit.history import History, Run
from awsaudit.native import utc
from awsaudit.report import load


_STEPS: Final = 20


@verb(
    click.Argument(["reports"], nargs=-1, type=click.Path()),
    click.Option(["--account"], metavar="ID", help="Only scans of this account."),
    click.Option(["--last"], type=click.IntRange(min=1), default=20, show_default=True, help="How many scans to show."),
    settings=("history", "format"),
)
def history(config: Config, reports: tuple[str, ...], account: str | None, last: int) -> None:
    """
    Show how much failed from scan to scan.

    `awsaudit scan --history FILE` remembers a scan in FILE; the saved REPORTS, in JSON, are added first. The format is
    table or json.
    """
    if config.history is None:
        raise ConfigError(
            "name the file with --history, AWSAUDIT_HISTORY or `history` in awsaudit.toml; `awsaudit scan --history FILE` makes it"
        )
    if config.format not in {None, "table", "json"}:
        raise ConfigError(f"history is shown as table or json, not {config.format!r}")
    if not reports and not config.history.exists():
        raise ConfigError(f"there is no history {config.history}; `awsaudit scan --history {config.history}` makes it")
    saved = sorted((load(path) for path in reports), key=lambda report: report.finished)
    with History(Path(config.history)) as kept:
        for report in saved:
            kept.record(report)
        runs = kept.runs(account)[-last:]
        lasting = kept.lasting(account)
    if config.format == "json":
        out(json.dumps([_plain(run) for run in runs], indent=2) + "\n")
        return
    lines = [_table(runs) if runs else "No scan is remembered."]
    if lasting:
        open_ = (
            f"{count:,} {severity}, the oldest for {_days(since.days)}"
            for severity, (count, since) in sorted(lasting.items(), reverse=True)
        )
        lines.append(f"Open: {'; '.join(open_)}.")
    out("\n\n".join(lines) + "\n")


def _days(days: int) -> str:
    return "less than a day" if not days else f"{days:,} {'day' if days == 1 else 'days'}"


def _plain(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "finished": utc(run.finished),
        "accounts": list(run.accounts),
        "regions": list(run.regions),
        "checks": run.checks,
        "complete": run.complete,
        "narrowed": run.narrowed,
        "failed": dict(run.failed),
        "unknown": run.unknown,
    }


def _table(runs: Iterable[Run]) -> str:
    from tabulate import tabulate  # noqa: PLC0415 - slow to import, and `--help` does without

    shown = list(runs)
    most = max(sum(run.failed.values()) for run in shown) or 1
    words = [str(severity) for severity in sorted(Severity, reverse=True)]
    several = len({run.accounts for run in shown}) > 1
    wide = (columns(sys.stdout) or 120) >= 100  # noqa: PLR2004 - room for the bar beside the numbers
    rows = []
    for run in shown:
        total = sum(run.failed.values())
        marks = " ".join(["stopped"] * (not run.complete) + ["narrowed"] * run.narrowed)
        rows.append(
            [
                f"{run.finished:%Y-%m-%d %H:%M}",
                *([plain(_accounts(run))] if several else []),
                run.checks,
                *(run.failed.get(word, 0) for word in words),
                total,
                *([_bar(total / most)] if wide else []),
                run.unknown,
                marks,
            ]
        )
    heads = [
        "FINISHED (UTC)",
        *(["ACCOUNT"] if several else []),
        "CHECKS",
        *map(str.upper, words),
        "FAILED",
        *([""] if wide else []),
        "UNKNOWN",
        "",
    ]

    return str(tabulate(rows, headers=heads, tablefmt="plain")).rstrip()


def _accounts(run: Run) -> str:
    return run.accounts[0] if len(run.accounts) == 1 else f"{len(run.accounts)} accounts"


def _bar(share: float) -> str:
    """Return a bar for a *share* of the longest; what is not nothing shows at least a sliver."""
    eighths = max(round(share * _STEPS * 8), 1 if share else 0)
    whole, rest = divmod(eighths, 8)

    return "█" * whole + ("▏▎▍▌▋▊▉"[rest - 1] if rest else "")
