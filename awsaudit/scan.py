"""
The pipeline: plan, collect, check, report.

`scan` yields findings as they arrive, `run` returns the finished report; both are thin over `Scan`.
"""

from __future__ import annotations

import datetime
import functools
import threading
import time

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from awsaudit import log
from awsaudit.check import Check, Finding, Severity, Status
from awsaudit.collect import Collector, Progress
from awsaudit.declare import Call, Fact, Kind, Scope, iam_actions
from awsaudit.detection import Detection, SecretSettings, find_kingfisher
from awsaudit.errors import CredentialsError, SelectionError, SnapshotError
from awsaudit.evidence import Failure, Header, Request, Snapshot, SnapshotWriter, Source, read_snapshot
from awsaudit.framework import frameworks
from awsaudit.gap import Gap
from awsaudit.inventory import Collected, Inventory, Target
from awsaudit.partition import GLOBAL, home_region, partition_of
from awsaudit.plan import IDENTITY, REGIONS, Plan, plan, plan_facts
from awsaudit.plugins import load_checks
from awsaudit.report import CheckInfo, Coverage, Part, Report, Shortfall, own_version, sort_key, without_resource
from awsaudit.selection import Selection, unknown
from awsaudit.trust import Trust


if TYPE_CHECKING:
    import boto3

    from awsaudit.live import Live, Meter, Pace


@frozen
class Settings:
    """
    What a scan is to do, apart from where.

    Args:
        selection: Which checks, on which resources.

        options: Settings of checks by id, then name.

        regions: Regions; unset, or ``all``, means every region that the account has enabled.

        exclude_regions: Regions to leave out.

        global_services: Whether services without regions are judged; where several scans share an account's regions, one of
            them does. What is listed for all regions at once and lives in one, as buckets do, each judges in its own.

        checks_from: Files or folders with more checks.

        workers: Requests under way at once, at most.

        timeout: Seconds after which the scan stops asking; None for no bound.

        max_rate: Requests a second, at most; None for no bound.

        save_snapshot: Where to write what AWS answered; None for nowhere.

        trust: Whom the account's owner trusts; a snapshot does not hold it.

        secrets: Which values are known to be no secrets, and who looks for them; a snapshot holds what was found.
    """

    selection: Selection = field(factory=Selection)
    options: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    regions: tuple[str, ...] = ()
    exclude_regions: tuple[str, ...] = ()
    global_services: bool = True
    checks_from: tuple[Path, ...] = ()
    workers: int = 32
    timeout: float | None = None
    max_rate: float | None = None
    save_snapshot: Path | None = None
    trust: Trust = field(factory=Trust)
    secrets: SecretSettings = field(factory=SecretSettings)

    def judges(self, kind: Kind) -> bool:
        """Tell whether the scan judges resources of *kind*, and not only looks them up."""
        return self.global_services or kind.scope is not Scope.GLOBAL or kind.own_region is not None


