"""
The function: an event in, reports in S3, counts and keys out.

It raises only if something is wrong that a person has to mend: the event, the configuration, the credentials. What AWS
refuses, a check that crashes and time that runs out end in the report.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
import time

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import boto3

from attrs import evolve, field, frozen

from awsaudit import log
from awsaudit.archive import Archive, decoded
from awsaudit.change import Baseline
from awsaudit.check import Status
from awsaudit.cli.log import configure
from awsaudit.config import FILE_NAME, Config, load_config
from awsaudit.errors import AuditError, ConfigError, ReportError
from awsaudit.fleet import OrganizationScan
from awsaudit.job import MERGE, PLAN, SCAN, SHARD, Job
from awsaudit.merge import Merger
from awsaudit.notify import News
from awsaudit.organization import ROLE, Accounts, members, open_organization
from awsaudit.report import Report
from awsaudit.scan import Scan, Settings, open_live
from awsaudit.session import open_session
from awsaudit.shard import LIST, NAMES, Shard, folder, shards
from awsaudit.storage import Bucket, Location
from awsaudit.suppression import Suppressions, parse


RESERVE: Final = 60.0
"""Seconds of the function's time that are kept for writing the report."""

ORGANIZATION: Final = "organization"
WHOLE: Final = "whole"
"""Where the reports of shards are kept whole that are merged without what passed."""

_TO_TELL: Final = frozenset({Status.FAIL, Status.UNKNOWN})


class Context(Protocol):
    """What Lambda says of an invocation, as far as it is used."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds are left."""


def handler(event: Mapping[str, Any] | None, context: Context | None) -> dict[str, Any]:
    """
    Do what *event* asks for.

    Args:
        event: See `awsaudit.job.Job`; None for what the environment says alone.

        context: Lambda's; None where no time is set.

    Returns:
        Counts and keys, as plain JSON values.

    Raises:
        ConfigError: The event, the environment or a file is wrong, or the bucket or the topic does not take what is sent.
        CredentialsError: The function's own credentials are refused.
    """
    work = Work.of(Job.of(event or {}, os.environ), context)

    return _STEPS[work.job.step](work)


@frozen
class Work:
    """
    One invocation under way.

    Args:
        job: What is asked for.

        session: The function's own credentials.

        bucket: Where reports go.

        settings: What a scan is to do.

        suppressions: Failures that are accepted for a while.

        ends: When to stop asking, on the monotonic clock; None for no bound.
    """

    job: Job
    session: boto3.Session
    bucket: Bucket
    settings: Settings
    suppressions: Suppressions = field(repr=False)
    ends: float | None = None

    @classmethod
    def of(cls, job: Job, context: Context | None) -> Work:
        """
        Return the work that *job* is.

        Args:
            job: The job.

            context: Lambda's, which says how much time there is.

        Raises:
            ConfigError: A file is wrong, or there is too little time.
            CredentialsError: The function's own credentials are refused.
        """
        session = open_session()
        config = _configuration(session, job)
        configure(config)
        ends = None
        if context is not None:
            seconds = context.get_remaining_time_in_millis() / 1000 - RESERVE
            if seconds <= 0:
                raise ConfigError(f"the function needs more time than the {RESERVE:.0f} s kept for writing its report")
            ends = time.monotonic() + seconds
        bucket = Bucket(session, job.place.bucket)

        return cls(job, session, bucket, config.settings(), _suppressions(session, job, config), ends)

    @property
    def remaining(self) -> float | None:
        """Seconds until to stop asking, none of them negative; None for no bound."""
        if self.ends is None:
            return self.settings.timeout
        left = max(self.ends - time.monotonic(), 0.001)

        return min(left, self.settings.timeout or left)

    def archive(self, name: str) -> Archive:
        """Return where the reports of *name* are."""
        return Archive(self.bucket, (self.job.place / name).key)

    def place(self, name: str) -> str:
        """Return the key of *name* below the place of the reports."""
        return (self.job.place / name).key


def _read(session: boto3.Session, place: Location) -> bytes:
    stored = Bucket(session, place.bucket).read(place.key)
    if stored is None:
        raise ConfigError(f"there is no object {place}")

    return stored.data


def _configuration(session: boto3.Session, job: Job) -> Config:
    if job.config is None:
        return load_config(job.flags, job.environ)
    with tempfile.TemporaryDirectory(prefix="awsaudit-") as scratch:
        file = Path(scratch) / FILE_NAME
        file.write_bytes(_read(session, job.config))
        return load_config({**job.flags, "config": str(file)}, job.environ)


def _suppressions(session: boto3.Session, job: Job, config: Config) -> Suppressions:
    if job.suppressions is not None:
        return Suppressions(parse(_read(session, job.suppressions).decode(errors="replace"), str(job.suppressions)))
    if config.suppressions is not None:
        return Suppressions(parse(config.suppressions.read_text(encoding="utf-8"), str(config.suppressions)))

    return Suppressions()


# A scan by itself


def _scan(work: Work) -> dict[str, Any]:
    """Scan each account, and finish its report; an account that refuses has one that says so."""
    reports = [_finish(report, work, report.accounts[0]) for report in _scanned(work)]

    return {"reports": reports}


def _scanned(work: Work) -> Iterator[Report]:
    for account in work.job.accounts or ("",):
        yield _one(work, Shard(account, _regions(work)))


def _regions(work: Work) -> tuple[str, ...]:
    """Return the regions that are asked for; none for every one that is enabled."""
    named = work.settings.regions
    return () if "all" in named else tuple(name for name in named if name not in work.settings.exclude_regions)


