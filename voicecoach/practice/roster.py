"""The clients of a practice as a roster lists them: cells -> values, and the clients they describe.
No I/O, no clock.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach import dates, letters, messages
from voicecoach.errors import Problem
from voicecoach.profile.profile import MOST_SESSIONS_A_DAY, MOST_STEPS, Told, parse_voice

if TYPE_CHECKING:
    from voicecoach.practice.programmes import Course

YES_NO = {
    **dict.fromkeys(("yes", "ja", "y", "j", "true", "waar", "1", "1,0", "1.0"), True),
    **dict.fromkeys(("no", "nee", "n", "false", "onwaar", "0", "0,0", "0.0"), False),
}
_WHOLE = re.compile(r"([0-9]{1,4})(?:[.,]0+)?")
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
    """A date as a person or a spreadsheet writes it, if the order of its parts is unambiguous.

    Raises ValueError.
    """
    text = _MIDNIGHT.sub("", text)
    if _SLASHES.fullmatch(text):
        raise ValueError(
            "with a slash it is unclear which is the day and which the month; write 2026-11-01"
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
        raise ValueError("a day of the calendar is expected, as 2026-11-01 or 1-11-2026") from None


def one_of(answers: type[StrEnum]) -> Callable[[str], Any]:
    """A parser for the values of ``answers``."""
    return known({answer.value: answer for answer in answers})


def known(values: dict[str, Any], shown: str = "") -> Callable[[str], Any]:
    """A parser for the keys of ``values``, in any case; errors list ``shown`` instead, if given."""

    def parse(text: str) -> Any:
        if text.lower() not in values:
            raise ValueError(f"one of these is expected: {shown or ', '.join(values)}")
        return values[text.lower()]

    return parse


def language(text: str) -> str:
    """The code of a supported language. Raises ValueError."""
    code: str = known({code: code for code in messages.languages()})(text)
    return code


def sessions_a_day(text: str) -> int:
    """A number of sessions; spreadsheets also write 2,0. Raises ValueError."""
    number = number_up_to(text, MOST_SESSIONS_A_DAY)
    if number is None:
        listed = ", ".join(str(n + 1) for n in range(MOST_SESSIONS_A_DAY))
        raise ValueError(f"one of these is expected: {listed}")
    return number


def step(text: str) -> int:
    """A step of the programme, from 1. Raises ValueError."""
    number = number_up_to(text, MOST_STEPS)
    if number is None:
        raise ValueError("the number of a step is expected, such as 4")
    return number


def number_up_to(text: str, most: int) -> int | None:
    """The number from 1 to ``most`` that ``text`` is; ``None`` where it is not."""
    match = _WHOLE.fullmatch(text)
    return int(match[1]) if match and 1 <= int(match[1]) <= most else None


def name(text: str) -> str:
    """A name that a voice can say. Raises ValueError, which does not repeat it."""
    if len(text) > letters.LONGEST_NAME:
        raise ValueError(f"a name of at most {letters.LONGEST_NAME} characters is expected")
    place = next(letters.unsayable(text), None)
    if place is not None:
        raise ValueError(f"no voice can say character {place + 1} of this name; {letters.SPELL_IT}")
    return text


def voices(text: str) -> tuple[str, ...]:
    """Voices, separated by spaces. Raises ValueError."""
    try:
        return tuple(parse_voice(part) for part in text.split())
    except ValueError:
        raise ValueError("voices are expected as espeak:nl+f3, with a space between") from None


def times(text: str) -> tuple[Any, ...]:
    """Times of day, separated by spaces. Raises ValueError."""
    try:
        return tuple(dates.parse_time(part) for part in re.split(r"[\s,;]+", text) if part)
    except ValueError:
        raise ValueError("times are expected as 07:30, with a space between") from None


def plain(cell: str) -> str:
    """``cell`` without what spreadsheets add: invisible marks, other spaces and dashes, quotation
    marks around it, the apostrophe before a text."""
    text = " ".join(unwrapped(cell).translate(_LOOKALIKES).split())
    return _UNSEEN.sub("", text).strip(_AROUND)


def unwrapped(cell: str) -> str:
    """``cell`` without the notation that keeps a spreadsheet from turning it into a number."""
    match = _KEPT_AS_TEXT.fullmatch(cell.strip())
    return cell if match is None else match[1]


_LONGEST_ID = 64
_ID = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9._-]{{0,{_LONGEST_ID - 2}}}[A-Za-z0-9_-])?")
REPORT_FILE = "report.json"
"""What became of the clients; it stands beside their folders."""
_TAKEN = re.compile(
    rf"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?|{re.escape(REPORT_FILE)}", re.IGNORECASE
)
"""Names that Windows keeps to itself, and our own."""
ID_WANTED = (
    f"a client id has 1 to {_LONGEST_ID} letters, digits, hyphens, underscores or dots, and begins"
    " with a letter or digit, such as a-0412"
)


LONGEST_LINE = 16_384
"""In bytes; what is longer is no client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a roster file."""

    number: int
    """From 1, as the file or the sheet counts."""
    cells: tuple[str, ...] = ()
    fault: str = ""
    """Why its cells cannot be read; empty if they can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client who can be served, with only the personal data that the pack needs."""

    id: str
    """The name of her folder; never her own."""
    told: Told = field(default_factory=dict, repr=False)
    """Values from the roster by field of a profile; empty if the client has a profile file."""
    prescribed: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What it prescribes, by field of an entry of prescription.yaml."""
    row: Problem | None = field(default=None, repr=False, compare=False)
    """Where the roster file says so; its message says nothing."""
    folder: Path | None = None
    """Where her own files are, if the roster is a folder of them."""
    course: "Course | None" = None
    """The programme that the roster names; ``None``: that of the batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A line or file of the roster for which nothing can be built.

    The problems say where and what is wrong, but quote nothing: it may be a name or a date.
    """

    client: str
    """Her id, or where in the roster she stands."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The entries of a roster, in order."""

    clients: tuple[Client, ...]
    unusable: tuple[Unusable, ...]


def hidden(problem: Problem) -> Problem:
    """``problem`` of a profile without its message, which may quote personal data."""
    message = "this cannot be used; voicecoach plan, in that folder, says why"
    return replace(problem, message=message)


def is_id(text: str) -> bool:
    """Whether ``text`` can name a client's folder on every file system."""
    return _ID.fullmatch(text) is not None and _TAKEN.fullmatch(text) is None


def gathered(entries: Iterable[tuple[Problem, Client | Unusable]]) -> Roster:
    """The roster of ``entries``; each comes with the problem to report if its id is taken.

    Ids that differ only in case are the same, because they name folders. An id belongs to its
    first entry, even if nothing can be built for it.
    """
    clients: list[Client] = []
    unusable: list[Unusable] = []
    first: dict[str, Problem] = {}
    for taken, entry in entries:
        id_, problems = _id_and_problems(entry)
        if first.setdefault(id_.lower(), taken) is not taken:
            unusable.append(Unusable(client=id_, problems=(taken, *problems)))
        elif isinstance(entry, Unusable):
            unusable.append(entry)
        else:
            clients.append(entry)
    return Roster(clients=tuple(clients), unusable=tuple(unusable))


def _id_and_problems(entry: Client | Unusable) -> tuple[str, tuple[Problem, ...]]:
    return (entry.id, ()) if isinstance(entry, Client) else (entry.client, entry.problems)
