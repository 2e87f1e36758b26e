"""The columns of a roster: what a cell may say -> a field of a profile. No I/O, no clock.

A message never repeats what stands in a cell: it may be a name or a date of birth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from voicecoach import dates
from voicecoach.profile import LANGUAGES, MOST_SESSIONS_A_DAY, TIMES_OF_DAY, parse_voice
from voicecoach.situation import Delivery, Floor, Perineum, Position
from voicecoach.words import Guidance

ID = "client-id"
_LONGEST_NAME = 60
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these is a formula to a spreadsheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column, the field of a profile it fills, and what stands there."""

    name: str
    field: str
    parse: Callable[[str], Any]
    """Raises ValueError with what is wanted."""
    example: str
    meaning: str
    is_needed: bool = False
    default: Any = None
    """What an empty cell stands for."""
    is_kept: bool = False
    """Whether an empty cell leaves what her file says already."""


def _day(text: str) -> Any:
    try:
        return dates.parse_day(text)
    except ValueError:
        raise ValueError("a day of the calendar is wanted, as 2026-11-01") from None


def _one_of(answers: type[StrEnum]) -> Callable[[str], Any]:
    return _known({answer.value: answer for answer in answers})


def _known(values: dict[str, Any]) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        if text not in values:
            raise ValueError(f"one of these is wanted: {', '.join(values)}")
        return values[text]

    return parse


def _name(text: str) -> str:
    if len(text) > _LONGEST_NAME or not text.isprintable():
        raise ValueError(f"a name of at most {_LONGEST_NAME} characters is wanted")
    return " ".join(text.split())


def _voices(text: str) -> tuple[str, ...]:
    try:
        return tuple(parse_voice(part) for part in text.split())
    except ValueError:
        raise ValueError("voices are wanted as espeak:nl+f3, with a space between") from None


def _times(text: str) -> tuple[Any, ...]:
    try:
        return tuple(dates.parse_time(part) for part in text.split())
    except ValueError:
        raise ValueError("times are wanted as 07:30, with a space between") from None


COLUMNS = (
    Column(
        name="birth-date",
        field="birth_date",
        parse=_day,
        example="2026-11-01",
        meaning="the day of birth, as year-month-day",
        is_needed=True,
    ),
    Column(
        name="perineum",
        field="perineum",
        parse=_one_of(Perineum),
        example="tear",
        meaning="intact, episiotomy, tear (1st or 2nd degree), oasi (3rd or 4th)",
        is_needed=True,
    ),
    Column(
        name="floor",
        field="floor",
        parse=_one_of(Floor),
        example="normal",
        meaning="normal, over-tense",
        is_needed=True,
    ),
    Column(
        name="catheter",
        field="has_catheter",
        parse=_known({"yes": True, "no": False, "ja": True, "nee": False}),
        example="no",
        meaning="yes, no: whether it is still in",
        is_needed=True,
    ),
    Column(
        name="language",
        field="language",
        parse=_known({language: language for language in LANGUAGES}),
        example="nl",
        meaning="nl (which an empty cell stands for), en",
        default="nl",
    ),
    Column(
        name="name",
        field="name",
        parse=_name,
        example="",
        meaning="spoken in a greeting of her own, and nowhere else",
    ),
    Column(
        name="delivery",
        field="delivery",
        parse=_one_of(Delivery),
        example="vaginal",
        meaning="vaginal, assisted, caesarean",
    ),
    Column(
        name="position",
        field="position",
        parse=_one_of(Position),
        example="lying",
        meaning="lying, nursing",
    ),
    Column(
        name="sessions-a-day",
        field="sessions_a_day",
        parse=_known({str(n): n for n in range(1, MOST_SESSIONS_A_DAY + 1)}),
        example="",
        meaning="1, 2, 3: over how many the exercises of a day are spread",
    ),
    Column(
        name="cleared-on",
        field="cleared_on",
        parse=_day,
        example="",
        meaning="the day a clinician allowed contractions; empty: not yet",
    ),
    Column(
        name="started",
        field="started",
        parse=_day,
        example="2026-11-05",
        meaning="the day she began; empty: the day of her first batch",
        is_kept=True,
    ),
    Column(
        name="guidance",
        field="guidance",
        parse=_one_of(Guidance),
        example="",
        meaning="full, brief, tones: how much is spoken",
    ),
    Column(
        name="voice",
        field="voices",
        parse=_voices,
        example="",
        meaning="who speaks, such as espeak:nl+f3",
        default=(),
    ),
    Column(
        name="times",
        field="times_of_day",
        parse=_times,
        example="",
        meaning="when she listens, such as 07:30 13:00",
        default=TIMES_OF_DAY,
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}


def value_of(column: Column, cell: str) -> Any:
    """What ``cell`` says. Raises ValueError that says what is wanted instead."""
    text = cell.strip()
    if cell.startswith(_FORMULA):
        raise ValueError("this begins as a formula does; write plain text")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("this is not UTF-8 text; save the roster as CSV UTF-8")
    if text:
        return column.parse(text)
    if column.is_needed:
        raise ValueError(f"this must be filled: {column.meaning}")
    return column.default