def _one(work: Work, shard: Shard) -> Report:
    """Return the report of one shard; of an account that does not let the function in, what says so."""
    settings = evolve(
        work.settings, timeout=work.remaining, regions=shard.regions, global_services=shard.global_services
    )
    opened: Scan | OrganizationScan
    if shard.account:
        opened = open_organization(settings, work.session, _accounts(work, (shard.account,)))
    else:
        opened = open_live(settings, work.session)
    for _ in opened:
        pass

    return opened.report()


def _accounts(work: Work, ids: tuple[str, ...]) -> Accounts:
    job = work.job
    return Accounts(org=not ids, ids=ids, role=job.role_name or ROLE, external_id=job.external_id or None)


# What is done with every finished report


def _finish(report: Report, work: Work, scope: str, name: str = "") -> dict[str, Any]:
    """Compare *report* with the one before, write it, tell of it, and make it the latest, in this order."""
    archive = work.archive(ORGANIZATION if scope == ORGANIZATION else f"account={scope}")
    before = archive.latest()
    marked = work.suppressions.apply(report).report
    finished = marked if before is None else Baseline.of(before.report).compare(marked)
    earlier = before.report if before else None
    news = News.of(finished, earlier, scope, work.job.notify.min_severity)
    formats = tuple(dict.fromkeys(("json", *work.job.formats)))
    keys = archive.keep(finished, name or finished.id, formats)
    due = news.due(work.job.notify, earlier)
    if due:
        # Before it becomes the latest: whoever is run again after a failure then still has something to tell.
        links = [str(Location(work.bucket.name, key)) for key in keys]
        news.publish(work.session, work.job.notify.sns_topic_arn, links)
    archive.advance(finished, before)
    sys.stdout.write(f"{news.metrics()}\n")
    sys.stdout.flush()

    return {
        "scope": scope,
        "keys": list(keys),
        "complete": finished.complete,
        "failed": len(finished.failed),
        "unknown": len(finished.unknown),
        "new": len(finished.changes.new) if finished.changes else 0,
        "fixed": len(finished.changes.fixed) if finished.changes else 0,
        "notified": due,
    }


# The steps of the state machine


def _plan(work: Work) -> dict[str, Any]:
    """Write the list of shards, and what the organization calls the accounts."""
    found = members(work.session, _accounts(work, work.job.accounts), work.settings)
    each = shards((member.id for member in found), _regions(work), work.job.regions_per_shard)
    items = [shard.event(work.job.run) for shard in each]
    key = work.place(f"{folder(work.job.run)}/{LIST}")
    names = {member.id: member.name for member in found if member.name}
    work.bucket.write(work.place(f"{folder(work.job.run)}/{NAMES}"), json.dumps(names).encode())
    work.bucket.write(key, json.dumps(items).encode())

    return {"bucket": work.bucket.name, "key": key, "shards": len(items), "accounts": len(found)}


def _shard(work: Work) -> dict[str, Any]:
    """Scan one shard and write its report, in place of the one that an earlier try may have written."""
    shard = Shard(work.job.accounts[0], _regions(work), work.job.global_services)
    report = _one(work, shard)
    place = shard.key(work.job.run)
    if not work.job.passes:
        work.bucket.write(work.place(f"{WHOLE}/{place}"), _packed(report))
        report = evolve(report, findings=tuple(f for f in report.findings if f.status in _TO_TELL))
    work.bucket.write(work.place(place), _packed(report))

    return {
        "key": work.place(place),
        "failed": len(report.failed),
        "unknown": len(report.unknown),
        "stopped": report.coverage.stopped or "",
    }


def _packed(report: Report) -> bytes:
    return gzip.compress(report.encoded("json"), mtime=0)


def _merge(work: Work) -> dict[str, Any]:
    """Merge the reports of a run's shards and finish the report of them all; what did not come is named in it."""
    listed = work.bucket.read(work.place(f"{folder(work.job.run)}/{LIST}"))
    if listed is None:
        raise ConfigError(f"there is no list of shards of the run {work.job.run}; the step 'plan' writes it")
    expected = [Shard.of(item) for item in json.loads(listed.data)]
    merger = Merger()
    lost = []
    for shard in expected:
        key = work.place(shard.key(work.job.run))
        stored = work.bucket.read(key)
        try:
            if stored is None:
                lost.append(key)
            else:
                merger.add(decoded(stored.data, key))
        except ReportError as error:
            log.error("shard.broken", key=key, error=str(error))
            lost.append(key)
    merger.expect(cell for shard in expected for cell in shard.cells)

    names = work.bucket.read(work.place(f"{folder(work.job.run)}/{NAMES}"))
    merged = evolve(merger.report(), account_names=json.loads(names.data) if names else {})

    return {
        **_finish(merged, work, ORGANIZATION, work.job.run),
        "shards": len(expected),
        "lost": len(lost),
    }


_STEPS: Final[Mapping[str, Callable[[Work], dict[str, Any]]]] = {
    SCAN: _scan,
    PLAN: _plan,
    SHARD: _shard,
    MERGE: _merge,
}


def main(arguments: list[str]) -> int:
    """
    Do what an event asks for, given as JSON on the command line; for a container, which has no deadline.

    Args:
        arguments: The event; none for what the environment says alone.

    Returns:
        The exit code.
    """
    try:
        event = json.loads(arguments[0]) if arguments else {}
        sys.stdout.write(f"{json.dumps(handler(event, None))}\n")
    except (AuditError, ValueError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1

    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
