"""The columns of a roster, which fill the fields of a profile; and an example roster."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voicecoach import countries, letters
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.translation import Guidance
from voicecoach.practice import roster
from voicecoach.practice.roster import plain, unwrapped
from voicecoach.profile.profile import TIMES_OF_DAY

ID = "client-id"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these is a formula to a spreadsheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column, the field of a profile it fills, and how its cells are parsed."""

    name: str
    field: str
    parse: Callable[[str], Any]
    """Raises ValueError with what is expected."""
    example: str
    meaning: str
    is_needed: bool = False
    default: Any = None
    """The value of an empty cell."""
    is_kept: bool = False
    """Whether an empty cell keeps the value in the client's profile."""


COLUMNS = (
    Column(
        name="birth-date",
        field="birth_date",
        parse=roster.day,
        example="2026-11-01",
        meaning="the day of birth, as 2026-11-01 or 1-11-2026",
        is_needed=True,
    ),
    Column(
        name="perineum",
        field="perineum",
        parse=roster.one_of(Perineum),
        example="tear",
        meaning="intact, episiotomy, tear (1st or 2nd degree), oasi (3rd or 4th), large-tear",
        is_needed=True,
    ),
    Column(
        name="floor",
        field="floor",
        parse=roster.one_of(Floor),
        example="normal",
        meaning="normal, over-tense",
        is_needed=True,
    ),
    Column(
        name="catheter",
        field="has_catheter",
        parse=roster.known(roster.YES_NO, "yes, no, ja, nee"),
        example="no",
        meaning="yes, no: whether it is still in",
        is_needed=True,
    ),
    Column(
        name="language",
        field="language",
        parse=roster.language,
        example="nl",
        meaning="nl (also if empty), en",
        default="nl",
    ),
    Column(
        name="country",
        field="country",
        parse=roster.known({code: code for code in countries.codes()}),
        example="nl",
        meaning="nl, gb, elsewhere: whom she can call; empty: by the language",
    ),
    Column(
        name="name",
        field="name",
        parse=roster.name,
        example="",
        meaning="spoken in a greeting of her own, and nowhere else",
    ),
    Column(
        name="delivery",
        field="delivery",
        parse=roster.one_of(Delivery),
        example="vaginal",
        meaning="vaginal, assisted, caesarean",
    ),
    Column(
        name="position",
        field="position",
        parse=roster.one_of(Position),
        example="lying",
        meaning="lying, nursing",
    ),
    Column(
        name="sessions-a-day",
        field="sessions_a_day",
        parse=roster.sessions_a_day,
        example="",
        meaning="1, 2, 3: over how many the exercises of a day are spread",
    ),
    Column(
        name="cleared-on",
        field="cleared_on",
        parse=roster.day,
        example="",
        meaning="the day a clinician allowed contractions; empty: not yet",
    ),
    Column(
        name="started",
        field="started",
        parse=roster.day,
        example="2026-11-05",
        meaning="the day she began; empty: the day of her first batch",
        is_kept=True,
    ),
    Column(
        name="guidance",
        field="guidance",
        parse=roster.one_of(Guidance),
        example="",
        meaning="full, brief, tones: how much is spoken",
    ),
    Column(
        name="voice",
        field="voices",
        parse=roster.voices,
        example="",
        meaning="who speaks, such as espeak:nl+f3",
        default=(),
    ),
    Column(
        name="times",
        field="times_of_day",
        parse=roster.times,
        example="",
        meaning="when she listens, such as 07:30 13:00",
        default=TIMES_OF_DAY,
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}


def value_of(column: Column, cell: str) -> Any:
    """The value of ``cell``. Raises ValueError with what is expected instead."""
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


_HEAD = """\
A roster is a CSV file with a client on each line; its first line names the columns.
Save it as CSV UTF-8. Between the cells is a comma, a semicolon or a tab.
"""


def example() -> str:
    """The example as CSV, without comments: spreadsheets show those as cells."""
    header = ",".join([ID, *(column.name for column in COLUMNS)])
    first = ",".join(["a-0412", *(column.example for column in COLUMNS)])
    needed = [column.example if column.is_needed else "" for column in COLUMNS]
    second = ",".join(["a-0413", *needed])
    return "\n".join([header, first, second]) + "\n"


def explanation() -> str:
    """The meaning of each column."""
    lines = [
        f"  {ID}: yours for her, and the name of her folder; not her own name. Begin it with a",
        "    letter: a spreadsheet turns 0412 into 412, which may be another client's",
    ]
    lines += [_explained(each.name, each.meaning) for each in COLUMNS if each.is_needed]
    lines += ["", "What may stay empty, or be left out with its column:"]
    lines += [_explained(each.name, each.meaning) for each in COLUMNS if not each.is_needed]
    return f"{_HEAD}\nWhat must be filled:\n" + "\n".join(lines) + "\n"


def _explained(name: str, meaning: str) -> str:
    return f"  {name}: {meaning}"
