"""Lines of the check-ins that cannot be read, or may be cut short -> what is said of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from voicecoach.content.clinical_state import CheckIn
from voicecoach.errors import Problem
from voicecoach.messages import Message
from voicecoach.profile.check_in_line import Fault, Unread
from voicecoach.profile.sent import Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the file that tells something, or should."""

    number: int
    told: CheckIn | Unread
    is_last: bool
    """Whether it has no end."""
    is_marked: bool
    """Whether the line below says that it may be cut short."""
    is_answered: bool
    """Whether a later line tells what this one may have left out."""
    sent: Sent | None
    """The phone that sent it."""

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may have told more than can be read of it."""
        is_lost = isinstance(self.told, Unread) and not self.told.is_harmless
        return not self.is_answered and (self.is_last or self.is_marked or is_lost)


def notes(path: Path, entries: list[Entry], birth_date: date, today: date) -> Iterator[str]:
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


def _way_out(path: Path, in_doubt: list[Entry], birth_date: date) -> Message:
    numbers = ", ".join(str(entry.number) for entry in in_doubt[:9])
    day = in_doubt[0].told.day if len(in_doubt) == 1 else None
    if day is None:
        return Message("errors.mend_lines", path=path, numbers=numbers)
    on = birth_date + timedelta(days=day)
    return Message("errors.mend_lines_or_tell", path=path, numbers=numbers, day=on)


def _problem(path: Path, entry: Entry, fault: Fault) -> Problem:
    message = fault.message
    if entry.is_last:
        message = Message("errors.cut_end", message=message)
    return Problem(file=str(path), line=entry.number, column=fault.column, path="", message=message)