class Scan:
    """
    One scan: iterate over it for the findings, then ask for the `report`.

    Args:
        checks: The selected checks.

        source: Where to ask.

        target: What to look at.

        settings: How.

        cancelled: Stops the scan when set; what was found by then is kept.

        detection: The secret detectors that *source* uses.
    """

    def __init__(  # noqa: PLR0913 - what a scan hangs on
        self,
        checks: Plan,
        source: Source,
        target: Target,
        settings: Settings,
        *,
        cancelled: threading.Event | None = None,
        detection: Detection | None = None,
    ) -> None:
        self.plan = checks
        self.target = target
        self.inventory = Inventory(target)
        self._source = source
        self._settings = settings
        self._started = datetime.datetime.now(datetime.UTC)
        self._writer = _writer(settings.save_snapshot, target, checks)
        self._collector = Collector(
            checks,
            source,
            target,
            workers=settings.workers,
            deadline=None if settings.timeout is None else time.monotonic() + settings.timeout,
            record=self._writer.add if self._writer else None,
            cancelled=cancelled,
            detection=detection,
        )
        self._findings: list[Finding] = []
        self._gaps: dict[Gap, int] = {}
        self._resources: dict[str, dict[str, int]] = {}
        self._held: dict[str, list[Finding]] = {}
        self._heard: dict[str, set[str]] = {}
        self._refused: dict[str, set[str]] = {}
        self._judged: set[tuple[str, Kind, str]] = set()
        self._interest = _interest(checks.checks)

    @property
    def progress(self) -> Progress:
        """How far the scan is; it may be read from another thread."""
        progress = self._collector.progress
        progress.throttled = self._meter.throttled if self._meter else 0

        return progress

    @functools.cached_property
    def _told(self) -> Mapping[str, CheckInfo]:
        books = frameworks().values()
        return {check.id: CheckInfo.of(check, books) for check in self.plan.checks}

    @property
    def _meter(self) -> Meter | None:
        meter: Meter | None = getattr(self._source, "meter", None)
        return meter

    def __iter__(self) -> Iterator[Finding]:
        """Yield each finding as soon as all that its check needs is there."""
        log.info(
            "scan.started", account=self.target.account, regions=len(self.target.regions), checks=len(self.plan.checks)
        )
        try:
            for collected in self._collector:
                self._note(collected)
                for finding in self._judge(collected):
                    yield self._keep(finding)
            for finding in self._release():
                yield self._keep(finding)
        finally:
            self._source.close()
            if self._writer:
                self._writer.close()
            self._tell_end()

    def share(self, workers: int) -> None:
        """Have at most so many requests under way at once from now on; it may be called from another thread."""
        self._collector.share(workers)

    def collect(self) -> Inventory:
        """Run to the end and return what was collected; for scans of facts, which have no findings."""
        for _ in self:
            pass

        return self.inventory

    def _tell_end(self) -> None:
        for region in sorted(self._refused_regions()):
            log.warning("region.refused", region=region, code=self._closed(region).gap.code)
        stopped = self._collector.stopped
        log.info(
            "scan.finished",
            account=self.target.account,
            findings=len(self._findings),
            requests=self._sent().total(),
            seconds=round((datetime.datetime.now(datetime.UTC) - self._started).total_seconds(), 1),
            stopped=stopped.code if stopped else None,
        )

    def report(self) -> Report:
        """Return the report of what was found so far."""
        finished = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        return Report(
            accounts=(self.target.account,),
            partition=self.target.partition,
            regions=self.target.regions,
            started=self._started.replace(microsecond=0),
            finished=finished,
            checks=self._told,
            findings=tuple(sorted(self._findings, key=sort_key)),
            coverage=evolve(self.coverage(), parts=tuple(self._parts(finished))),
            narrowed=self._settings.selection.narrows,
        )

    def _keep(self, finding: Finding) -> Finding:
        self._findings.append(finding)
        self.progress.findings += 1

        return finding

    def _note(self, collected: Collected) -> None:
        self.inventory.add(collected)
        regions = self._resources.setdefault(collected.kind.type, {})
        # What is only looked up, another scan of the account has among its own.
        for resource in collected.resources if self._settings.judges(collected.kind) else ():
            regions[resource.region] = regions.get(resource.region, 0) + 1
        for unlisted in collected.unlisted:
            self._count(unlisted.gap)
        for resource in collected.resources:
            for gap in {value for value in resource.values.values() if isinstance(value, Gap)}:
                self._count(gap)
        if collected.kind.listing and collected.kind.parent is None:
            refused = any(unlisted.parent is None for unlisted in collected.unlisted)
            services = self._refused if refused else self._heard
            services.setdefault(collected.region, set()).add(collected.kind.service)

    def _count(self, gap: Gap) -> None:
        bare = without_resource(gap)
        self._gaps[bare] = self._gaps.get(bare, 0) + 1

    def _judge(self, collected: Collected) -> Iterator[Finding]:
        for check in self._interest.get(collected.kind, ()):
            if not check.uses:
                if collected.kind in check.resources and self._settings.judges(collected.kind):
                    yield from self._verdicts(check, collected.kind, collected.region)
            elif all(self.inventory.has(kind) for kind in check.needs):
                for kind in filter(self._settings.judges, check.resources):
                    for region in self._regions_of(kind):
                        yield from self._verdicts(check, kind, region)

    def _regions_of(self, kind: Kind) -> tuple[str, ...]:
        return (GLOBAL,) if kind.scope.value == GLOBAL else self.target.regions

    def _verdicts(self, check: Check[Any], kind: Kind, region: str) -> Iterator[Finding]:
        if (check.id, kind, region) in self._judged:
            return
        self._judged.add((check.id, kind, region))
        for unlisted in self.inventory.unlisted(kind, region):
            finding = check.unlisted(kind, unlisted.gap, self.target.partition, unlisted.parent)
            for where in self._places(region):
                if unlisted.parent is None:
                    self._held.setdefault(where, []).append(evolve(finding, region=where))
                else:
                    yield evolve(finding, region=where)
        options = self._settings.options.get(check.id)
        for resource in self.inventory.seen(kind, region):
            if self._settings.selection.judges(resource):
                for finding in check.run(resource, self.inventory, options):
                    if kind.listing is None and finding.status is Status.UNKNOWN:
                        self._held.setdefault(region, []).append(finding)
                    else:
                        yield finding

    def _places(self, region: str) -> tuple[str, ...]:
        """Return the parts that something of *region* concerns."""
        return self.target.regions if region == GLOBAL and not self._settings.global_services else (region,)

    def _parts(self, finished: datetime.datetime) -> Iterator[Part]:
        """Yield each region, and ``global``, with what there was and what was sent there."""
        cells = (*self.target.regions, *((GLOBAL,) if self._settings.global_services else ()))
        sent, version = self._sent(), own_version()
        strays = sum(number for region, number in sent.items() if region not in cells)
        counts: dict[str, dict[str, int]] = {}
        for type_, regions in sorted(self._resources.items()):
            for region, number in regions.items():
                counts.setdefault(region, {})[type_] = number
        for region in cells:
            yield Part(
                account=self.target.account,
                region=region,
                version=version,
                started=self._started.replace(microsecond=0),
                finished=finished,
                resources=counts.get(region, {}),
                requests=sent[region] + (strays if region == cells[0] else 0),
                stopped=self._collector.stopped.code if self._collector.stopped else None,
                narrowed=self._settings.selection.narrows,
            )

    def _sent(self) -> Counter[str]:
        return Counter(self._meter.regions) if self._meter else Counter()

    def _release(self) -> Iterator[Finding]:
        """Yield the findings about listings that were refused, but for regions that were refused as a whole."""
        for region, findings in self._held.items():
            if region not in self._refused_regions():
                yield from findings

    def _refused_regions(self) -> frozenset[str]:
        if self._collector.stopped:
            return frozenset()  # what was not asked any more was not refused
        # One refused service is a missing permission; all of several are a region that is closed to us.
        return frozenset(
            region
            for region, services in self._refused.items()
            if region != GLOBAL and not self._heard.get(region) and len(services) > 1
        )

    def coverage(self) -> Coverage:
        """Return what was seen so far, and what was not."""
        refused = self._refused_regions()
        unknown_checks: dict[Gap, set[str]] = {}
        for finding in self._findings:
            for gap in finding.gaps:
                unknown_checks.setdefault(without_resource(gap), set()).add(finding.check_id)
        shortfalls = [
            Shortfall(gap, calls, tuple(sorted(unknown_checks.get(gap, ()))), self._part_of(gap))
            for gap, calls in self._gaps.items()
            if gap.region not in refused
        ]
        shortfalls += [self._closed(region) for region in refused]
        return Coverage(
            resources={type_: sum(regions.values()) for type_, regions in sorted(self._resources.items())},
            shortfalls=tuple(sorted(shortfalls, key=lambda shortfall: shortfall.key)),
            stopped=self._collector.stopped.code if self._collector.stopped else None,
            requests=self._sent().total(),
        )

    def _part_of(self, gap: Gap) -> str | None:
        where = self._places(gap.region)[0]
        return None if where == gap.region else where

    def _closed(self, region: str) -> Shortfall:
        gaps = {gap: calls for gap, calls in self._gaps.items() if gap.region == region}
        worst = max(gaps, key=lambda gap: (gaps[gap], gap.code))
        checks = tuple(sorted({finding.check_id for finding in self._held.get(region, ())}))
        whole = evolve(worst, service="*", operation="*", actions=())

        return Shortfall(whole, sum(gaps.values()), checks)


