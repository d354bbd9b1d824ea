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

from awsaudit.change import Baseline, Changes, Tally
from awsaudit.check import Check, Finding, Severity, Status
from awsaudit.errors import ConfigError, ReportError
from awsaudit.framework import Framework
from awsaudit.gap import Gap
from awsaudit.native import converter, finding_to_json, read_native, utc
from awsaudit.plan import plan
from awsaudit.plugins import load_format, load_formats


SCHEMA_VERSION: Final = 1

_NAMED: Final = 3
"""As many accounts the id of a report names."""

_ENDINGS: Final = {
    ".asff.json": "asff",
    ".ocsf.json": "ocsf",
    ".sarif": "sarif",
    ".sarif.json": "sarif",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".markdown": "markdown",
    ".sh": "remediation",
    ".txt": "table",
    ".xml": "junit",
}
"""The formats of files whose ending is not the format's name; two endings go before one."""


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

        operations: What it may ask of AWS, as ``service:Operation``.
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
    operations: tuple[str, ...] = ()

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
            operations=tuple(sorted(f"{o.service}:{o.operation}" for o in plan((check,)).operations())),
        )


@frozen
class Shortfall:
    """
    Something that could not be seen.

    Args:
        gap: The call that was not answered, without the resource it was about; operation ``*`` for a whole region.

        calls: How many calls ended so.

        checks: The ids of the checks that it left unknown; empty where *missing* is set, which leaves all of them unknown.

        part: The region of the part that it belongs to, where that is not the gap's: a run that leaves the services without
            regions to another one asks them for what its checks look up. None where it is the gap's.

        missing: Whether nothing at all was seen of the gap's account in its region, or in any region where that is ``*``.
    """

    gap: Gap
    calls: int
    checks: tuple[str, ...]
    part: str | None = None
    missing: bool = False

    @property
    def cell(self) -> tuple[str, str]:
        """The account and the region of the part that it belongs to."""
        return self.gap.account, self.part or self.gap.region

    @property
    def key(self) -> tuple[str, ...]:
        """What shortfalls are sorted by in a report."""
        gap = self.gap
        names = (gap.region, gap.service, gap.operation, gap.code, self.part or "", gap.kind.value, gap.cause or "")
        return (gap.account, *names, *gap.actions)


@frozen
class Part:
    """
    One region of one account, as one run saw it.

    Args:
        account: The account.

        region: The region; ``global`` for the services without regions, which one run of an account looks at.

        version: The version of awsaudit.

        started: When the run began, UTC.

        finished: When it ended, UTC.

        resources: How many resources there were, by type; types without any are left out.

        requests: HTTP requests sent there, retries included; what was sent to a region that the run does not look at counts
            for its first part.

        stopped: Why the run ended early; None if it ran to its end.

        narrowed: Whether only some resources were judged.

        without: The checks of the report that this run did not have.
    """

    account: str
    region: str
    version: str
    started: datetime.datetime
    finished: datetime.datetime
    resources: Mapping[str, int] = field(factory=dict)
    requests: int = 0
    stopped: str | None = None
    narrowed: bool = False
    without: tuple[str, ...] = ()

    @property
    def cell(self) -> tuple[str, str]:
        """The account and the region."""
        return self.account, self.region


@frozen
class Coverage:
    """
    How much was seen.

    Args:
        resources: How many resources there were, by type: the sum over the parts.

        shortfalls: What could not be seen.

        stopped: Why the scan ended early (``DeadlineReached``, ``Cancelled``), or one of its parts; None if all ran to their
            end.

        requests: HTTP requests sent, retries included: the sum over the parts; 0 from a snapshot.

        parts: Each region of each account that was looked at, and by which run.
    """

    resources: Mapping[str, int] = field(factory=dict)
    shortfalls: tuple[Shortfall, ...] = ()
    stopped: str | None = None
    requests: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def missing(self) -> tuple[Shortfall, ...]:
        """The accounts and regions of which nothing was seen at all."""
        return tuple(shortfall for shortfall in self.shortfalls if shortfall.missing)

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


def own_version() -> str:
    """Return the version of awsaudit that runs."""
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, and `--help` does without

    return version("awsaudit")


