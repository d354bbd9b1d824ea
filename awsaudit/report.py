"""
What a scan says in the end: findings, and how much was seen.

The JSON form of a `Report` is the native format; every other format is a function of it.
"""

from __future__ import annotations

import datetime

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import evolve, field, frozen

from awsaudit.check import Check, Finding, Severity, Status
from awsaudit.errors import ConfigError, ReportError
from awsaudit.framework import Framework
from awsaudit.gap import Gap
from awsaudit.native import converter, finding_to_json, read_native, utc
from awsaudit.plugins import load_format, load_formats


SCHEMA_VERSION: Final = 1


@frozen
class CheckInfo:
    """
    What a report says of a check, once.

    Args:
        id: The check.

        title: The good state.

        severity: How bad its absence is.

        service: The service.

        resource_type: CloudFormation's name of what it judges; several are joined by ``|``.

        rationale: What goes wrong, for whom, and what passes.

        remediation: What to do.

        url: AWS's page on it.

        frameworks: The requirements it stands behind, by framework.

        equivalents: Checks of other tools, as ``tool:id``.
    """

    id: str
    title: str
    severity: Severity
    service: str
    resource_type: str
    rationale: str
    remediation: str
    url: str
    frameworks: Mapping[str, tuple[str, ...]]
    equivalents: tuple[str, ...]

    @classmethod
    def of(cls, check: Check[Any], frameworks: Iterable[Framework]) -> CheckInfo:
        """Return what to say of *check*."""
        behind = {f.id: f.requirements_of(check.id) for f in frameworks}
        return cls(
            id=check.id,
            title=check.title,
            severity=check.severity,
            service=check.service,
            resource_type=" | ".join(kind.type for kind in check.resources),
            rationale=check.rationale,
            remediation=check.remediation.text,
            url=check.remediation.url,
            frameworks={name: requirements for name, requirements in behind.items() if requirements},
            equivalents=check.equivalents,
        )


@frozen
class Shortfall:
    """
    Something that could not be seen.

    Args:
        gap: The call that was not answered, without the resource it was about; operation ``*`` for a whole region.

        calls: How many calls ended so.

        checks: The ids of the checks that it left unknown.
    """

    gap: Gap
    calls: int
    checks: tuple[str, ...]


@frozen
class Coverage:
    """
    How much was seen.

    Args:
        resources: How many resources there were, by type.

        shortfalls: What could not be seen.

        stopped: Why the scan ended early (``DeadlineReached``, ``Cancelled``); None if it ran to its end.

        requests: HTTP requests sent, retries included; 0 from a snapshot.
    """

    resources: Mapping[str, int] = field(factory=dict)
    shortfalls: tuple[Shortfall, ...] = ()
    stopped: str | None = None
    requests: int = 0

    @property
    def grants(self) -> tuple[str, ...]:
        """The IAM actions that were missing: granted to the identity that scans, more is seen."""
        return tuple(sorted({action for shortfall in self.shortfalls for action in shortfall.gap.grants}))

    @property
    def statement(self) -> dict[str, Any] | None:
        """The IAM statement that grants them; None where no grant is missing."""
        if not self.grants:
            return None

        return {"Sid": "AwsauditCoverage", "Effect": "Allow", "Action": list(self.grants), "Resource": "*"}


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, and `--help` does without

    return version("awsaudit")


