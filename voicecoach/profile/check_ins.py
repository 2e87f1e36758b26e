"""voicecoach-checkins.txt, her own file: a line for each check-in, only ever added to."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from voicecoach import messages, private_files
from voicecoach.content.clinical_state import CheckIn
from voicecoach.errors import Problem, StorageError
from voicecoach.messages import Message, reason
from voicecoach.profile import check_in_line
from voicecoach.profile.check_in_line import CUT, Fault, Unread

FILE = private_files.CHECK_INS
Tell = Callable[[str], None]

_LINE_END = re.compile(r"\r\n|\n|\r")
_NO_TEXT = "\ufffd"
"""What is read where bytes are no UTF-8."""


def read(folder: Path, birth_date: date, today: date, tell: Tell) -> tuple[CheckIn, ...]:
    """The check-ins in ``folder``, in the order of the file; none where there is no file.

    A line that cannot be read does not keep the others from being read. It is reported, and it is a
    check-in that ``is_unread``, so that the plan asks for no more than any reading of it would; the
    same goes for a line that may be cut short. It no longer counts once a later line says of its
    day whether there was something to call about.

    Raises StorageError where the file cannot be read, or others can read it.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        return ()
    private_files.refuse_open(path)
    entries = _entries(_text(path), birth_date, today)
    notes = list(_notes(path, entries, birth_date, today))
    if notes:
        tell(messages.lines(notes))
    return tuple(check_in for entry in entries for check_in in _counted(entry, birth_date, today))


def append(folder: Path, on: date, check_in: CheckIn, language: str) -> None:
    """Adds a line for ``check_in``: see :func:`append_each`."""
    append_each(folder, {on: check_in}, language)


def append_each(folder: Path, told: Mapping[date, CheckIn], language: str) -> None:
    """Adds a line for each check-in, by its day; a new file begins with an explanation in
    ``language``. A last line that may be cut short gets a line behind it that says so.

    The lines are on the disk, whole, when this returns, and nothing of them where it raises; other
    processes that add lines lose none. Raises StorageError.
    """
    path = folder / FILE
    line = "".join(check_in_line.write(on, check_in) for on, check_in in told.items())
    try:
        with private_files.lock(path):
            mark = check_in_line.cut_mark(language) if _has_cut_end(path) else ""
            head = check_in_line.head(language)
            private_files.append(path, (mark + line).encode(), head.encode())
    except OSError as error:
        raise StorageError(
            Message(
                "errors.check_in_cannot_be_written",
                path=path,
                reason=reason(error),
                line=line.strip(),
            )
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A line of the file that tells something, or should."""

    number: int
    told: CheckIn | Unread
    is_last: bool
    """Whether it has no end."""
    is_marked: bool
    """Whether the line below says that it may be cut short."""
    is_answered: bool
    """Whether a later line tells what this one may have left out."""

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may have told more than can be read of it."""
        is_lost = isinstance(self.told, Unread) and not self.told.is_harmless
        return not self.is_answered and (self.is_last or self.is_marked or is_lost)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8-sig", errors="replace")


def _text(path: Path) -> str:
    try:
        return _decoded(path.read_bytes())
    except OSError as error:
        raise StorageError(
            Message("errors.cannot_be_read", path=path, reason=reason(error))
        ) from error


def _has_cut_end(path: Path) -> bool:
    """Whether the file ends in a line without an end that nobody would doubt once it had one.
    Raises OSError."""
    if not os.path.lexists(path):
        return False
    text = _decoded(path.read_bytes())
    told = check_in_line.read(_LINE_END.split(text)[-1], date.min, date.max)
    is_plain = told.is_harmless if isinstance(told, Unread) else told is not None
    return is_plain or check_in_line.is_torn_head(text)


def _entries(text: str, birth_date: date, today: date) -> list[_Entry]:
    lines = _LINE_END.split(text)
    answered: set[int | None] = set()
    entries: list[_Entry] = []
    for index, line in reversed(list(enumerate(lines))):
        is_last = index == len(lines) - 1
        is_marked = not is_last and lines[index + 1].startswith(CUT)
        told = _told(line, birth_date, today)
        if told is None and (is_marked or (is_last and check_in_line.is_torn_head(text))):
            told = _unread(Message("errors.check_in_missing"))
        if told is None:
            continue
        entry = _Entry(
            number=index + 1,
            told=told,
            is_last=is_last,
            is_marked=is_marked,
            is_answered=told.day in answered,
        )
        entries.append(entry)
        if check_in_line.answers_call(line) and not entry.is_in_doubt:
            answered.add(told.day)
    return entries[::-1]


def _told(line: str, birth_date: date, today: date) -> CheckIn | Unread | None:
    told = check_in_line.read(line, birth_date, today)
    if isinstance(told, Unread) and _NO_TEXT in line:
        message = Message("errors.not_utf_8")
        return replace(told, faults=_unread(message).faults)
    return told


def _unread(message: str) -> Unread:
    return Unread(faults=(Fault(column=1, message=message),), day=None, is_harmless=False)


def _counted(entry: _Entry, birth_date: date, today: date) -> Iterator[CheckIn]:
    """The check-ins that ``entry`` stands for. What there is to call about counts from today, also
    where it is told of tomorrow."""
    told = entry.told
    this_day = (today - birth_date).days
    if isinstance(told, Unread):
        if entry.is_in_doubt:
            yield CheckIn(day=told.day or 0, is_unread=True)
        return
    yield replace(told, is_unread=entry.is_in_doubt)
    if told.red_flag and told.day > this_day:
        yield CheckIn(day=this_day, red_flag=True)


def _notes(path: Path, entries: list[_Entry], birth_date: date, today: date) -> Iterator[str]:
    """Warnings about the lines."""
    problems = [
        _problem(path, entry, fault)
        for entry in entries
        if isinstance(entry.told, Unread) and not entry.is_answered
        for fault in entry.told.faults
    ]
    yield from (_at(f"{path}:{each.line}:{each.column}", each.message) for each in problems)
    for entry in entries:
        if isinstance(entry.told, Unread):
            continue
        where = f"{path}:{entry.number}"
        if entry.is_in_doubt:
            key = "errors.last_line_cut" if entry.is_last else "errors.line_cut"
            yield _at(where, Message(key))
        elif birth_date + timedelta(days=entry.told.day) > today:
            yield _at(where, Message("errors.counts_tomorrow", today=today))
    in_doubt = [entry for entry in entries if entry.is_in_doubt]
    if in_doubt:
        yield _way_out(path, in_doubt, birth_date)


def _at(where: str, message: str) -> Message:
    return Message("errors.at", where=where, message=message)


def _way_out(path: Path, in_doubt: list[_Entry], birth_date: date) -> Message:
    numbers = ", ".join(str(entry.number) for entry in in_doubt[:9])
    day = in_doubt[0].told.day if len(in_doubt) == 1 else None
    if day is None:
        return Message("errors.mend_lines", path=path, numbers=numbers)
    on = birth_date + timedelta(days=day)
    return Message("errors.mend_lines_or_tell", path=path, numbers=numbers, day=on)


def _problem(path: Path, entry: _Entry, fault: Fault) -> Problem:
    message = fault.message
    if entry.is_last:
        message = Message("errors.cut_end", message=message)
    return Problem(file=str(path), line=entry.number, column=fault.column, path="", message=message)
