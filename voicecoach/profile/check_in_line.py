"""A check-in <-> its line in the file. No I/O.

2026-11-20 done=yes pain=no felt=yes
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from voicecoach import dates, messages
from voicecoach.content.clinical_state import CheckIn
from voicecoach.messages import Message

FIELDS: Mapping[str, str] = {
    "done": "done",
    "pain": "pain",
    "heaviness": "heaviness",
    "leaks": "leaks",
    "leaks-more": "leaks_more",
    "easier": "easier",
    "felt": "felt",
    "let-go": "let_go",
    "call": "red_flag",
    "eases": "eases",
    "bulge": "bulge",
    "grows": "grows",
    "book": "book",
    "mood": "mood",
}
"""The questions as the file writes them, and the fields of :class:`CheckIn`."""
GOOD = {field: field in ("done", "felt", "let_go", "eases") for field in FIELDS.values()}
"""The answers that never make the plan more careful."""
CUT = "#?"
"""Begins a line that says of the one above that it may be cut short."""
_WORD = re.compile(r"\S+")
_ANSWERS = {"yes": True, "no": False, "ja": True, "nee": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in a line, and in which column (from 1)."""

    column: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line that cannot be read, and what can be said of it all the same."""

    faults: tuple[Fault, ...]
    day: int | None
    """Since the birth; ``None`` where it cannot be read, or cannot be so."""
    bad: Mapping[str, bool]
    """The answers that make the plan more careful, by field: those that it tells, and those that
    it may tell to a question that it names. An answer about what to call about has to be whole."""
    is_harmless: bool
    """Whether all but its day can be read, and holds nothing back on whatever day it was."""


def head(language: str, *, after_birth: bool = True) -> str:
    """The first lines of a new file."""
    key = f"check_in_file.head{'' if after_birth else '_for_anyone'}"
    return messages.words(language).comment(key)


def cut_mark(language: str) -> str:
    """The line that is put behind one that may be cut short."""
    return f"{CUT} {messages.words(language)('check_in_file.cut')}\n"


def is_torn_head(text: str) -> bool:
    """Whether ``text`` is the beginning of a new file whose first check-in never came."""
    languages = messages.languages()
    heads = [head(each, after_birth=is_so) for each in languages for is_so in (True, False)]
    return bool(text) and any(whole.startswith(text) and whole != text for whole in heads)


def answers_call(line: str) -> bool:
    """Whether ``line`` says if there was something to call about."""
    return any(word.startswith("call=") for _, word in _words(line))


def write(on: date, check_in: CheckIn, comment: str = "") -> str:
    """The line of ``check_in``, with a ``comment`` if there is one, and the end of line."""
    given = {name: getattr(check_in, field) for name, field in FIELDS.items()}
    answers = [
        f"{name}={'yes' if answer else 'no'}"
        for name, answer in given.items()
        if answer is not None
    ]
    return " ".join([on.isoformat(), *answers, *(["#", comment] if comment else [])]) + "\n"


def read(line: str, birth_date: date, today: date) -> CheckIn | Unread | None:
    """The check-in that ``line`` tells, or all that is wrong in it; ``None`` where it tells
    nothing: a comment, an empty line. Its day may be tomorrow: further east it is so already."""
    words = _words(line)
    if not words:
        return None
    faults: list[Fault] = []
    (column, text), *answers = words
    day: int | None = None
    try:
        on = dates.parse_day(text)
        if on < birth_date:
            faults.append(
                _fault(column, Message("errors.before_birth", day=on, birth_date=birth_date))
            )
        elif on > dates.day_after(today):
            faults.append(_fault(column, Message("errors.in_future", day=on, today=today)))
        else:
            day = (on - birth_date).days
    except ValueError as error:
        faults.append(_fault(column, error.args[0]))
    is_whole = dates.DAY_PATTERN.fullmatch(text) is not None
    given: dict[str, bool] = {}
    bad: dict[str, bool] = {}
    for column, text in answers:
        name, _, answer = text.partition("=")
        if name in FIELDS and _may_be_bad(FIELDS[name], answer):
            bad[FIELDS[name]] = not GOOD[FIELDS[name]]
        if name not in FIELDS or answer not in _ANSWERS:
            known = ", ".join(FIELDS)
            message = Message("errors.no_such_answer", answer=text[:30], known=known)
            faults.append(_fault(column, message))
            is_whole = False
        elif FIELDS[name] in given:
            faults.append(_fault(column, Message("errors.answered_twice", name=name)))
            is_whole = False
        else:
            given[FIELDS[name]] = _ANSWERS[answer]
    if not (answers or faults):
        faults.append(_fault(column, Message("errors.day_without_answer")))
    if faults or day is None:
        is_harmless = is_whole and bool(given) and given.items() <= GOOD.items()
        return Unread(faults=tuple(faults), day=day, bad=bad, is_harmless=is_harmless)
    return CheckIn(day=day, **given)


def _may_be_bad(field: str, answer: str) -> bool:
    """Whether ``answer``, which may be cut short or misspelt, may be bad news about ``field``."""
    if answer in _ANSWERS or field == "red_flag":
        return _ANSWERS.get(answer) is (not GOOD[field])
    begun = {_ANSWERS[word] for word in _ANSWERS if word.startswith(answer)}
    return not begun or (not GOOD[field]) in begun


def _words(line: str) -> list[tuple[int, str]]:
    """The words of ``line`` up to a comment, with their columns."""
    words = ((match.start() + 1, match[0]) for match in _WORD.finditer(line))
    return list(takewhile(lambda word: not word[1].startswith("#"), words))


def _fault(column: int, message: str) -> Fault:
    return Fault(column=column, message=message)
