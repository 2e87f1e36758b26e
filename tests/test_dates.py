"""Days since the birth, and days as people write them."""

from datetime import date

import pytest

from voicecoach import dates
from voicecoach.dates import days_of_week, days_text, runs, week_of


@pytest.mark.parametrize(
    ("day", "week"), [(1, 1), (7, 1), (8, 2), (14, 2), (15, 3), (42, 6), (43, 7), (364, 52)]
)
def test_week_n_is_days_7n_minus_6_to_7n(day: int, week: int) -> None:
    assert week_of(day) == week


@pytest.mark.parametrize(
    ("week", "first", "last"), [(1, 1, 7), (2, 8, 14), (6, 36, 42), (52, 358, 364)]
)
def test_a_week_has_seven_days(week: int, first: int, last: int) -> None:
    assert list(days_of_week(week)) == list(range(first, last + 1))


def test_days_and_weeks_agree() -> None:
    for week in range(1, 60):
        assert [week_of(day) for day in days_of_week(week)] == [week] * 7


def test_days_that_follow_each_other_become_one_run_whatever_their_order() -> None:
    assert runs([9, 3, 1, 2, 5]) == [(1, 3), (5, 5), (9, 9)]
    assert runs([]) == []


def test_a_run_of_one_day_is_told_as_that_day() -> None:
    assert days_text(5, 5) == "day 5"
    assert days_text(5, 9) == "days 5-9"


TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("vandaag", date(2026, 11, 27)),
        ("Gisteren", date(2026, 11, 26)),
        (" eergisteren ", date(2026, 11, 25)),
        ("today", date(2026, 11, 27)),
        ("yesterday", date(2026, 11, 26)),
        ("the day before yesterday", date(2026, 11, 25)),
        ("13 november 2026", date(2026, 11, 13)),
        ("13 November 2026", date(2026, 11, 13)),
        ("November 13th, 2026", date(2026, 11, 13)),
        ("13 nov", date(2026, 11, 13)),
        ("1e maart 26", date(2026, 3, 1)),
        ("31 december", date(2025, 12, 31)),
        ("13-11-26", date(2026, 11, 13)),
        ("13/11/2026", date(2026, 11, 13)),
        ("2026-11-13", date(2026, 11, 13)),
    ],
)
def test_a_day_may_be_written_in_words(text: str, day: date) -> None:
    assert dates.parse_day_in_words(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "morgen", "30 februari 2026", "ma 2026", "13 13 november 2026", "november", "j 3"]
)
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\d{4}"):
        dates.parse_day_in_words(text, TODAY)
