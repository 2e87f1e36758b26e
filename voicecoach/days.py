"""Days since the birth: their weeks, and those that follow each other. No I/O.

Day 0 is the day of birth; week N is days 7(N−1)+1 to 7N.
"""

from collections.abc import Iterable


def week_of(day: int) -> int:
    """The week in which ``day`` lies."""
    return (day - 1) // 7 + 1


def days_of_week(week: int) -> range:
    """The seven days of ``week`` (from 1)."""
    return range(7 * (week - 1) + 1, 7 * week + 1)


def runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """Days as the first and the last of those that follow each other."""
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
