"""A CSV file -> a roster: a client per line; an unusable line does not affect the others."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.practice.columns import BY_NAME, COLUMNS, ID, Column, value_of
from voicecoach.practice.roster import ID_WANTED, Client, Roster, Unusable, gathered, is_id, plain
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.profile import Told

LONGEST_LINE = 16_384
"""In bytes; what is longer is no client."""
MOST_BYTES = 100_000_000
_COMMENT = "#"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SEPARATORS = ",;\t"
"""Spreadsheets write the one that is usual in their country."""
_EMPTY = " ,;\t\"'\u00a0\ufeff"
"""What a line without any text consists of."""
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[,;\t])"?[,;\t]*', re.IGNORECASE)
_ONE_CELL = re.compile(r'"(?P<line>(?:[^"]|"")*)"[,;\t ]*')
"""A line that a spreadsheet took for one cell."""
_SAVE = "save the roster as CSV UTF-8"
_OTHER_FILES = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"PK\x03\x04": "a spreadsheet, not CSV",
    b"\xd0\xcf\x11\xe0": "a spreadsheet, not CSV",
}
"""By how they begin."""


def read(path: Path, today: date) -> Roster:
    """The roster in ``path``, checked as of ``today``.

    Raises ContentError if it has no usable header, StorageError if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        message = (
            f"this file has more than {MOST_BYTES // 1_000_000} MB; no practice needs that much"
        )
        raise ContentError([_problem(path, 1, message)])
    kind = next((kind for start, kind in _OTHER_FILES.items() if data.startswith(start)), None)
    if kind is None and b"\0" in data[:4]:
        kind = "UTF-16 text, or no text at all"
    if kind is not None:
        raise ContentError([_problem(path, 1, f"this is {kind}; {_SAVE}")])
    return gathered(_entries(path, data, today))


def _entries(path: Path, data: bytes, today: date) -> Iterator[tuple[Problem, Any]]:
    header: _Header | None = None
    separator: str | None = None
    for number, line in _lines(data):
        if line is not None and (not line.strip(_EMPTY) or _is_comment(line)):
            continue
        declared = _SEPARATOR_LINE.fullmatch(line or "") if header is None else None
        if declared is not None:
            separator = declared["separator"]
        elif header is None:
            header = _Header(path, number, line, separator)
        else:
            yield header.entry(number, line, today)
    if header is None:
        raise ContentError([_problem(path, 1, f"there is no header; {_HEADER_WANTED}")])


def _is_comment(line: str) -> bool:
    """Whether the first cell is a comment, however a spreadsheet quoted it."""
    return line.lstrip(" \t\"'\u00a0\ufeff").startswith(_COMMENT)


def _lines(data: bytes) -> Iterator[tuple[int, str | None]]:
    """Number and text of each line, with any line ending; ``None`` for one that is far too long.

    Bytes that are not UTF-8 are kept as surrogates, so that their cell can be reported.
    """
    for number, line in enumerate(data.splitlines(), start=1):
        text = line.decode(errors="surrogateescape") if len(line) <= LONGEST_LINE else None
        yield number, text if text is None or number > 1 else text.removeprefix("\ufeff")


_NEEDED = ", ".join([ID, *(column.name for column in COLUMNS if column.is_needed)])
_HEADER_WANTED = f"the first line names the columns: {_NEEDED}, and more (see batch --columns)"


