"""A roster file, CSV or XLSX -> a roster: a client per row; an unusable row does not affect the
others."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from voicecoach import messages
from voicecoach.content.programme import Programme
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.practice import roster_csv
from voicecoach.practice.columns import (
    BY_NAME,
    COLUMNS,
    ID,
    PRESCRIBES,
    PROGRAMME,
    Column,
    columns_by_header,
    value_of,
)
from voicecoach.practice.programmes import Programmes
from voicecoach.practice.roster import (
    ID_WANTED,
    Client,
    Roster,
    Row,
    Unusable,
    gathered,
    is_id,
    plain,
)
from voicecoach.practice.used_columns import columns_for
from voicecoach.profile import profile as profile_profile
from voicecoach.profile.profile import Told

MOST_BYTES = 100_000_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ZIP = b"PK\x03\x04"
"""How an XLSX file begins."""
_SAVE = "save the roster as CSV UTF-8 or as XLSX"
_OTHER_FILES = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"\xd0\xcf\x11\xe0": "a spreadsheet in an old format, or with a password",
}
"""By how they begin."""
_UNFILLED = " ,;\t\"'\u00a0\ufeff"
"""What a cell without any text consists of."""


def read(path: Path, today: date, usual: Programme | None = None) -> Roster:
    """The roster in ``path``, checked as of ``today``. ``usual`` is the programme of clients for
    whom it names none; ``None`` stands for one that asks everything.

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
    programmes = Programmes(usual, path.parent)
    return gathered(_entries(path, _rows(path, data), programmes, today))


def _rows(path: Path, data: bytes) -> Iterator[Row]:
    if data.startswith(_ZIP):
        from voicecoach.practice import workbook  # openpyxl: slow to import

        try:
            yield from workbook.rows(data)
        except workbook.UnreadableError as error:
            raise ContentError([_problem(path, 1, str(error))]) from error
        return
    kind = next((kind for start, kind in _OTHER_FILES.items() if data.startswith(start)), None)
    if kind is None and b"\0" in data[:4]:
        kind = "UTF-16 text, or no text at all"
    if kind is not None:
        raise ContentError([_problem(path, 1, f"this is {kind}; {_SAVE}")])
    yield from roster_csv.rows(data)


def _entries(
    path: Path, rows: Iterator[Row], programmes: Programmes, today: date
) -> Iterator[tuple[Problem, Any]]:
    first = next(rows, None)
    if first is None:
        wanted = _header_wanted(programmes.usual)
        raise ContentError([_problem(path, 1, f"there is no header; {wanted}")])
    header = _Header(path, first, programmes)
    for row in rows:
        yield header.entry(row, today)


def _needed(programme: Programme | None) -> list[str]:
    return [column.name for column in columns_for(programme) if column.is_needed]


def _header_wanted(programme: Programme | None) -> str:
    needed = ", ".join([ID, *_needed(programme)])
    return f"the first line names the columns: {needed}, and more (see batch --columns)"


