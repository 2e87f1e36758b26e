"""Dates, times of day, and days counted from the birth. No clock."""

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from voicecoach import messages
from voicecoach.messages import Message

LAST_DAY = 364
"""The last day of the year after the birth: that of week 52."""


DAY_ENDS_AT = time(4)
"""When a client's day ends: a feed at one in the morning belongs to the evening (editorial)."""


def day_at(moment: datetime) -> date:
    """The day that ``moment`` belongs to; until DAY_ENDS_AT, that is the day before.

    >>> day_at(datetime(2026, 11, 28, 1, 30))
    datetime.date(2026, 11, 27)
    """
    return moment.date() if moment.time() >= DAY_ENDS_AT else moment.date() - timedelta(days=1)


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
_SHORT_YEAR = re.compile(r"(?P<day>[0-9]{1,2})[-/. ](?P<month>[0-9]{1,2})[-/. ](?P<year>[0-9]{2})")
_NUMBER = re.compile(r"(?P<number>[0-9]{1,4})(?:e|de|ste|st|nd|rd|th)?")
_SHORTEST_MONTH = 3
"""So many letters are enough for the name of a month."""
_DAYS_AGO = {"today": 0, "yesterday": 1, "day_before_yesterday": 2}
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


def parse_day_in_words(text: str, today: date) -> date:
    """Like :func:`parse_spoken_day`, but also accepts 1-11-26, and words of any language of the
    program.

    >>> parse_day_in_words("gisteren", date(2026, 11, 27))
    datetime.date(2026, 11, 26)
    >>> parse_day_in_words("13 november", date(2026, 11, 27))
    datetime.date(2026, 11, 13)

    Without a year it is the last such day that is not after ``today``.
    """
    plain = " ".join(text.lower().split())
    for language in messages.languages():
        words = messages.words(language)
        for key, days in _DAYS_AGO.items():
            if plain == words(f"dates.{key}"):
                return today - timedelta(days=days)
        months = [words(f"dates.month.{number + 1}").lower() for number in range(12)]
        found = _day_of_month(plain, months, today)
        if found is not None:
            return found
    short = _SHORT_YEAR.fullmatch(plain)
    return parse_spoken_day(text) if short is None else _day(short)


def parse_coming_day(text: str, today: date) -> date:
    """Like :func:`parse_day_in_words`, but a day without a year is the first such day from
    ``today`` on, and so is a day of the week.

    >>> parse_coming_day("vrijdag", date(2026, 11, 28))
    datetime.date(2026, 12, 4)
    >>> parse_coming_day("20 december", date(2026, 11, 28))
    datetime.date(2026, 12, 20)
    """
    plain = " ".join(text.lower().split())
    for language in messages.languages():
        words = messages.words(language)
        for number in range(1, 8):
            if plain == words(f"dates.weekday.{number}").lower():
                return today + timedelta(days=(number - today.isoweekday()) % 7)
    found = parse_day_in_words(text, today)
    in_a_year = parse_day_in_words(text, today + timedelta(days=364))
    is_without_year = (in_a_year - found).days in (365, 366)
    return in_a_year if is_without_year and found < today else found


def _day_of_month(text: str, months: Sequence[str], today: date) -> date | None:
    """The day that ``text`` names with one of ``months``: ``1 nov 2026``, ``november 1st``."""
    parts = [part for part in re.split(r"[\s,./-]+", text) if part]
    numbers = [match["number"] for part in parts if (match := _NUMBER.fullmatch(part))]
    named = [part for part in parts if _NUMBER.fullmatch(part) is None]
    if len(named) != 1 or len(numbers) not in (1, 2) or len(named[0]) < _SHORTEST_MONTH:
        return None
    found = [n for n, month in enumerate(months, start=1) if month.startswith(named[0])]
    if len(found) != 1:
        return None
    day, month = int(numbers[0]), found[0]
    if len(numbers) == 2:
        return _checked(_year(numbers[1]), month, day)
    this_year = _checked(today.year, month, day)
    return this_year if this_year <= today else _checked(today.year - 1, month, day)


def _day(match: re.Match[str]) -> date:
    return _checked(_year(match["year"]), int(match["month"]), int(match["day"]))


def _year(text: str) -> int:
    """The year that ``text`` names, perhaps by its last two digits."""
    return 2000 + int(text) if len(text) == 2 else int(text)


def _checked(year: int, month: int, day: int) -> date:
    """The date. Raises ValueError with what is wrong."""
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
