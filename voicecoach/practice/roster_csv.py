"""A CSV file, as a person or a spreadsheet wrote it -> rows of cells. No I/O."""

import csv
import re
from collections.abc import Iterator

from voicecoach.practice.roster import LONGEST_LINE, Row

_COMMENT = "#"
_SEPARATORS = ",;\t"
"""Spreadsheets write the one that is usual in their country."""
_EMPTY = " ,;\t\"'\u00a0\ufeff"
"""What a line without any text consists of."""
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[,;\t])"?[,;\t]*', re.IGNORECASE)
_ONE_CELL = re.compile(r'"(?P<line>(?:[^"]|"")*)"[,;\t ]*')
"""A line that a spreadsheet took for one cell."""


def rows(data: bytes) -> Iterator[Row]:
    """The rows of ``data``, the header first, without comments and empty lines."""
    separator: str | None = None
    is_header = True
    for number, line in _lines(data):
        if line is not None and (not line.strip(_EMPTY) or _is_comment(line)):
            continue
        declared = _SEPARATOR_LINE.fullmatch(line or "") if is_header else None
        if declared is not None:
            separator = declared["separator"]
            continue
        separator = separator or max(_SEPARATORS, key=(line or "").count)
        is_header = False
        yield _row(number, line, separator)


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


def _row(number: int, line: str | None, separator: str) -> Row:
    if line is None:
        fault = f"this line has more than {LONGEST_LINE} bytes; no client needs that much"
        return Row(number=number, fault=fault)
    whole = _ONE_CELL.fullmatch(line)
    if whole is not None and separator in whole["line"]:
        line = whole["line"].replace('""', '"')
    try:
        reader = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
        return Row(number=number, cells=tuple(next(reader, ())))
    except csv.Error:
        fault = "a quotation mark is opened and not closed in this line"
        return Row(number=number, fault=fault)
