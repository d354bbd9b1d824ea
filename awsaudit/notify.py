"""
Telling people of a run: one message where there is something to tell, and metrics for an alarm where there is not.
"""

from __future__ import annotations

import json

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from awsaudit.check import Finding, Severity
from awsaudit.errors import ConfigError
from awsaudit.guard import allow_only
from awsaudit.report import Report, Shortfall


if TYPE_CHECKING:
    import boto3


NEW: Final = "new"
ALWAYS: Final = "always"
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

NAMESPACE: Final = "awsaudit"
"""The namespace of the metrics in CloudWatch."""

# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
_SUBJECT: Final = 100
_MESSAGE: Final = 262_144

_SHOWN: Final = 20
"""How many findings of a kind a message lists."""


@frozen
class Notify:
    """
    Whom to tell, and when.

    Args:
        sns_topic_arn: The topic; empty if nobody is told.

        on: `NEW`, which is on the first run and whenever something is new, fixed or could not be seen, or `ALWAYS`.

        min_severity: The least severity of a failure, new or fixed, that is worth telling.

        heartbeat: The day of the week, in UTC, on which the first run tells in any case; None for none.
    """

    sns_topic_arn: str = ""
    on: str = NEW
    min_severity: Severity = Severity.INFO
    heartbeat: str | None = None