def _interest(checks: Iterable[Check[Any]]) -> Mapping[Kind, tuple[Check[Any], ...]]:
    interest: dict[Kind, list[Check[Any]]] = {}
    for check in checks:
        for kind in check.needs:
            interest.setdefault(kind, []).append(check)

    return {kind: tuple(found) for kind, found in interest.items()}


def _writer(path: Path | None, target: Target, checks: Plan) -> SnapshotWriter | None:
    if path is None:
        return None
    from importlib.metadata import version  # noqa: PLC0415 - reads the disk; most scans do not need it

    header = Header(target.account, target.partition, target.regions, target.as_of, version("awsaudit"), checks.kept)
    return SnapshotWriter(path, header)


def plan_of(settings: Settings) -> Plan:
    """
    Return the plan of the selected checks.

    Raises:
        SelectionError: The selection names something that nobody knows.
        PluginError: A pack cannot be loaded.
    """
    selected = settings.selection.of(load_checks(settings.checks_from))
    judging = plan(check for check in selected if any(map(settings.judges, check.resources)))

    return evolve(judging, checks=selected)


@frozen
class Shared:
    """
    What the scans of several accounts have in common.

    Args:
        plan: The plan, which is the same for all.

        pace: The bounds that they keep together.
    """

    plan: Plan
    pace: Pace