@frozen
class Report:
    """
    What a scan found.

    Args:
        accounts: The accounts, those of which nothing was seen included.

        partition: The partition.

        regions: The regions.

        started: When the scan began, UTC.

        finished: When it ended, UTC.

        checks: The checks that ran, by id.

        findings: The verdicts, sorted by check, account, region, resource and sub-key.

        coverage: How much was seen.

        tool_version: The version of awsaudit.

        narrowed: Whether only some resources were judged, chosen by ARN or tag; the others are then not gone.

        changes: What changed since an earlier report; left out if there is none to compare with.

        trend: How much failed in earlier scans and this one, oldest first; left out if that is not known.

        account_names: What the organization calls the accounts, by id, as far as that is known.
    """

    accounts: tuple[str, ...]
    partition: str
    regions: tuple[str, ...]
    started: datetime.datetime
    finished: datetime.datetime
    checks: Mapping[str, CheckInfo] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    coverage: Coverage = field(repr=False)
    tool_version: str = field(factory=own_version)
    narrowed: bool = False
    changes: Changes | None = field(default=None, repr=False)
    trend: tuple[Tally, ...] = field(default=(), repr=False)
    account_names: Mapping[str, str] = field(factory=dict, repr=False)

    @property
    def id(self) -> str:
        """What tells this scan from another: account and start; of many accounts the first, and how many more."""
        first, more = self.accounts[:_NAMED], len(self.accounts) - _NAMED
        who = "+".join(first) if more <= 0 else f"{first[0]}+{len(self.accounts) - 1}"

        return f"{who}-{self.started:%Y%m%dT%H%M%SZ}"

    @property
    def missing(self) -> tuple[str, ...]:
        """The accounts of which nothing was seen, sorted."""
        seen = {part.account for part in self.coverage.parts}
        return tuple(sorted({shortfall.gap.account for shortfall in self.coverage.missing} - seen))

    @property
    def failed(self) -> Findings:
        """The failures, without those that are accepted for a while."""
        return Findings(f for f in self.findings if f.status is Status.FAIL and f.suppression is None)

    @property
    def suppressed(self) -> Findings:
        """The failures that are accepted for a while."""
        return Findings(f for f in self.findings if f.suppression is not None)

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
        """The ids of the checks that left anything unknown, sorted; all of them where an account or region is missing."""
        if self.coverage.missing:
            return tuple(sorted(self.checks))
        short = {check for shortfall in self.coverage.shortfalls for check in shortfall.checks}
        return tuple(sorted(short | {finding.check_id for finding in self.unknown}))

    @property
    def complete(self) -> bool:
        """Whether no check crashed and the scan ran to its end."""
        return not self.coverage.stopped and not any(f.crashed for f in self.findings)

    def with_status(self, status: Status) -> Findings:
        """Return the findings with one verdict, accepted failures among them."""
        return Findings(f for f in self.findings if f.status is status)

    def tally(self) -> Tally:
        """Return how much failed."""
        failed = {str(severity): len(found) for severity, found in self.failed.by_severity().items()}
        return Tally(self.id, self.finished, failed, len(self.unknown))

    def diff(self, later: Report) -> Changes:
        """Return what changed from this report to a *later* one."""
        return Baseline.of(self).changes(later)

    def to_json(self) -> dict[str, Any]:
        """Return the native form as plain JSON values; `awsaudit schema` prints its schema."""
        plain: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "awsaudit", "version": self.tool_version},
            "scan": {
                "id": self.id,
                "started": utc(self.started),
                "finished": utc(self.finished),
                "accounts": list(self.accounts),
                "account_names": dict(sorted(self.account_names.items())),
                "partition": self.partition,
                "regions": list(self.regions),
                "narrowed": self.narrowed,
                "coverage": converter().unstructure(self.coverage),
            },
            "checks": {id_: converter().unstructure(info) for id_, info in sorted(self.checks.items())},
            "findings": [finding_to_json(f) for f in self.findings],
        }
        if self.changes is not None:
            plain["changes"] = self.changes.to_json()
        if self.trend:
            plain["trend"] = [converter().unstructure(tally) for tally in self.trend]

        return plain

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
            findings = tuple(converter().structure(f, Finding) for f in plain["findings"])
            return cls(
                accounts=tuple(scan["accounts"]),
                partition=scan["partition"],
                regions=tuple(scan["regions"]),
                started=datetime.datetime.fromisoformat(scan["started"]),
                finished=datetime.datetime.fromisoformat(scan["finished"]),
                checks=converter().structure(plain["checks"], dict[str, CheckInfo]),
                findings=findings,
                coverage=converter().structure(scan["coverage"], Coverage),
                tool_version=plain["tool"]["version"],
                narrowed=scan.get("narrowed", False),
                changes=Changes.from_json(plain["changes"], findings) if "changes" in plain else None,
                trend=converter().structure(plain.get("trend", ()), tuple[Tally, ...]),
                account_names=scan.get("account_names", {}),
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

    def encoded(self, name: str, options: Mapping[str, Any] | None = None) -> bytes:
        """
        Return the report in the format called *name*, as the bytes of a file.

        Raises:
            PluginError: There is no such format.
        """
        content = self.render(name, options)
        return content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content

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
        data = self.encoded(name or format_of(target), options)
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
    ending = path.suffix.lower()
    two = "".join(path.suffixes[-2:]).lower()
    name = _ENDINGS.get(two) or _ENDINGS.get(ending) or ending.removeprefix(".")
    if name not in formats:
        first = {format_: end for end, format_ in reversed(_ENDINGS.items())}
        ends = sorted(first.get(format_, f".{format_}") for format_ in formats)
        raise ConfigError(f"no report format goes with {path.name!r}; end it in {', '.join(ends)}")

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
