"""The columns of a roster: what a cell may say -> a field of a profile. No I/O, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voicecoach import letters, roster_cells
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.translation import Guidance
from voicecoach.profile.profile import LANGUAGES, TIMES_OF_DAY
from voicecoach.roster_cells import plain, unwrapped

ID = "client-id"
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


COLUMNS = (
    Column(
        name="birth-date",
        field="birth_date",
        parse=roster_cells.day,
        example="2026-11-01",
        meaning="the day of birth, as 2026-11-01 or 1-11-2026",
        is_needed=True,
    ),
    Column(
        name="perineum",
        field="perineum",
        parse=roster_cells.one_of(Perineum),
        example="tear",
        meaning="intact, episiotomy, tear (1st or 2nd degree), oasi (3rd or 4th)",
        is_needed=True,
    ),
    Column(
        name="floor",
        field="floor",
        parse=roster_cells.one_of(Floor),
        example="normal",
        meaning="normal, over-tense",
        is_needed=True,
    ),
    Column(
        name="catheter",
        field="has_catheter",
        parse=roster_cells.known(roster_cells.YES_NO, "yes, no, ja, nee"),
        example="no",
        meaning="yes, no: whether it is still in",
        is_needed=True,
    ),
    Column(
        name="language",
        field="language",
        parse=roster_cells.known({language: language for language in LANGUAGES}),
        example="nl",
        meaning="nl (which an empty cell stands for), en",
        default="nl",
    ),
    Column(
        name="name",
        field="name",
        parse=roster_cells.name,
        example="",
        meaning="spoken in a greeting of her own, and nowhere else",
    ),
    Column(
        name="delivery",
        field="delivery",
        parse=roster_cells.one_of(Delivery),
        example="vaginal",
        meaning="vaginal, assisted, caesarean",
    ),
    Column(
        name="position",
        field="position",
        parse=roster_cells.one_of(Position),
        example="lying",
        meaning="lying, nursing",
    ),
    Column(
        name="sessions-a-day",
        field="sessions_a_day",
        parse=roster_cells.sessions_a_day,
        example="",
        meaning="1, 2, 3: over how many the exercises of a day are spread",
    ),
    Column(
        name="cleared-on",
        field="cleared_on",
        parse=roster_cells.day,
        example="",
        meaning="the day a clinician allowed contractions; empty: not yet",
    ),
    Column(
        name="started",
        field="started",
        parse=roster_cells.day,
        example="2026-11-05",
        meaning="the day she began; empty: the day of her first batch",
        is_kept=True,
    ),
    Column(
        name="guidance",
        field="guidance",
        parse=roster_cells.one_of(Guidance),
        example="",
        meaning="full, brief, tones: how much is spoken",
    ),
    Column(
        name="voice",
        field="voices",
        parse=roster_cells.voices,
        example="",
        meaning="who speaks, such as espeak:nl+f3",
        default=(),
    ),
    Column(
        name="times",
        field="times_of_day",
        parse=roster_cells.times,
        example="",
        meaning="when she listens, such as 07:30 13:00",
        default=TIMES_OF_DAY,
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}


def value_of(column: Column, cell: str) -> Any:
    """What ``cell`` says. Raises ValueError that says what is wanted instead."""
    kept = unwrapped(cell)
    if kept.startswith(_FORMULA):
        raise ValueError("this begins as a formula does; write plain text")
    if any("\ud800" <= letter <= "\udfff" for letter in kept):
        raise ValueError("this is not UTF-8 text; save the roster as CSV UTF-8")
    text = " ".join(letters.composed(kept).split()) if column.field == "name" else plain(kept)
    if text:
        return column.parse(text)
    if column.is_needed:
        raise ValueError(f"this must be filled: {column.meaning}")
    return column.default