def open_live(
    settings: Settings,
    session: boto3.Session | None = None,
    *,
    facts: Iterable[Fact[Any]] | None = None,
    cancelled: threading.Event | None = None,
    shared: Shared | None = None,
) -> Scan:
    """
    Return a scan of a live account.

    Args:
        settings: What to do.

        session: Whose account; unset means boto3's default credentials.

        facts: What to collect in place of what the selected checks read; no check then runs.

        cancelled: Stops the scan when set.

        shared: What it has in common with scans of other accounts that run beside it; unset means that it is alone.

    Raises:
        CredentialsError: There are none, or AWS refuses them.
        SelectionError: The selection names something that nobody knows.
    """
    alone = plan_of(settings) if facts is None and shared is None else plan_facts(facts or ())
    chosen = shared.plan if shared else alone

    import boto3  # noqa: PLC0415 - slow to import, and only needed here

    from awsaudit.live import Live, Tuning  # noqa: PLC0415 - the same

    session = session or boto3.Session()
    detection = Detection(settings.secrets, find_kingfisher() if settings.secrets.kingfisher else None)
    tuning = Tuning(workers=settings.workers, max_rate=settings.max_rate)
    source = Live(session, chosen, tuning, detection, shared.pace if shared else None)
    identity = identify(source, session, settings.regions)
    partition = identity["Arn"].split(":")[1]
    target = Target(
        account=identity["Account"],
        partition=partition,
        regions=_regions(settings, source, session, partition),
        as_of=datetime.datetime.now(datetime.UTC).replace(microsecond=0),
        trust=settings.trust,
    )

    return Scan(chosen, source, target, settings, cancelled=cancelled, detection=detection)


