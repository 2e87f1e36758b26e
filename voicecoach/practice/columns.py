"""The columns of a roster, which fill the fields of a profile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from voicecoach import countries, environment, letters, messages
from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position
from voicecoach.content.questions import Question
from voicecoach.content.translation import Guidance
from voicecoach.practice import prescription_cells, roster
from voicecoach.practice.roster import plain, unwrapped
from voicecoach.profile.profile import MOST_SESSIONS_A_DAY, TIMES_OF_DAY

ID = "client-id"
PRESCRIBES = "prescription."
"""How the fields begin that are of an entry of prescription.yaml, and not of a profile."""
PROGRAMME = "programme"
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
    choices: tuple[str, ...] = ()
    """What may be chosen; empty if anything may be typed."""
    is_needed: bool = False
    default: Any = None
    """The value of an empty cell."""
    is_kept: bool = False
    """Whether an empty cell keeps the value in the client's profile."""
    question: Question | None = None
    """The question it answers; only programmes that ask it have the column."""
    is_of_contractions: bool = False
    """Whether only programmes with contractions have it."""


COLUMNS = (
    Column(
        name="birth-date",
        field="birth_date",
        parse=roster.day,
        example="2026-11-01",
        is_needed=True,
        is_kept=True,
    ),
    Column(
        name="perineum",
        question=Question.PERINEUM,
        field="perineum",
        parse=roster.one_of(Perineum),
        choices=tuple(Perineum),
        example="tear",
        is_needed=True,
    ),
    Column(
        name="floor",
        question=Question.FLOOR,
        field="floor",
        parse=roster.one_of(Floor),
        choices=tuple(Floor),
        example="normal",
        is_needed=True,
    ),
    Column(
        name="catheter",
        question=Question.CATHETER,
        field="has_catheter",
        parse=roster.known(roster.YES_NO, "yes, no, ja, nee"),
        choices=("yes", "no"),
        example="no",
        is_needed=True,
    ),
    Column(
        name=PROGRAMME,
        field=PROGRAMME,
        parse=str,
        choices=environment.built_in_names(),
        example="",
    ),
    Column(
        name="language",
        field="language",
        parse=roster.language,
        choices=messages.languages(),
        example="nl",
        default="nl",
    ),
    Column(
        name="country",
        field="country",
        parse=roster.known({code: code for code in countries.codes()}),
        choices=countries.codes(),
        example="nl",
    ),
    Column(
        name="name",
        field="name",
        parse=roster.name,
        example="",
    ),
    Column(
        name="delivery",
        question=Question.DELIVERY,
        field="delivery",
        parse=roster.one_of(Delivery),
        choices=tuple(Delivery),
        example="vaginal",
    ),
    Column(
        name="position",
        question=Question.POSITION,
        field="position",
        parse=roster.one_of(Position),
        choices=tuple(Position),
        example="lying",
    ),
    Column(
        name="sessions-a-day",
        question=Question.SESSIONS_A_DAY,
        field="sessions_a_day",
        parse=roster.sessions_a_day,
        choices=tuple(str(n + 1) for n in range(MOST_SESSIONS_A_DAY)),
        example="",
    ),
    Column(
        name="catheter-out-on",
        question=Question.CATHETER,
        field="catheter_out_on",
        parse=roster.day,
        example="",
        is_kept=True,
    ),
    Column(
        name="cleared-on",
        is_of_contractions=True,
        field="cleared_on",
        parse=roster.day,
        example="",
    ),
    Column(
        name="cleared-to",
        is_of_contractions=True,
        field="cleared_to",
        parse=roster.step,
        example="",
    ),
    Column(
        name="long-holds",
        is_of_contractions=True,
        field="long_holds",
        parse=roster.known(roster.YES_NO, "yes, no, ja, nee"),
        choices=("yes", "no"),
        example="",
        default=False,
    ),
    Column(
        name="face-up",
        field="face_up",
        parse=roster.known(roster.YES_NO, "yes, no, ja, nee"),
        choices=("yes", "no"),
        example="",
    ),
    Column(name="checked-on", field="checked_on", parse=roster.day, example=""),
    Column(
        name="started",
        field="started",
        parse=roster.day,
        example="2026-11-05",
        is_kept=True,
    ),
    Column(
        name="guidance",
        field="guidance",
        parse=roster.one_of(Guidance),
        choices=tuple(Guidance),
        example="",
    ),
    Column(name="voice", field="voices", parse=roster.voices, example="", default=()),
    Column(
        name="times",
        field="times_of_day",
        parse=roster.times,
        example="",
        default=TIMES_OF_DAY,
    ),
    *(
        Column(name=name, field=f"{PRESCRIBES}{key}", parse=parse, example="")
        for name, key, parse in prescription_cells.COLUMNS
    ),
)
"""Those of a programme after a birth that asks everything."""
DAY_ZERO = replace(COLUMNS[0], name="day-zero")
"""Takes the place of the day of birth in other programmes."""
BY_NAME = {column.name: column for column in (*COLUMNS, DAY_ZERO)}


def value_of(column: Column, cell: str, *, is_needed: bool) -> Any:
    """The value of ``cell``, which must be filled where it ``is_needed``. Raises ValueError with
    what is expected instead."""
    kept = unwrapped(cell)
    if kept.startswith(_FORMULA):
        raise ValueError("this begins as a formula does; write plain text")
    if any("\ud800" <= letter <= "\udfff" for letter in kept):
        raise ValueError("this is not UTF-8 text; save the roster as CSV UTF-8")
    is_prose = column.field in ("name", f"{PRESCRIBES}by")
    text = letters.tidied(kept) if is_prose else plain(kept)
    if text:
        return column.parse(_canonical(column, text))
    if is_needed:
        raise ValueError(f"this must be filled: {meaning_of(column.name)}")
    return column.default


def meaning_of(name: str, language: str = messages.ENGLISH) -> str:
    """What the column ``name`` is for."""
    return messages.words(language)(f"roster.meaning.{name}")


def columns_by_header() -> dict[str, str]:
    """The name of each column by its header, in every language."""
    return {
        messages.words(language)(f"roster.header.{name}").lower(): name
        for language in messages.languages()
        for name in (ID, *BY_NAME)
    }


def _canonical(column: Column, text: str) -> str:
    """A choice of ``column`` as the program names it, if ``text`` is its name in some language."""
    for language in messages.languages():
        shown = choices_in(column, messages.words(language))
        if text.lower() in map(str.lower, shown):
            return column.choices[[each.lower() for each in shown].index(text.lower())]
    return text


def choices_in(column: Column, words: messages.Words) -> tuple[str, ...]:
    """The choices of ``column`` as they are shown in a language."""
    keys = ((choice, f"roster.choice.{choice}") for choice in column.choices)
    return tuple(words(key) if key in words else choice for choice, key in keys)