class _Header:
    """The line that names the columns; it parses the lines below it."""

    def __init__(self, path: Path, number: int, line: str | None, separator: str | None) -> None:
        self._path = path
        self._separator = separator or max(_SEPARATORS, key=(line or "").count)
        cells = _cells(line, self._separator) or []
        self._names = [re.sub(r"[\s_]+", "-", plain(cell).lower()) for cell in cells]
        if ID not in self._names:
            raise ContentError([_problem(path, number, f"there is no header; {_HEADER_WANTED}")])
        known = {ID, *BY_NAME}
        needed = [ID, *(column.name for column in COLUMNS if column.is_needed)]
        faults = [f"column {name!r} is missing" for name in needed if name not in self._names]
        unknown = [at for at, name in enumerate(self._names, 1) if name and name not in known]
        faults += [f"column {at} has a name that is not known; {_KNOWN}" for at in unknown]
        twice = {name for name in self._names if name in known and self._names.count(name) > 1}
        faults += [f"column {name!r} is there more than once" for name in sorted(twice)]
        if faults:
            raise ContentError([_problem(path, number, fault) for fault in faults])

    def entry(
        self, number: int, line: str | None, today: date
    ) -> tuple[Problem, Client | Unusable]:
        """The client of a line, after the problem to report if the id is taken."""
        taken = _problem(self._path, number, "this client id is taken by a line above", ID)
        cells = _cells(line, self._separator)
        cells = None if cells is None else self._as_many_as_named(cells)
        if cells is None:
            broken = self._broken(number, line, _cells(line, self._separator))
            return taken, self._unusable(f"line {number}", [broken])
        by_name = dict(zip(self._names, cells, strict=True))
        id_ = plain(by_name[ID])
        wanted = _ID_LOST if _A_NUMBER.fullmatch(id_) else ID_WANTED
        problems = [] if is_id(id_) else [_problem(self._path, number, wanted, ID)]
        values, faults = _values(by_name)
        faults += list(_impossible(values, today)) if not faults else []
        problems += [_problem(self._path, number, fault, name) for name, fault in faults]
        if problems:
            who = id_ if is_id(id_) else f"line {number}"
            return taken, self._unusable(who, problems)
        return taken, Client(id=id_, told=values)

    def _as_many_as_named(self, cells: list[str]) -> list[str] | None:
        """``cells``, one per column name; ``None`` unless surplus or missing cells are empty."""
        named = len(self._names)
        if any(cell.strip(_EMPTY) for cell in cells[named:]):
            return None
        if any(name == ID or _is_needed(name) for name in self._names[len(cells) :]):
            return None
        return [*cells[:named], *[""] * (named - len(cells))]

    def _unusable(self, who: str, problems: list[Problem]) -> Unusable:
        return Unusable(client=who, problems=tuple(problems))

    def _broken(self, number: int, line: str | None, cells: list[str] | None) -> Problem:
        if line is None:
            message = f"this line has more than {LONGEST_LINE} bytes; no client needs that much"
        elif cells is None:
            message = "a quotation mark is opened and not closed in this line"
        else:
            wanted = len(self._names)
            message = f"this line has {len(cells)} cells, where the header has {wanted}"
        return _problem(self._path, number, message)


_A_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_ID_LOST = (
    "a spreadsheet turned this id into a number, which cannot be undone; format the column as text,"
    " and type the id again"
)
_KNOWN = f"known are: {ID}, {', '.join(BY_NAME)}"


def _cells(line: str | None, separator: str) -> list[str] | None:
    """The cells of a line; ``None`` if a quoted cell is not closed."""
    if line is None:
        return None
    whole = _ONE_CELL.fullmatch(line)
    if whole is not None and separator in whole["line"]:
        line = whole["line"].replace('""', '"')
    try:
        reader = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
        return next(reader, [])
    except csv.Error:
        return None


def _is_needed(name: str) -> bool:
    return name in BY_NAME and BY_NAME[name].is_needed


def _values(cells: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    values: dict[str, Any] = {}
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
            values[column.field] = value
    return values, faults


def _impossible(values: Told, today: date) -> Iterator[tuple[str, str]]:
    """What is impossible as of ``today``, by column, without quoting the dates."""
    name_of = {column.field: column.name for column in COLUMNS}
    profile = profile_profile.new_profile(values, today)
    for field, message in profile_profile.faults(profile, values, today, is_kept=True):
        without = _DAY.sub(lambda day: day[0] if day[0] == str(today) else "this day", message)
        yield name_of.get(field, field), without


def _problem(path: Path, line: int, message: str, column: str = "") -> Problem:
    return Problem(file=str(path), line=line, column=1, path=column, message=message)
