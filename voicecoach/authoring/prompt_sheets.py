"""Prompts -> a CSV table and a page to print, for the person who records them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import groupby

from voicecoach import messages
from voicecoach.authoring.prompts import COMMON, Prompt, to_say_ms
from voicecoach.content.translation import Translation
from voicecoach.messages import Words
from voicecoach.templating import template

COLUMNS = ("group", "file", "text", "longest_s")
_COMMON_GROUP = "cues"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NO_FORMULA = "'"


def csv_file(prompts: Iterable[Prompt]) -> bytes:
    """A CSV file with COLUMNS as its header and a line for each of ``prompts``.

    UTF-8 with a byte order mark, without which Excel assumes another encoding. A cell that a
    spreadsheet would read as a formula gets a leading apostrophe (OWASP, CSV injection).
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


_TEMPLATE = "prompts.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    stem: str
    text: str
    longest: str


def html_page(prompts: Sequence[Prompt], words: Translation) -> str:
    """A self-contained HTML page without scripts, with each of ``prompts`` under its group.

    Its headings are in the language of ``words``, or else in English.
    """
    ours = messages.words(words.language)
    groups = [
        (ours("prompts.common") if group == COMMON else group, [_line(p, ours) for p in members])
        for group, members in groupby(prompts, key=lambda prompt: prompt.group)
    ]
    return template(_TEMPLATE).render(
        h=ours.section("prompts"),
        language=ours.language,
        direction=ours.direction,
        words=words,
        count=ours("prompts.count", count=len(prompts)),
        groups=groups,
    )


def _line(prompt: Prompt, ours: Words) -> _Line:
    longest = ours("prompts.free")
    if prompt.longest_ms is not None:
        seconds = f"{to_say_ms(prompt.longest_ms) / 1000:.1f}".replace(".", ours("decimal_mark"))
        longest = f"{seconds} s"
    return _Line(stem=prompt.stem, text=prompt.text, longest=longest)
