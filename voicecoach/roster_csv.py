"""A CSV file -> a roster. A client a line; a line that cannot be used stands in no other's way."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from voicecoach import telling
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.roster import ID_WANTED, Client, Roster, Unusable, gathered, is_id
from voicecoach.roster_columns import BY_NAME, COLUMNS, ID, Column, value_of
from voicecoach.telling import Told

LONGEST_LINE = 16_384
"""In bytes; what is longer is no client."""
_COMMENT = "#"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t"
"""Spreadsheets write the one that is usual in their country."""
_SAVE = "save the roster as CSV UTF-8"


def read(path: Path, today: date) -> Roster:
    """The roster in ``path``, as it can be on ``today``.

    Raises ContentError where it has no header that can be used, StorageError.
    """
    try:
        with path.open("rb") as file:
            if file.read(2) in _OTHER_ENCODINGS:
                raise ContentError([_problem(path, 1, f"this is UTF-16 text; {_SAVE}")])
            file.seek(0)
            return gathered(_entries(path, file, today))
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}") from error


def _entries(path: Path, file: IO[bytes], today: date) -> Iterator[tuple[Problem, Any]]:
    header: _Header | None = None
    for number, line in _lines(file):
        if line is not None and (not line.strip(" ,;\t") or line.startswith(_COMMENT)):
            continue
        if header is None:
            header = _Header(path, number, line)
            continue
        yield header.entry(number, line, today)
    if header is None:
        raise ContentError([_problem(path, 1, f"there is no header; {_HEADER_WANTED}")])


def _lines(file: IO[bytes]) -> Iterator[tuple[int, str | None]]:
    """Number and text of each line; ``None`` for one that is far too long.

    What is no UTF-8 is kept as surrogates, so that its cell can be told.
    """
    number = 0
    while data := file.readline(LONGEST_LINE + 1):
        number += 1
        is_whole = len(data) <= LONGEST_LINE or data.endswith(b"\n")
        if not is_whole:
            while (rest := file.readline(1 << 16)) and not rest.endswith(b"\n"):
                pass
        text = data.decode(errors="surrogateescape").removeprefix("\ufeff").rstrip("\r\n")
        yield number, text if is_whole else None


_NEEDED = ", ".join([ID, *(column.name for column in COLUMNS if column.is_needed)])
_HEADER_WANTED = f"the first line names the columns: {_NEEDED}, and more (see batch --example)"


class _Header:
    """The line that names the columns, and how the lines below it are read."""

    def __init__(self, path: Path, number: int, line: str | None) -> None:
        self._path = path
        self._separator = max(_SEPARATORS, key=(line or "").count)
        cells = _cells(line, self._separator) or []
        self._names = [cell.strip().lower().replace("_", "-") for cell in cells]
        if ID not in self._names:
            raise ContentError([_problem(path, number, f"there is no header; {_HEADER_WANTED}")])
        known = {ID, *BY_NAME}
        needed = [ID, *(column.name for column in COLUMNS if column.is_needed)]
        faults = [f"column {name!r} is missing" for name in needed if name not in self._names]
        unknown = [at for at, name in enumerate(self._names, 1) if name and name not in known]
        faults += [f"column {at} has a name that is not known; {_KNOWN}" for at in unknown]
        twice = {name for name in self._names if name in known and self._names.count(name) > 1}
        faults += [f"column {name!r} stands there more than once" for name in sorted(twice)]
        if faults:
            raise ContentError([_problem(path, number, fault) for fault in faults])

    def entry(
        self, number: int, line: str | None, today: date
    ) -> tuple[Problem, Client | Unusable]:
        """The client of a line; before her, the problem that her id is taken."""
        taken = _problem(self._path, number, "this client id is taken by a line above", ID)
        cells = _cells(line, self._separator)
        if cells is None or len(cells) != len(self._names):
            return taken, self._unusable(f"line {number}", [self._broken(number, line, cells)])
        by_name = dict(zip(self._names, cells, strict=True))
        id_ = by_name[ID].strip()
        problems = [] if is_id(id_) else [_problem(self._path, number, ID_WANTED, ID)]
        told, faults = _told(by_name)
        faults += list(_impossible(told, today)) if not faults else []
        problems += [_problem(self._path, number, fault, name) for name, fault in faults]
        if problems:
            who = id_ if is_id(id_) else f"line {number}"
            return taken, self._unusable(who, problems)
        return taken, Client(id=id_, told=told)

    def _unusable(self, who: str, problems: list[Problem]) -> Unusable:
        return Unusable(client=who, problems=tuple(problems))

    def _broken(self, number: int, line: str | None, cells: list[str] | None) -> Problem:
        if line is None:
            message = f"this line has more than {LONGEST_LINE} bytes; no client needs so much"
        elif cells is None:
            message = "a quotation mark is opened and not closed in this line"
        else:
            wanted = len(self._names)
            message = f"this line has {len(cells)} cells, where the header has {wanted}"
        return _problem(self._path, number, message)


_KNOWN = f"known are: {ID}, {', '.join(BY_NAME)}"


def _cells(line: str | None, separator: str) -> list[str] | None:
    """The cells of a line; ``None`` where there is no end to one."""
    if line is None:
        return None
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _told(cells: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    told: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for name, cell in cells.items():
        column: Column | None = BY_NAME.get(name)
        if column is None:
            continue
        try:
            value = value_of(column, cell)
        except ValueError as error:
            faults.append((name, str(error)))
            continue
        if value is not None or not column.is_kept:
            told[column.field] = value
    return told, faults


def _impossible(told: Told, today: date) -> Iterator[tuple[str, str]]:
    """What cannot be so on ``today``, by column, without the days it is about."""
    name_of = {column.field: column.name for column in COLUMNS}
    profile = telling.new_profile(told, today)
    for field, message in telling.faults(profile, told, today, is_kept=True):
        without = _DAY.sub(lambda day: day[0] if day[0] == str(today) else "this day", message)
        yield name_of.get(field, field), without


def _problem(path: Path, line: int, message: str, column: str = "") -> Problem:
    return Problem(file=str(path), line=line, column=1, path=column, message=message)