class _Header:
    """The row that names the columns; it parses the rows below it."""

    def __init__(self, path: Path, row: Row, programmes: Programmes) -> None:
        self._path = path
        self._programmes = programmes
        names = columns_by_header()
        typed = [re.sub(r"[\s_]+", "-", plain(cell).lower()) for cell in row.cells]
        self._names = [names.get(name, name) for name in typed]
        if ID not in self._names:
            fault = f"there is no header; {_header_wanted(programmes.usual)}"
            raise ContentError([_problem(path, row.number, fault)])
        known = {ID, *BY_NAME}
        faults = [] if PROGRAMME in self._names else list(self._lacking(programmes.usual))
        unknown = [at for at, name in enumerate(self._names, 1) if name and name not in known]
        faults += [f"column {at} has a name that is not known; {_KNOWN}" for at in unknown]
        twice = {name for name in self._names if name in known and self._names.count(name) > 1}
        faults += [f"column {name!r} is there more than once" for name in sorted(twice)]
        if faults:
            raise ContentError([_problem(path, row.number, fault) for fault in faults])

    def entry(self, row: Row, today: date) -> tuple[Problem, Client | Unusable]:
        """The client of a row, after the problem to report if the id is taken."""
        number = row.number
        taken = _problem(self._path, number, "this client id is taken by a line above", ID)
        cells = None if row.fault else self._as_many_as_named(row.cells)
        if cells is None:
            fault = row.fault or (
                f"this line has {len(row.cells)} cells, where the header has {len(self._names)}"
            )
            return taken, _unusable(f"line {number}", [_problem(self._path, number, fault)])
        by_name = dict(zip(self._names, cells, strict=True))
        id_ = plain(by_name[ID])
        wanted = _ID_LOST if _A_NUMBER.fullmatch(id_) else ID_WANTED
        problems = [] if is_id(id_) else [_problem(self._path, number, wanted, ID)]
        try:
            course = self._programmes.named(plain(by_name.get(PROGRAMME, "")))
        except ValueError as error:
            problems.append(_problem(self._path, number, str(error), PROGRAMME))
            return taken, _unusable(id_ if is_id(id_) else f"line {number}", problems)
        programme = self._programmes.usual if course is None else course.programme
        filled, faults = _values(by_name, programme)
        values = {key: each for key, each in filled.items() if not key.startswith(PRESCRIBES)}
        prescribed = {
            key.removeprefix(PRESCRIBES): filled[key]
            for key in filled.keys() - values.keys()
            if filled[key] is not None
        }
        faults += [("", fault) for fault in self._lacking(programme)]
        faults += list(_impossible(values, today)) if not faults else []
        problems += [_problem(self._path, number, fault, name) for name, fault in faults]
        if problems:
            return taken, _unusable(id_ if is_id(id_) else f"line {number}", problems)
        return taken, Client(
            id=id_,
            told=values,
            prescribed=prescribed,
            row=_problem(self._path, number, ""),
            course=course,
        )

    def _lacking(self, programme: Programme | None) -> Iterator[str]:
        """Which columns are missing that clients of ``programme`` need. Two columns take day 0."""
        names = {*self._names}
        names |= {"birth-date", "day-zero"} if names & {"birth-date", "day-zero"} else set()
        lacking = (name for name in _needed(programme) if name not in names)
        yield from (f"column {name!r} is missing" for name in lacking)

    def _as_many_as_named(self, cells: tuple[str, ...]) -> list[str] | None:
        """``cells``, one per column name; ``None`` unless surplus or missing cells are empty."""
        named = len(self._names)
        if any(cell.strip(_UNFILLED) for cell in cells[named:]):
            return None
        if any(name == ID or _may_be_needed(name) for name in self._names[len(cells) :]):
            return None
        return [*cells[:named], *[""] * (named - len(cells))]


def _unusable(who: str, problems: list[Problem]) -> Unusable:
    return Unusable(client=who, problems=tuple(problems))


_A_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_ID_LOST = (
    "a spreadsheet turned this id into a number, which cannot be undone; format the column as text,"
    " and type the id again"
)
_KNOWN = f"known are: {ID}, {', '.join(BY_NAME)}"


def _may_be_needed(name: str) -> bool:
    return name in BY_NAME and BY_NAME[name].is_needed


def _values(
    cells: dict[str, str], programme: Programme | None
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    needed = {BY_NAME[name].field for name in _needed(programme)}
    used = {column.field for column in columns_for(programme)}
    filled = {BY_NAME[name].field for name in cells if name in BY_NAME and cells[name].strip()}
    for name, cell in cells.items():
        column: Column | None = BY_NAME.get(name)
        if column is None or name == PROGRAMME:
            continue
        if column.field not in used and not cell.strip():
            continue  # it is for clients of another programme
        is_needed = column.field in needed and not (column.is_kept and column.field in filled)
        try:
            value = value_of(column, cell, is_needed=is_needed)
        except ValueError as error:
            faults.append((name, str(error)))
            continue
        if value is not None and values.get(column.field, value) != value:
            faults.append((name, "another day is in another column; fill one of them"))
        if value is not None or not column.is_kept:
            values[column.field] = value
    spoken = [] if programme is None else list(programme.translations)
    if "language" not in filled and spoken and messages.USUAL not in spoken:
        values["language"] = spoken[0]
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
