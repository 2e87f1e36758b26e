"""What a cell of a roster may say, and what a spreadsheet makes of it -> values. No I/O, no clock.

A message never repeats what stands in a cell: it may be a name or a date of birth.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from voicecoach import dates, letters
from voicecoach.profile.profile import MOST_SESSIONS_A_DAY, parse_voice

YES_NO = {
    **dict.fromkeys(("yes", "ja", "y", "j", "true", "waar", "1", "1,0", "1.0"), True),
    **dict.fromkeys(("no", "nee", "n", "false", "onwaar", "0", "0,0", "0.0"), False),
}
_WHOLE = re.compile(r"([0-9])(?:[.,]0+)?")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_SLASHES = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_MIDNIGHT = re.compile(r"[ T]0?0[:.]00(?:[:.]00(?:[.,]0+)?)?$")
_LOOKALIKES = str.maketrans(
    {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"), "\uff1a": ":"}
)
_AROUND = " '\"\u2018\u2019\u201c\u201d\u201e"
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
"""How a spreadsheet is told that ``0412`` is no number."""


def day(text: str) -> Any:
    """A day, as a person or a spreadsheet writes it where its order is beyond doubt.

    Raises ValueError.
    """
    text = _MIDNIGHT.sub("", text)
    if _SLASHES.fullmatch(text):
        raise ValueError(
            "with a slash it cannot be told which is the day and which the month; write 2026-11-01"
        )
    if _NUMBER.fullmatch(text):
        raise ValueError(
            "this is a number, as spreadsheets keep a day; format the column as a date, or write"
            " 2026-11-01"
        )
    year_first = _YEAR_FIRST.fullmatch(text)
    if year_first:
        year, month, day = year_first.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
    try:
        return dates.parse_spoken_day(text)
    except ValueError:
        raise ValueError("a day of the calendar is wanted, as 2026-11-01 or 1-11-2026") from None


def one_of(answers: type[StrEnum]) -> Callable[[str], Any]:
    """A parser of one of ``answers``."""
    return known({answer.value: answer for answer in answers})


def known(values: dict[str, Any], shown: str = "") -> Callable[[str], Any]:
    """A parser of one of ``values``, in capitals or not; ``shown`` are those to show."""

    def parse(text: str) -> Any:
        if text.lower() not in values:
            raise ValueError(f"one of these is wanted: {shown or ', '.join(values)}")
        return values[text.lower()]

    return parse


def sessions_a_day(text: str) -> int:
    """How many sessions; spreadsheets write 2,0 too. Raises ValueError."""
    whole = _WHOLE.fullmatch(text)
    if whole is None or not 1 <= int(whole[1]) <= MOST_SESSIONS_A_DAY:
        listed = ", ".join(str(n + 1) for n in range(MOST_SESSIONS_A_DAY))
        raise ValueError(f"one of these is wanted: {listed}")
    return int(whole[1])


def name(text: str) -> str:
    """A name that a voice can say. Raises ValueError, which does not repeat it."""
    if len(text) > letters.LONGEST_NAME:
        raise ValueError(f"a name of at most {letters.LONGEST_NAME} characters is wanted")
    place = next(letters.unsayable(text), None)
    if place is not None:
        raise ValueError(f"no voice can say character {place + 1} of this name; {letters.SPELL_IT}")
    return text


def voices(text: str) -> tuple[str, ...]:
    """Voices with a space between. Raises ValueError."""
    try:
        return tuple(parse_voice(part) for part in text.split())
    except ValueError:
        raise ValueError("voices are wanted as espeak:nl+f3, with a space between") from None


def times(text: str) -> tuple[Any, ...]:
    """Times of day with a space between. Raises ValueError."""
    try:
        return tuple(dates.parse_time(part) for part in re.split(r"[\s,;]+", text) if part)
    except ValueError:
        raise ValueError("times are wanted as 07:30, with a space between") from None


def plain(cell: str) -> str:
    """What a person wrote of ``cell``, without what a spreadsheet makes of it: marks that nobody
    sees, other spaces and dashes, quotation marks around it, the apostrophe before a text."""
    text = " ".join(unwrapped(cell).translate(_LOOKALIKES).split())
    return _UNSEEN.sub("", text).strip(_AROUND)


def unwrapped(cell: str) -> str:
    """``cell`` without the notation that keeps a spreadsheet from making a number of it."""
    match = _KEPT_AS_TEXT.fullmatch(cell.strip())
    return cell if match is None else match[1]