def open_snapshot(
    settings: Settings,
    path: Path,
    *,
    facts: Iterable[Fact[Any]] | None = None,
    cancelled: threading.Event | None = None,
) -> Scan:
    """
    Return a scan of a snapshot; it looks at the account as of when the snapshot was taken.

    Args:
        settings: What to do.

        path: The snapshot.

        facts: What to collect in place of what the selected checks read; no check then runs.

        cancelled: Stops the scan when set.

    Raises:
        SnapshotError: The file cannot be read, or does not hold a region that was asked for.
        SelectionError: The selection names something that nobody knows.
    """
    chosen = plan_of(settings) if facts is None else plan_facts(facts)
    snapshot: Snapshot = read_snapshot(path)
    snapshot.needed = chosen.kept
    header = snapshot.header
    for region in settings.regions:
        if region not in {*header.regions, "all"}:
            raise SnapshotError(f"the snapshot does not hold {region}; it holds {', '.join(header.regions)}")
    asked = header.regions if not settings.regions or "all" in settings.regions else settings.regions
    regions = tuple(region for region in asked if region not in settings.exclude_regions)
    target = Target(header.account, header.partition, regions, header.as_of, settings.trust)

    return Scan(chosen, snapshot, target, settings, cancelled=cancelled)


def identify(source: Live, session: boto3.Session, regions: Sequence[str] = ()) -> Mapping[str, str]:
    """
    Return the ``Account`` and the ``Arn`` of the credentials.

    Args:
        source: Where to ask.

        session: Whose credentials they are.

        regions: Where to ask if the session has no region: in the partition of the first.

    Raises:
        CredentialsError: There are none, or AWS refuses them.
    """
    region = session.region_name or home_region(partition_of((*regions, "")[0]), "sts")
    answer = source.ask(Request.of(region, "sts", IDENTITY.operation, {}))
    if isinstance(answer, Failure):
        message = _CREDENTIALS.get(answer.code, f"AWS does not say whose credentials these are: {answer.code}")
        raise CredentialsError(message, _gap(IDENTITY, answer))
    identity: Mapping[str, str] = answer

    return identity


_CREDENTIALS: Final = {
    "NoCredentialsError": "there are no AWS credentials; run `aws configure` or `aws sso login`, or name a --profile",
    "InvalidClientTokenId": "AWS does not know these credentials; check the --profile and the access key",
    "SignatureDoesNotMatch": "the secret access key does not fit its id; check the credentials file",
    "ExpiredToken": "the credentials have expired; renew them, for example with `aws sso login`",
    "UnauthorizedSSOTokenError": "the SSO session has expired; run `aws sso login`",
    "SSOTokenLoadError": "there is no SSO session; run `aws sso login`",
    "TokenRetrievalError": "the SSO session has expired; run `aws sso login`",
    "PartialCredentialsError": "the credentials are incomplete; an access key id and a secret access key are needed",
    "EndpointConnectionError": "AWS could not be reached; check the network, the proxy and AWS_ENDPOINT_URL",
    "ConnectTimeoutError": "AWS could not be reached in time; check the network, the proxy and AWS_ENDPOINT_URL",
}


def _gap(call: Call, failure: Failure) -> Gap:
    service = str(call.service)
    return Gap("", GLOBAL, service, call.operation, failure.code, failure.kind, iam_actions(service, call))


def known_regions(settings: Settings, session: boto3.Session, partition: str) -> frozenset[str]:
    """
    Return the regions that there are in *partition*.

    Raises:
        SelectionError: The settings name another one.
    """
    known = frozenset(session.get_available_regions("ec2", partition_name=partition))
    for region in (*settings.regions, *settings.exclude_regions):
        if region != "all" and region not in known:
            raise unknown("region", region, known)

    return known


