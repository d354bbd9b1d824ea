"""
Scans of several accounts at once.

They share one bound of requests at once, one of requests a second, and few of them run at the same time, so that memory
does not grow with the number of accounts: what an account was asked is dropped when its report is merged. An account that
cannot be entered is a shortfall of the report, and the others go on.
"""

from __future__ import annotations

import datetime
import queue
import threading
import time

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from awsaudit import log
from awsaudit.check import Finding
from awsaudit.collect import Progress
from awsaudit.errors import CredentialsError
from awsaudit.framework import frameworks
from awsaudit.gap import ASSUME, CANCELLED, DEADLINE, Gap, GapKind
from awsaudit.merge import ANYWHERE, Merger
from awsaudit.partition import GLOBAL
from awsaudit.plan import Plan
from awsaudit.report import CheckInfo, Coverage, Report
from awsaudit.scan import Scan, Settings, Shared, open_live, plan_of


if TYPE_CHECKING:
    import boto3


_SHARE: Final = 8
"""Workers for each account that is scanned at the same time, at least."""

_WAITING: Final = 1000
"""Findings that wait to be taken, at most."""

_PATIENCE: Final = 2.0
"""Seconds to wait for what is on its way once a scan is to end."""


@frozen
class Member:
    """
    An account to scan.

    Args:
        id: The account.

        partition: The partition that it is in.

        role_arn: The role to assume in it; None for the account of the credentials, which needs none.

        name: What the organization calls it; None if that is not known.
    """

    id: str
    partition: str
    role_arn: str | None = None
    name: str | None = None


@frozen
class _Ended:
    """How the scan of an account ended: with a report, with what kept from it, or with an error of ours."""

    member: Member
    report: Report | None = None
    gaps: tuple[Gap, ...] = ()
    error: BaseException | None = None


