"""voicecoach-checkins.txt, her own file: a line for each check-in, only ever added to."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from voicecoach import messages, private_files
from voicecoach.content.clinical_state import CheckIn
from voicecoach.errors import StorageError
from voicecoach.messages import Message, reason
from voicecoach.profile import check_in_line, check_in_notes, sent
from voicecoach.profile.check_in_line import CUT, Fault, Unread
from voicecoach.profile.check_in_notes import Entry
from voicecoach.profile.sent import Sent

FILE = private_files.CHECK_INS
Tell = Callable[[str], None]

_LINE_END = re.compile(r"\r\n|\n|\r")
_NO_TEXT = "\ufffd"
"""What is read where bytes are no UTF-8."""


def read(folder: Path, birth_date: date, today: date, tell: Tell) -> tuple[CheckIn, ...]:
    """The check-ins in ``folder``, in the order of the file; none where there is no file.

    A line that cannot be read does not keep the others from being read. It is reported, and it is a
    check-in that ``is_unread``, so that the plan asks for no more than any reading of it would; the
    same goes for a line that may be cut short. It no longer does so once a later line says of its
    day whether there was something to call about; the bad answers that can be read in it count
    until a later line answers these questions.

    Raises StorageError where the file cannot be read, or others can read it.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        return ()
    private_files.refuse_open(path)
    entries = _entries(_text(path), birth_date, today)
    notes = list(check_in_notes.notes(path, entries, birth_date, today))
    if notes:
        tell(messages.lines(notes))
    order = sent.Order()
    return tuple(
        check_in for entry in entries for check_in in _counted(entry, order, birth_date, today)
    )


def last_number(folder: Path, birth_date: date, today: date, on: date) -> int:
    """The number of the newest check-in of the day ``on``; 0 if there is none. Raises
    StorageError."""
    path = folder / FILE
    order = sent.Order()
    for entry in _entries(_text(path), birth_date, today) if os.path.lexists(path) else ():
        if isinstance(entry.told, CheckIn):
            order.counted(entry.told, entry.sent)
    return order.newest((on - birth_date).days)


def is_sent(folder: Path, key: str) -> bool:
    """Whether what a phone sent under ``key`` has arrived. Raises StorageError."""
    path = folder / FILE
    return os.path.lexists(path) and key in sent.keys(_lines(path))


def find_sent(folder: Path, key: str) -> tuple[Sent, str] | None:
    """The answer ``key`` of a phone, and its line; ``None`` if it never arrived. Raises
    StorageError."""
    path = folder / FILE
    for line in _lines(path) if os.path.lexists(path) else ():
        found = sent.read(line)
        if found is not None and found.key == key:
            return found, line
    return None


def append(
    folder: Path, on: date, check_in: CheckIn, language: str, *, after_birth: bool = True
) -> None:
    """Adds a line for ``check_in``: see :func:`append_each`."""
    append_each(folder, {on: check_in}, language, after_birth=after_birth)


def append_each(
    folder: Path, told: Mapping[date, CheckIn], language: str, *, after_birth: bool = True
) -> None:
    """Adds a line for each check-in, by its day; a new file begins with an explanation in
    ``language``, of what is asked ``after_birth`` or of anyone. A last line that may be cut
    short gets a line behind it that says so.

    The lines are on the disk, whole, when this returns, and nothing of them where it raises; other
    processes that add lines lose none. Raises StorageError.
    """
    line = "".join(check_in_line.write(on, check_in) for on, check_in in told.items())
    _append(folder, line, language, key=None, after_birth=after_birth)


def append_sent(
    folder: Path,
    on: date,
    check_in: CheckIn,
    language: str,
    by: Sent,
    *,
    after_birth: bool = True,
) -> bool:
    """Adds the line of an answer that a phone sent, unless it is there; returns whether it was not.
    Otherwise like :func:`append_each`."""
    line = check_in_line.write(on, check_in, by.comment)
    return _append(folder, line, language, key=by.key, after_birth=after_birth)


def take_back(folder: Path, key: str, language: str, by: Sent) -> bool:
    """Adds the line by which the answer ``key`` of a phone no longer counts, unless it is there.
    Otherwise like :func:`append_sent`."""
    return _append(folder, sent.take_back(by, key), language, key=by.key)


def _append(
    folder: Path, line: str, language: str, *, key: str | None, after_birth: bool = True
) -> bool:
    path = folder / FILE
    try:
        with private_files.lock(path):
            if key is not None and os.path.lexists(path) and key in sent.keys(_lines(path)):
                return False
            mark = check_in_line.cut_mark(language) if _has_cut_end(path) else ""
            head = check_in_line.head(language, after_birth=after_birth)
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
    return True


def _decoded(data: bytes) -> str:
    return data.decode("utf-8-sig", errors="replace")


def _text(path: Path) -> str:
    try:
        return _decoded(path.read_bytes())
    except OSError as error:
        raise StorageError(
            Message("errors.cannot_be_read", path=path, reason=reason(error))
        ) from error


def _lines(path: Path) -> list[str]:
    """All lines that have an end."""
    return _LINE_END.split(_text(path))[:-1]


def _has_cut_end(path: Path) -> bool:
    """Whether the file ends in a line without an end that nobody would doubt once it had one.
    Raises OSError."""
    if not os.path.lexists(path):
        return False
    text = _decoded(path.read_bytes())
    told = check_in_line.read(_LINE_END.split(text)[-1], date.min, date.max)
    is_plain = told.is_harmless if isinstance(told, Unread) else told is not None
    return is_plain or check_in_line.is_torn_head(text)


def _entries(text: str, birth_date: date, today: date) -> list[Entry]:
    lines = _LINE_END.split(text)
    taken_back = sent.taken_back(lines)
    answered: set[int | None] = set()
    entries: list[Entry] = []
    for index, line in reversed(list(enumerate(lines))):
        is_last = index == len(lines) - 1
        is_marked = not is_last and lines[index + 1].startswith(CUT)
        by = sent.read(line)
        if by is not None and by.key in taken_back:
            continue
        told = _told(line, birth_date, today)
        if told is None and (is_marked or (is_last and check_in_line.is_torn_head(text))):
            told = _unread(Message("errors.check_in_missing"))
        if told is None:
            continue
        entry = Entry(
            number=index + 1,
            told=told,
            is_last=is_last,
            is_marked=is_marked,
            is_answered=told.day in answered,
            sent=by,
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
    return Unread(faults=(Fault(column=1, message=message),), day=None, bad={}, is_harmless=False)


def _counted(entry: Entry, order: sent.Order, birth_date: date, today: date) -> Iterator[CheckIn]:
    """The check-ins that ``entry`` stands for. What there is to call about counts from today, also
    where it is told of tomorrow."""
    told = entry.told
    this_day = (today - birth_date).days
    if isinstance(told, Unread):
        if told.day is not None and told.bad:
            yield CheckIn(day=told.day, **told.bad)
        if entry.is_in_doubt:
            yield CheckIn(day=told.day or 0, is_unread=True)
        return
    counted = order.counted(told, entry.sent)
    if counted is not None or entry.is_in_doubt:
        yield replace(counted or CheckIn(day=told.day), is_unread=entry.is_in_doubt)
    if told.red_flag and told.day > this_day:
        yield CheckIn(day=this_day, red_flag=True)
