"""
What a run brings along from before: accepted failures, an earlier report, a history.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from attrs import evolve

from awsaudit.change import Baseline
from awsaudit.check import Finding
from awsaudit.cli.terminal import say
from awsaudit.config import Config
from awsaudit.errors import ConfigError, ReportError
from awsaudit.history import History
from awsaudit.native import utc
from awsaudit.report import Report, load
from awsaudit.suppression import FILE_NAME, Suppressions, read


class Past:
    """
    What the settings name, read before anything is asked of AWS, so that no scan is lost to a broken file.

    Args:
        config: The settings.

        at_hand: Whether a file of suppressions in the working directory counts, if none is named.

    Raises:
        ConfigError: A file cannot be read, or there is nothing to compare with.
        ReportError: The baseline is no report, or the history is none.
    """

    def __init__(self, config: Config, *, at_hand: bool = True) -> None:
        self._config = config
        self._suppressions = self._rules(at_hand=at_hand)
        self._earlier = self._read_baseline()
        self._history = History(config.history) if config.history else None
        self._baseline: Baseline | None = None
        self._began = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._history:
            self._history.close()

    def _rules(self, *, at_hand: bool) -> Suppressions:
        path = self._config.suppressions
        if path is None and at_hand and Path(FILE_NAME).is_file():
            path = Path(FILE_NAME)

        return Suppressions(() if path is None else read(path))

    def _read_baseline(self) -> Report | None:
        path = self._config.baseline
        if path is None:
            if self._config.update_baseline:
                raise ConfigError("--update-baseline goes with --baseline, which names the file")
            return None
        if not path.exists():
            if self._config.update_baseline and path.parent.is_dir():
                return None
            raise ConfigError(f"there is no report {path} to compare with; --update-baseline makes it")

        return load(path)

    def begin(self, begun: Report) -> None:
        """
        Choose what to compare with.

        Args:
            begun: The report of the scan at its beginning.

        Raises:
            ConfigError: The baseline is of other accounts.
            ReportError: The history cannot be read.
        """
        self._began = utc(begun.started)
        if self._earlier is not None:
            if not set(self._earlier.accounts) & set(begun.accounts):
                raise ConfigError(
                    f"the baseline {self._config.baseline} is of {', '.join(self._earlier.accounts)}, "
                    f"this scan of {', '.join(begun.accounts)}"
                )
            self._baseline = Baseline.of(self._earlier)
        elif self._history:
            self._baseline = self._history.baseline(begun)

    def mark(self, finding: Finding) -> Finding:
        """Return *finding* with what is known of it from before."""
        dated = self._baseline.since(finding, self._began) if self._baseline else finding

        return self._suppressions.mark(dated) if self._suppressions.rules else dated

    def finish(self, report: Report) -> Report:
        """Return *report* with accepted failures marked and compared with what was before; say what to know of that."""
        if self._suppressions.rules:
            applied = self._suppressions.apply(report)
            self._tell("has ended; its failure counts again", applied.expired)
            self._tell("ends within two weeks", applied.expiring)
            self._tell("covers no failure any more; `awsaudit suppress prune` takes out such", applied.unused)
            report = applied.report
        if self._baseline:
            report = self._baseline.compare(report)
        if self._history:
            try:
                report = evolve(report, trend=self._history.trend(report))
            except ReportError as error:
                say(str(error), label="warning: ", style="yellow")

        return report

    def keep(self, report: Report) -> None:
        """
        Remember *report* where the settings say so.

        Raises:
            ConfigError: The baseline cannot be written.
            ReportError: The history cannot be written.
        """
        if self._history:
            self._history.record(report)
        if self._config.update_baseline and self._config.baseline:
            report.write(self._config.baseline, "json")
            if not self._config.quiet:
                say(f"wrote {self._config.baseline}, the next baseline")

    def _tell(self, what: str, rules: tuple[object, ...]) -> None:
        if not self._config.quiet:
            for rule in rules:
                say(f"the suppression of {rule} {what}", label="warning: ", style="yellow")
