"""
Rotation schedules.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
"""

from __future__ import annotations

import calendar
import datetime
import itertools
import re

from collections.abc import Iterator, Mapping, Sequence

from awsaudit import Undecided
from awsaudit.resources.secretsmanager import Secret


_RATE = re.compile(r"rate\(\s*(\d+)\s+(hour|day)s?\s*\)")
_CRON = re.compile(r"cron\(\s*(.+?)\s*\)")
_MONTHS = {
    name: at
    for at, name in enumerate(("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1)
}
_WEEKDAYS = {name: at for at, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_WEEK = 7
# Five years hold every length of month and of year; a schedule repeats at least yearly.
_YEARS = range(2024, 2029)


def longest_interval(secret: Secret) -> datetime.timedelta | None:
    """
    Return the longest time between two scheduled rotations; None if AWS tells no schedule.

    Raises:
        Undecided: The schedule is of a form that AWS does not document.
    """
    schedule = secret.rotation_schedule
    if schedule is None:
        return None if secret.rotation_days is None else datetime.timedelta(days=secret.rotation_days)
    try:
        return _interval(schedule)
    except ValueError:
        raise Undecided(f"its rotation schedule is of no known form: {schedule}") from None


def _interval(schedule: str) -> datetime.timedelta:
    rate = _RATE.fullmatch(schedule)
    if rate:
        return datetime.timedelta(**{f"{rate[2]}s": int(rate[1])})
    cron = _CRON.fullmatch(schedule)
    _, __, day, month, weekday, year = (cron[1] if cron else "").upper().split()
    if year != "*":
        raise ValueError(year)
    days = list(_days(day, _numbers(month, 1, 12, _MONTHS), weekday))
    gaps = [later - earlier for earlier, later in itertools.pairwise(days)]

    return max(gaps)


def _days(day: str, months: Sequence[int], weekday: str) -> Iterator[datetime.date]:
    for year, month in itertools.product(_YEARS, months):
        last = calendar.monthrange(year, month)[1]
        wanted = {last} if day == "L" else set(_numbers(day, 1, 31, {}))
        for number in range(1, last + 1):
            date = datetime.date(year, month, number)
            if number in wanted and _on_weekday(date, weekday, last):
                yield date


def _on_weekday(date: datetime.date, field: str, last: int) -> bool:
    today = date.isoweekday() % _WEEK + 1
    return any(_is_weekday(part, today, date.day, last) for part in field.split(","))


def _is_weekday(part: str, today: int, day: int, last: int) -> bool:
    name, sharp, nth = part.partition("#")
    if sharp:
        return today in _numbers(name, 1, _WEEK, _WEEKDAYS) and (day - 1) // _WEEK + 1 == int(nth)
    if part == "L":
        return today == _WEEK
    if part.endswith("L"):
        return today in _numbers(part[:-1], 1, _WEEK, _WEEKDAYS) and day > last - _WEEK

    return today in _numbers(part, 1, _WEEK, _WEEKDAYS)


def _numbers(field: str, low: int, high: int, names: Mapping[str, int]) -> Sequence[int]:
    """Return the numbers that a field of a cron expression means, such as ``1/3``, ``MON-FRI`` or ``JAN,JUL``."""
    found: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        start = low if span in {"*", "?"} else int(names.get(first, first))
        end = int(names.get(last, last)) if dash else (high if slash or span in {"*", "?"} else start)
        if not low <= start <= end <= high:
            raise ValueError(field)
        found.update(range(start, end + 1, int(step) if slash else 1))

    return sorted(found)