@frozen
class Report:
    """
    What a scan found.

    Args:
        accounts: The accounts.

        partition: The partition.

        regions: The regions.

        started: When the scan began, UTC.

        finished: When it ended, UTC.

        checks: The checks that ran, by id.

        findings: The verdicts, sorted by check, account, region, resource and sub-key.

        coverage: How much was seen.

        tool_version: The version of awsaudit.
    """

    accounts: tuple[str, ...]
    partition: str
    regions: tuple[str, ...]
    started: datetime.datetime
    finished: datetime.datetime
    checks: Mapping[str, CheckInfo] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    coverage: Coverage = field(repr=False)
    tool_version: str = field(factory=_version)

    @property
    def id(self) -> str:
        """What tells this scan from another: account and start."""
        return f"{'+'.join(self.accounts)}-{self.started:%Y%m%dT%H%M%SZ}"

    @property
    def failed(self) -> Findings:
        """The failures."""
        return self.with_status(Status.FAIL)

    @property
    def unknown(self) -> Findings:
        """The verdicts that are not known."""
        return self.with_status(Status.UNKNOWN)

    @property
    def passed(self) -> Findings:
        """The passes."""
        return self.with_status(Status.PASS)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The ids of the checks that left anything unknown, sorted."""
        short = {check for shortfall in self.coverage.shortfalls for check in shortfall.checks}
        return tuple(sorted(short | {finding.check_id for finding in self.unknown}))

    @property
    def complete(self) -> bool:
        """Whether no check crashed and the scan ran to its end."""
        return not self.coverage.stopped and not any(f.crashed for f in self.findings)

    def with_status(self, status: Status) -> Findings:
        """Return the findings with one verdict."""
        return Findings(f for f in self.findings if f.status is status)

    def to_json(self) -> dict[str, Any]:
        """Return the native form as plain JSON values; `awsaudit schema` prints its schema."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "awsaudit", "version": self.tool_version},
            "scan": {
                "id": self.id,
                "started": utc(self.started),
                "finished": utc(self.finished),
                "accounts": list(self.accounts),
                "partition": self.partition,
                "regions": list(self.regions),
                "coverage": converter().unstructure(self.coverage),
            },
            "checks": {id_: converter().unstructure(info) for id_, info in sorted(self.checks.items())},
            "findings": [finding_to_json(f) for f in self.findings],
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Report:
        """
        Return the report that *plain* holds.

        Raises:
            ReportError: It is not a report of awsaudit, or one of a newer version.
        """
        try:
            found = plain["schema_version"]
            if found > SCHEMA_VERSION:
                raise ReportError(f"the report has schema version {found}, which is newer; upgrade awsaudit to read it")
            scan = plain["scan"]
            return cls(
                accounts=tuple(scan["accounts"]),
                partition=scan["partition"],
                regions=tuple(scan["regions"]),
                started=datetime.datetime.fromisoformat(scan["started"]),
                finished=datetime.datetime.fromisoformat(scan["finished"]),
                checks=converter().structure(plain["checks"], dict[str, CheckInfo]),
                findings=tuple(converter().structure(f, Finding) for f in plain["findings"]),
                coverage=converter().structure(scan["coverage"], Coverage),
                tool_version=plain["tool"]["version"],
            )
        except (KeyError, TypeError, ValueError, AttributeError, ExceptionGroup) as error:
            raise ReportError(f"not a report of awsaudit: {_first_line(error)}") from error

    def render(self, name: str, options: Mapping[str, Any] | None = None) -> str | bytes:
        """
        Return the report in the format called *name*.

        Raises:
            PluginError: There is no such format.
        """
        return load_format(name)(self, options or {})

    def write(self, path: str | Path, name: str | None = None, options: Mapping[str, Any] | None = None) -> None:
        """
        Write the report to *path*.

        Args:
            path: The file; it is replaced whole or not at all.

            name: The format; unset means that of the file's suffix.

            options: What the format takes.

        Raises:
            ConfigError: The suffix belongs to no format, or the file cannot be written.
        """
        target = Path(path)
        content = self.render(name or format_of(target), options)
        data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
        beside = target.with_name(f".{target.name}.partial")
        try:
            beside.write_bytes(data)
            beside.replace(target)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise ConfigError(f"cannot write {target}: {error.strerror}") from error


class Findings(tuple[Finding, ...]):
    """Findings, with the groupings that people ask for."""

    __slots__ = ()

    def by_check(self) -> dict[str, Findings]:
        """Return the findings by check id, sorted."""
        return self._by(lambda f: f.check_id)

    def by_region(self) -> dict[str, Findings]:
        """Return the findings by region, sorted."""
        return self._by(lambda f: f.region)

    def by_resource(self) -> dict[str, Findings]:
        """Return the findings by ARN, sorted."""
        return self._by(lambda f: f.resource.arn)

    def by_severity(self) -> dict[Severity, Findings]:
        """Return the findings by severity, worst first."""
        found = {s: Findings(f for f in self if f.severity is s) for s in sorted(Severity, reverse=True)}
        return {severity: findings for severity, findings in found.items() if findings}

    def _by(self, key: Any) -> dict[str, Findings]:
        groups: dict[str, list[Finding]] = {}
        for finding in self:
            groups.setdefault(key(finding), []).append(finding)

        return {name: Findings(groups[name]) for name in sorted(groups)}


def load(path: str | Path) -> Report:
    """
    Return the report saved in *path* as JSON or JSON Lines.

    Raises:
        ReportError: There is none, or it cannot be read.
    """
    try:
        plain = read_native(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReportError(f"there is no report {path}") from None
    except OSError as error:
        raise ReportError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"{path} is not a JSON report of awsaudit: {_first_line(error)}") from error

    return Report.from_json(plain)


def format_of(path: Path) -> str:
    """
    Return the format that goes with the suffix of *path*.

    Raises:
        ConfigError: None does.
    """
    formats = load_formats()
    name = path.suffix.removeprefix(".").lower()
    name = {"htm": "html", "ndjson": "jsonl", "txt": "table"}.get(name, name)
    if name not in formats:
        raise ConfigError(
            f"no report format goes with {path.name!r}; end it in {', '.join('.' + f for f in sorted(formats))}"
        )

    return name


def sort_key(finding: Finding) -> tuple[str, ...]:
    """Return what findings are sorted by in a report."""
    return (finding.check_id, finding.account, finding.region, finding.resource.arn, finding.sub_key)


def without_resource(gap: Gap) -> Gap:
    """Return *gap* for counting: the same call, whatever it was about."""
    return evolve(gap, resource=None)


def _first_line(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]

    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
