"""Text -> lines that take no more than so many columns of a terminal. No I/O."""

import re
import unicodedata

TABLE_COLUMNS = 80
"""So wide a table is where there is room."""
_EMOJI_STYLE = "\ufe0f"
"""Asks for the character before it as a picture, which takes a column more."""


def columns_of(text: str) -> int:
    """The columns that ``text`` takes: two for an ideograph or an emoji, none for an accent that
    joins the letter before it."""
    return len(text) if text.isascii() else sum(map(_columns_of_character, text))


def _columns_of_character(character: str) -> int:
    if character != _EMOJI_STYLE and unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def cut(text: str, columns: int) -> str:
    """The beginning of ``text`` that fits in ``columns``."""
    taken = 0
    for index, character in enumerate(text):
        taken += _columns_of_character(character)
        if taken > columns:
            return text[:index]
    return text


def wrapped(text: str, columns: int, *, start: str = "", indent: str = "") -> list[str]:
    """``start`` and ``text`` in lines of at most ``columns``, broken between words.
    ``indent`` is put before the lines that follow. A longer word is left whole, so that it can be
    copied."""
    lines, line, is_begun = [], start, False
    for gap, word in re.findall(r"( *)([^ ]+)", text):
        if is_begun and columns_of(line + gap + word) > columns:
            lines.append(line)
            line = indent + word
        else:
            line += gap + word
        is_begun = True
    return [*lines, line]


def hanging(indent: int, columns: int) -> str:
    """The ``indent`` of lines that go on below others; little where it would take half the room."""
    return " " * (indent if 2 * indent <= columns else 4)