@frozen
class News:
    """
    What there is to tell of a run.

    Args:
        report: Its report, compared with the one before.

        scope: Of what it is: an account, or an organization.

        min_severity: The least severity that is worth telling.

        first: Whether there is no report before it.

        unseen: What could not be seen this time, and could the time before.
    """

    report: Report
    scope: str
    min_severity: Severity
    first: bool
    unseen: tuple[Shortfall, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, report: Report, before: Report | None, scope: str, min_severity: Severity = Severity.INFO) -> News:
        """Return what is news in *report*, given the one *before*."""
        known = {_call(shortfall) for shortfall in before.coverage.shortfalls} if before else set()
        unseen = tuple(s for s in report.coverage.shortfalls if _call(s) not in known)

        return cls(report, scope, min_severity, before is None, unseen)

    @property
    def new(self) -> tuple[Finding, ...]:
        """The new failures that are worth telling, worst first."""
        changes = self.report.changes
        return self._worth(self.report.failed if self.first else changes.new if changes else ())

    @property
    def fixed(self) -> tuple[Finding, ...]:
        """The failures that are gone and were worth telling, worst first."""
        return self._worth(self.report.changes.fixed if self.report.changes else ())

    def _worth(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        found = (finding for finding in findings if finding.severity >= self.min_severity)
        return tuple(sorted(found, key=lambda f: (-f.severity, f.check_id, f.resource.arn)))

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.first or self.new or self.fixed or self.unseen or not self.report.complete)

    def due(self, notify: Notify, before: Report | None) -> bool:
        """
        Tell whether to send a message.

        Args:
            notify: When one is wanted.

            before: The report before this one.
        """
        day = self.report.finished.date()
        alive = DAYS[day.weekday()] == notify.heartbeat and (before is None or before.finished.date() != day)

        return bool(notify.sns_topic_arn) and (notify.on == ALWAYS or alive or self.any)

    def subject(self) -> str:
        """Return one line of at most 100 ASCII characters."""
        parts = [
            f"{len(self.new)} {'failed' if self.first else 'new'}" if self.new else "",
            f"{len(self.fixed)} fixed" if self.fixed else "",
            "" if self.report.complete and not self.unseen else "not everything was seen",
        ]
        what = ", ".join(filter(None, parts)) or "nothing new"

        return f"awsaudit {self.scope}: {'first report, ' if self.first else ''}{what}"[:_SUBJECT]

    def message(self, links: Iterable[str]) -> str:
        """
        Return the text.

        Args:
            links: Where the reports are.
        """
        text = "\n".join(self._lines(links))
        # A character of three bytes is the worst that stays printable here; cut between characters, not within.
        return text.encode()[: _MESSAGE - 1].decode(errors="ignore")

    def _lines(self, links: Iterable[str]) -> Iterator[str]:
        report = self.report
        places = f"{len(report.accounts)} accounts" if len(report.accounts) > 1 else f"account {report.accounts[0]}"
        yield f"awsaudit looked at {places} in {len(report.regions)} regions, {report.started:%Y-%m-%d %H:%M} UTC."
        yield from _list("Failed" if self.first else "New", self.new)
        yield from _list("Fixed", self.fixed)
        if report.coverage.stopped:
            yield from ("", f"The scan ended early ({report.coverage.stopped}). What it had not asked is unknown.")
        if self.unseen:
            yield from ("", f"Could not be seen ({len(self.unseen)})")
            yield from (f"  {_where(s)}  {_plain(s.gap)}" for s in self.unseen[:_SHOWN])
            yield from _more(self.unseen)
        crashed = sorted({finding.check_id for finding in report.findings if finding.crashed})
        if crashed:
            yield from ("", f"Checks that crashed: {', '.join(crashed)}")
        by_severity = ", ".join(f"{len(found)} {severity}" for severity, found in report.failed.by_severity().items())
        yield from ("", f"In all: {len(report.failed)} failed{f' ({by_severity})' if by_severity else ''}")
        yield f"        {len(report.unknown)} unknown"
        yield from ("", *links)

    def publish(self, session: boto3.Session, topic: str, links: Iterable[str]) -> None:
        """
        Send the message.

        Args:
            session: Whose credentials.

            topic: The ARN of the topic.

            links: Where the reports are.

        Raises:
            ConfigError: SNS does not take it.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

        parts = topic.split(":")
        if len(parts) != 6 or parts[2] != "sns":  # noqa: PLR2004 - an ARN has six parts
            raise ConfigError(f"not the ARN of a topic: {topic!r}")
        client: Any = session.client("sns", region_name=parts[3])
        allow_only(client, {("sns", "Publish")})
        attributes = {
            "scope": {"DataType": "String", "StringValue": self.scope},
            "new": {"DataType": "Number", "StringValue": str(len(self.new))},
            "severity": {"DataType": "String", "StringValue": str(self.new[0].severity) if self.new else "none"},
        }
        try:
            client.publish(
                TopicArn=topic, Subject=self.subject(), Message=self.message(links), MessageAttributes=attributes
            )
        except (BotoCoreError, ClientError) as error:
            raise ConfigError(f"cannot publish to {topic}: {error}; grant sns:Publish on it") from None

    def metrics(self) -> str:
        """
        Return a line for the function's log that CloudWatch makes metrics of, with the dimension ``Scope``.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
        """
        report, changes = self.report, self.report.changes
        values: dict[str, tuple[str, float]] = {
            "Completed": ("Count", int(report.complete)),
            "Failed": ("Count", len(report.failed)),
            "New": ("Count", len(changes.new) if changes else 0),
            "Fixed": ("Count", len(changes.fixed) if changes else 0),
            "Unknown": ("Count", len(report.unknown)),
            "Duration": ("Seconds", (report.finished - report.started).total_seconds()),
        }
        directive = {
            "Namespace": NAMESPACE,
            "Dimensions": [["Scope"]],
            "Metrics": [{"Name": name, "Unit": unit} for name, (unit, _) in values.items()],
        }
        moment = int(report.finished.timestamp() * 1000)
        line = {
            "_aws": {"Timestamp": moment, "CloudWatchMetrics": [directive]},
            "Scope": self.scope,
            "scan": report.id,
            **{name: value for name, (_, value) in values.items()},
        }

        return json.dumps(line, separators=(",", ":"))


def _call(shortfall: Shortfall) -> tuple[str, ...]:
    gap = shortfall.gap
    return gap.account, gap.region, gap.service, gap.operation


def _where(shortfall: Shortfall) -> str:
    return f"{shortfall.gap.account} {shortfall.gap.region}"


def _list(title: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    if findings:
        yield from ("", f"{title} ({len(findings)})")
        for finding in findings[:_SHOWN]:
            yield f"  {finding.severity!s:<8}  {finding.check_id}  {finding.account} {finding.region}"
            yield f"            {_plain(finding.resource.arn)}: {_plain(finding.message)}"
        yield from _more(findings)


def _more(items: tuple[object, ...]) -> Iterator[str]:
    if len(items) > _SHOWN:
        yield f"  and {len(items) - _SHOWN} more"


def _plain(text: object) -> str:
    # Names are written by whoever may create a resource; a line of theirs must not look like one of ours.
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))
