"""Prompts -> a table for a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO

from voicecoach.prompts import COMMON, Prompt, to_say_ms

COLUMNS = ("group", "file", "text", "longest_s")
_COMMON_GROUP = "cues"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NO_FORMULA = "'"


def csv_file(prompts: Iterable[Prompt]) -> bytes:
    """A CSV file with a line for each of ``prompts`` and COLUMNS as its head.

    In UTF-8 with a byte order mark, without which Excel takes it for something else. A cell that a
    spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection).
    """
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for prompt in prompts:
        group = _COMMON_GROUP if prompt.group == COMMON else prompt.group
        cells = (group, prompt.stem, prompt.text, _seconds(prompt.longest_ms))
        writer.writerow(map(_without_formula, cells))
    return out.getvalue().encode("utf-8-sig")


def _seconds(length_ms: int | None) -> str:
    return "" if length_ms is None else f"{to_say_ms(length_ms) / 1000:.1f}"


def _without_formula(cell: str) -> str:
    return _NO_FORMULA + cell if cell.startswith(_FORMULA_STARTS) else cell
