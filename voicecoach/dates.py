"""Dates, times of day, and days counted from the birth. No I/O, no clock."""

import calendar
import re
from collections.abc import Iterable
from datetime import date, time, timedelta

from voicecoach.messages import Message


def week_of(day: int) -> int:
    """The week of ``day``: 1 for days 1 to 7."""
    return (day - 1) // 7 + 1


def days_of_week(week: int) -> range:
    """The seven days of ``week`` (from 1)."""
    return range(7 * (week - 1) + 1, 7 * week + 1)


def runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """Consecutive ``days`` as pairs of first and last day."""
    found: list[tuple[int, int]] = []
    for day in sorted(days):
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def days_text(first: int, last: int) -> str:
    """``day 5`` or ``days 5-9``."""
    return f"day {first}" if first == last else f"days {first}-{last}"


DAY_PATTERN = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_SPOKEN_DAY = re.compile(r"(?P<day>[0-9]{1,2})[-/. ](?P<month>[0-9]{1,2})[-/. ](?P<year>[0-9]{4})")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]00)?")


def parse_day(text: str) -> date:
    """The date written as 2026-11-01. Raises ValueError with what is wrong."""
    match = DAY_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(Message("errors.no_day_form", text=text[:20]))
    return _day(match)


def parse_spoken_day(text: str) -> date:
    """Like :func:`parse_day`, but also accepts 1-11-2026, the day first."""
    match = _SPOKEN_DAY.fullmatch(text)
    return parse_day(text) if match is None else _day(match)


def _day(match: re.Match[str]) -> date:
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    if not (year and 1 <= month <= 12):
        raise ValueError(Message("errors.no_month", month=month, year=year))
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        name = Message(f"dates.month.{month}")
        raise ValueError(Message("errors.no_day", day=day, month=name, year=year))
    return date(year, month, day)


def day_after(day: date) -> date:
    """The next day; ``date.max`` for itself."""
    return min(day, date.max - timedelta(days=1)) + timedelta(days=1)


def parse_time(text: str) -> time:
    """The time of day written as 07:30. Raises ValueError with what is wrong."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(Message("errors.no_time_form", text=text[:20]))
    return time(int(match[1]), int(match[2]))


def shown_time(moment: time) -> str:
    """``moment`` in the form 07:30."""
    return f"{moment:%H:%M}"


def minutes(duration_ms: int) -> int:
    """``duration_ms`` in whole minutes, at least 1 unless it is 0."""
    return max(1, round(duration_ms / 60_000)) if duration_ms else 0