def _regions(settings: Settings, source: Live, session: boto3.Session, partition: str) -> tuple[str, ...]:
    known = known_regions(settings, session, partition)
    asked = settings.regions
    if not asked or "all" in asked:
        request = Request.of(home_region(partition, "ec2"), "ec2", REGIONS.operation, {})
        answer = source.ask(request)
        if isinstance(answer, Failure):
            message = f"the enabled regions could not be listed ({answer.code}): grant ec2:DescribeRegions or name each --region"
            raise CredentialsError(message, _gap(REGIONS, answer))
        asked = tuple(sorted(r["RegionName"] for r in answer.get("Regions", ()) if r["RegionName"] in known))
    regions = tuple(dict.fromkeys(region for region in asked if region not in settings.exclude_regions))
    if not regions:
        raise SelectionError("no region is left to scan")

    return regions


def scan(  # noqa: PLR0913 - the library's front door
    *,
    session: boto3.Session | None = None,
    snapshot: str | Path | None = None,
    regions: Iterable[str] = (),
    checks: Iterable[str] = (),
    skip: Iterable[str] = (),
    services: Iterable[str] = (),
    min_severity: str = "info",
    frameworks: Iterable[str] = (),
    settings: Settings | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[Finding]:
    """
    Yield findings as they arrive.

    Closing the iterator, or setting *cancelled*, ends the scan.

    Args:
        session: Whose account; unset means boto3's default credentials.

        snapshot: A snapshot to scan in place of a live account.

        regions: Regions; unset means every enabled one.

        checks: Globs of check ids; unset means all.

        skip: Globs of check ids to leave out.

        services: Services, as the first word of check ids.

        min_severity: ``info``, ``low``, ``medium``, ``high`` or ``critical``.

        frameworks: Ids of frameworks.

        settings: Everything else; what is given here besides goes before it.

        cancelled: Stops the scan when set; what is missing then ends as unknown.

    Raises:
        CredentialsError: There are none, or AWS refuses them.
        SelectionError: The selection names something that nobody knows.
        SnapshotError: The snapshot cannot be read.
    """
    yield from _open(
        _merged(settings, regions, checks, skip, services, min_severity, frameworks),
        session=session,
        snapshot=snapshot,
        cancelled=cancelled,
    )


def run(  # noqa: PLR0913 - the library's front door
    *,
    session: boto3.Session | None = None,
    snapshot: str | Path | None = None,
    regions: Iterable[str] = (),
    checks: Iterable[str] = (),
    skip: Iterable[str] = (),
    services: Iterable[str] = (),
    min_severity: str = "info",
    frameworks: Iterable[str] = (),
    settings: Settings | None = None,
    cancelled: threading.Event | None = None,
) -> Report:
    """Scan to the end and return the report; arguments and errors as for `scan`."""
    opened = _open(
        _merged(settings, regions, checks, skip, services, min_severity, frameworks),
        session=session,
        snapshot=snapshot,
        cancelled=cancelled,
    )
    for _ in opened:
        pass

    return opened.report()


def _open(
    settings: Settings,
    *,
    session: boto3.Session | None,
    snapshot: str | Path | None,
    cancelled: threading.Event | None,
) -> Scan:
    if snapshot is not None:
        return open_snapshot(settings, Path(snapshot), cancelled=cancelled)

    return open_live(settings, session, cancelled=cancelled)


def _merged(  # noqa: PLR0913, PLR0917 - the same arguments as the front doors
    settings: Settings | None,
    regions: Iterable[str],
    checks: Iterable[str],
    skip: Iterable[str],
    services: Iterable[str],
    min_severity: str,
    frameworks: Iterable[str],
) -> Settings:
    base = settings or Settings()
    try:
        severity = Severity.parse(min_severity)
    except ValueError as error:
        raise SelectionError(str(error)) from None
    chosen = base.selection
    selection = evolve(
        chosen,
        checks=tuple(checks) or chosen.checks,
        skip=tuple(skip) or chosen.skip,
        services=tuple(services) or chosen.services,
        min_severity=max(severity, chosen.min_severity),
        frameworks=tuple(frameworks) or chosen.frameworks,
    )

    return evolve(base, selection=selection, regions=tuple(regions) or base.regions)