class OrganizationScan:
    """
    A scan of several accounts: iterate over it for the findings, then ask for the `report`, as with `awsaudit.scan.Scan`.

    Args:
        members: The accounts, one at least.

        enter: Returns the session of an account; raises CredentialsError where it may not be entered.

        settings: What to do in each.

        plan: The plan, if it is made already.

        cancelled: Stops the scan when set; what was found by then is kept.
    """

    def __init__(
        self,
        members: tuple[Member, ...],
        enter: Callable[[Member], boto3.Session],
        settings: Settings,
        *,
        plan: Plan | None = None,
        cancelled: threading.Event | None = None,
    ) -> None:
        from awsaudit.live import Pace  # noqa: PLC0415 - boto3 is slow to import

        self.members = members
        self._enter = enter
        self._settings = settings
        self._shared = Shared(plan or plan_of(settings), Pace(settings.workers, settings.max_rate))
        self._halt = _Halt(cancelled)
        self._over = threading.Event()
        self._started = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        self._deadline = None if settings.timeout is None else time.monotonic() + settings.timeout
        self._waiting = deque(members)
        self._left = {member.id: member for member in members}
        self._missing = 0
        self._lock = threading.Lock()
        self._running: dict[str, Scan] = {}
        self._past = Progress(accounts=len(members))
        self._ended: queue.Queue[Finding | _Ended] = queue.Queue(_WAITING)
        self._merger = Merger()
        self._merger.add(self._begun())
        self._merger.expect((member.id, region) for member in members for region in self._places())

    def _begun(self) -> Report:
        books = frameworks().values()
        checks = {check.id: CheckInfo.of(check, books) for check in self._shared.plan.checks}
        names = {member.id: member.name for member in self.members if member.name}
        begun = self._started
        return Report((), self.members[0].partition, (), begun, begun, checks, (), Coverage(), account_names=names)

    @property
    def progress(self) -> Progress:
        """How far the scan is, over all accounts; it may be read from another thread."""
        with self._lock:
            running = [scan.progress for scan in self._running.values()]
            past = evolve(self._past)
        for progress in running:
            _add(past, progress)

        return past

    def __iter__(self) -> Iterator[Finding]:
        """Yield each finding as soon as all that its check needs is there."""
        log.info("organization.started", accounts=len(self.members), checks=len(self._shared.plan.checks))
        count = min(len(self.members), max(1, self._settings.workers // _SHARE))
        threads = [
            threading.Thread(target=self._work, name=f"awsaudit-account-{number + 1}", daemon=True)
            for number in range(count)
        ]
        for thread in threads:
            thread.start()
        try:
            while self._left:
                arrived = self._next()
                if isinstance(arrived, Finding):
                    yield arrived
                elif arrived is not None:
                    self._take(arrived)
                else:
                    self._give_up()
        finally:
            self._over.set()
            self._halt.set()
            until = time.monotonic() + _PATIENCE
            for thread in threads:
                thread.join(max(0.0, until - time.monotonic()))
        log.info("organization.finished", accounts=len(self.members), missing=self._missing)

    def _next(self) -> Finding | _Ended | None:
        """Return what comes next; None if the scan is to end and what has not come is stuck on its way in."""
        while True:
            try:
                return self._ended.get(timeout=_PATIENCE)
            except queue.Empty:
                with self._lock:
                    stuck = not self._running
                if stuck and self._why_not() is not None:
                    return None

    def _give_up(self) -> None:
        why = self._why_not() or CANCELLED
        for member in list(self._left.values()):
            self._take(self._missed(member, _unreached(why)))

    def report(self) -> Report:
        """Return the report of what was found so far, merged of those of the accounts that are done."""
        merged = self._merger.report()
        finished = datetime.datetime.now(datetime.UTC).replace(microsecond=0)

        return evolve(merged, started=self._started, finished=finished)

    def _take(self, ended: _Ended) -> None:
        if ended.error is not None:
            raise ended.error
        del self._left[ended.member.id]
        if ended.report is not None:
            self._merger.add(ended.report)
        self._merger.miss(ended.gaps)
        self._missing += bool(ended.gaps)

    # What follows runs on the threads of the accounts.

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                member = self._waiting.popleft()
            try:
                ended = self._visit(member)
            except BaseException as error:  # noqa: BLE001 - carried to the iterating thread, which raises it
                ended = _Ended(member, error=error)
            self._put(ended)
            with self._lock:
                scan = self._running.pop(member.id, None)
                if scan is not None:
                    _add(self._past, scan.progress)
                self._past.accounts_done += 1
                self._deal()

    def _put(self, what: Finding | _Ended) -> None:
        while not self._over.is_set():
            try:
                return self._ended.put(what, timeout=_PATIENCE)
            except queue.Full:
                continue

        return None

    def _visit(self, member: Member) -> _Ended:
        why = self._why_not()
        if why is not None:
            return self._missed(member, _unreached(why))
        try:
            scan = self._open(member)
        except CredentialsError as error:
            log.warning("account.refused", account=member.id, code=error.gap.code if error.gap else None)
            with self._lock:
                _add(self._past, Progress(asked=1, answered=1, failed=1))
            return self._missed(member, error.gap or _NO_CREDENTIALS)
        with self._lock:
            self._running[member.id] = scan
            self._deal()
        for finding in scan:
            self._put(finding)

        return _Ended(member, scan.report())

    def _open(self, member: Member) -> Scan:
        session = self._enter(member)
        rest = None if self._deadline is None else max(self._deadline - time.monotonic(), 0.0)
        return open_live(evolve(self._settings, timeout=rest), session, cancelled=self._halt, shared=self._shared)

    def _deal(self) -> None:
        """Share the workers among the accounts that are being scanned; the last one has them all."""
        for scan in self._running.values():
            scan.share(max(1, self._settings.workers // len(self._running)))

    def _why_not(self) -> str | None:
        if self._halt.is_set():
            return CANCELLED
        return DEADLINE if self._deadline is not None and time.monotonic() >= self._deadline else None

    def _missed(self, member: Member, gap: Gap) -> _Ended:
        """Return the end of an account of which nothing was seen."""
        bare = evolve(gap, account=member.id, resource=None)
        return _Ended(member, gaps=tuple(evolve(bare, region=region) for region in self._places()))

    def _places(self) -> tuple[str, ...]:
        """Return the parts that an account is to have, as far as they are known: all enabled regions may be any."""
        asked = self._settings.regions
        named = () if not asked or "all" in asked else asked
        regions = [region for region in dict.fromkeys(named) if region not in self._settings.exclude_regions]
        if regions and self._settings.global_services:
            regions.append(GLOBAL)

        return tuple(regions) or (ANYWHERE,)


_NO_CREDENTIALS: Final = Gap("", GLOBAL, "sts", ASSUME, "NoCredentials", GapKind.UNAVAILABLE, ("sts:AssumeRole",))


def _unreached(why: str) -> Gap:
    return Gap("", ANYWHERE, "*", "*", why, GapKind.TIMEOUT)


class _Halt(threading.Event):
    """Set where it is itself, or where the event is that whoever runs the scan may set."""

    def __init__(self, outer: threading.Event | None) -> None:
        super().__init__()
        self._outer = outer

    def is_set(self) -> bool:
        return super().is_set() or (self._outer is not None and self._outer.is_set())


def _add(total: Progress, progress: Progress) -> None:
    """Add what was asked and found; services and accounts are counted by themselves."""
    for name in ("asked", "answered", "failed", "units", "done", "throttled", "findings"):
        setattr(total, name, getattr(total, name) + getattr(progress, name))
