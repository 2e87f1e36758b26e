"""XLSX files: the rows of a roster that a spreadsheet saved, and tables as workbooks. No I/O.

A workbook that we write has no formulas and no time in its bytes: the same table, the same file.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import zip_longest
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from voicecoach.practice.roster import LONGEST_LINE, Row

MOST_UNPACKED_BYTES = 100_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
_TEXT = "@"
_DAY = "yyyy-mm-dd"
_EPOCH = datetime(1980, 1, 1)
"""The date of everything in a workbook that we write; a zip file knows none before."""
_WIDTH = 18
_LONGEST_LIST = 255
"""In characters; a spreadsheet finds a workbook with a longer list of choices in a cell damaged."""
_LISTS = "Lists"
"""The hidden sheet of the lists that do not fit into a cell."""
_EMPTY_ROWS = 1000
"""So many rows below the last have its formats and lists."""
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    InvalidFileException,
    KeyError,
    ValueError,
    EOFError,
    OSError,
    RuntimeError,
    TypeError,
)
"""What reading raises about files that are no workbooks, or damaged ones."""


class UnreadableError(ValueError):
    """This is no workbook that can be read; its message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column of a table that we write."""

    text: str
    choices: Sequence[str] = ()
    """A list to choose from; empty if anything may be typed."""
    is_day: bool = False


def rows(data: bytes) -> Iterator[Row]:
    """The rows of the first sheet that has any, the header first, without empty ones.

    Days and times become ISO text, whole numbers have no fraction. A formula remains as it was
    typed. Raises UnreadableError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked_bytes = sum(each.file_size for each in archive.infolist())
        if unpacked_bytes > MOST_UNPACKED_BYTES:
            most = MOST_UNPACKED_BYTES // 1_000_000
            raise UnreadableError(f"this workbook unpacks to more than {most} MB")
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out: lists to choose from, colours by a rule …
            warnings.simplefilter("ignore", UserWarning)
            yield from _first_filled(load_workbook(io.BytesIO(data), read_only=True))
    except UnreadableError:
        raise
    except _DAMAGED as error:
        message = "this is no XLSX file, or a damaged one; save the roster again, or as CSV UTF-8"
        raise UnreadableError(message) from error


def _first_filled(book: Workbook) -> list[Row]:
    for sheet in book.worksheets:
        found = list(_rows_of(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)))
        if found:
            return found
    return []


def _rows_of(sheet: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """Its rows; a cell that a sheet has not is an empty one, below each column of the header."""
    width = 0
    for number, row in enumerate(sheet, start=1):
        cells = [_text(_shown(cell)) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells or cells[0].lstrip().startswith("#"):
            continue
        if number > MOST_ROWS:
            raise UnreadableError(f"this sheet has more than {MOST_ROWS} rows; split the roster")
        if sum(map(len, cells)) > LONGEST_LINE:
            fault = f"this row has more than {LONGEST_LINE} characters; no client needs that much"
            yield Row(number=number, fault=fault)
        else:
            width = width or len(cells)
            yield Row(number=number, cells=(*cells, *[""] * (width - len(cells))))


def _shown(cell: Any) -> Any:
    """The value of ``cell``; a percentage as it is shown, for 30 % is kept as 0.3."""
    value = cell.value
    is_percentage = isinstance(value, float) and "%" in cell.number_format
    return f"{100 * value:.6g}%" if is_percentage else value


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            has_time = value.time() != time()
            return value.isoformat(" ") if has_time else value.date().isoformat()
        case time():
            return value.strftime("%H:%M")
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def table(
    title: str,
    headings: Sequence[Heading],
    filled: Iterable[Sequence[date | int | str]],
    *,
    notes: tuple[str, Sequence[Sequence[str]]] | None = None,
) -> bytes:
    """A workbook with the sheet ``title``, and a second sheet of ``notes``: its title and rows.
    Long lists of choices are in a hidden sheet.

    Everything but days is text, so that nothing is taken for a number or a formula. Below the
    rows there is room for more, with the same lists to choose from.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    _write(sheet, [[heading.text for heading in headings], *filled])
    _format(sheet, headings)
    sheet.freeze_panes = "B2"
    if notes is not None:
        named, lines = notes
        beside = book.create_sheet(named)
        _write(beside, lines)
        beside.column_dimensions["A"].width = 2 * _WIDTH
        beside.column_dimensions["B"].width = 6 * _WIDTH
        for (cell,) in beside.iter_rows(min_col=2, max_col=2):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    _offer(book, sheet, headings)
    book.properties.creator = "voicecoach"
    book.properties.created = book.properties.modified = _EPOCH
    return _without_time(book)


def _write(sheet: Worksheet, filled: Iterable[Sequence[date | int | str]]) -> None:
    for number, row in enumerate(filled, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=place)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # also where it begins as a formula does
                cell.number_format = _TEXT
            elif isinstance(value, date):
                cell.number_format = _DAY
            if number == 1:
                cell.font = Font(bold=True)


def _format(sheet: Worksheet, headings: Sequence[Heading]) -> None:
    for place, heading in enumerate(headings, start=1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = max(_WIDTH, len(heading.text) + 2)
        column.number_format = _DAY if heading.is_day else _TEXT


def _offer(book: Workbook, sheet: Worksheet, headings: Sequence[Heading]) -> None:
    """Lists the choices of each column of ``sheet``."""
    last = sheet.max_row + _EMPTY_ROWS
    lists: list[Sequence[str]] = []
    for place, heading in enumerate(headings, start=1):
        if not heading.choices:
            continue
        source = f'"{",".join(heading.choices)}"'
        has_mark = any("," in each or '"' in each for each in heading.choices)
        if has_mark or len(source) - 2 > _LONGEST_LIST:
            lists.append(heading.choices)
            column = get_column_letter(len(lists))
            source = f"{_LISTS}!${column}$1:${column}${len(heading.choices)}"
        listed = DataValidation(type="list", formula1=source, allow_blank=True)
        listed.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{last}")
        sheet.add_data_validation(listed)
    if lists:
        hidden = book.create_sheet(_LISTS)
        hidden.sheet_state = "hidden"
        _write(hidden, zip_longest(*lists, fillvalue=""))


def _without_time(book: Workbook) -> bytes:
    """The bytes of ``book`` with one date for all that is packed in it."""
    saved, packed = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(packed, "w") as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, _core(before.read(name)) if name == _CORE else before.read(name))
    return packed.getvalue()


_CORE = "docProps/core.xml"


def _core(data: bytes) -> bytes:
    """The properties of a workbook without the time of saving, which openpyxl always sets."""
    stamp = _EPOCH.isoformat().encode() + b"Z"
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data)
