"""Text: composed letters, characters that no voice can say, and wrapping for a terminal."""

import re
import unicodedata
from collections.abc import Iterator

from voicecoach.messages import Message

_NOT_PLAIN = re.compile(
    r"[^\t\n\r\x20-\x7e\x85"
    r"\xa0-\xa9\xab\xac\xae-\xb9\xbb-\xff"  # Latin-1, but for ª, º and the soft hyphen
    r"\u0100-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u1e9e"  # Latin-A, but for what is joined
    r"\u2000-\u200a\u2010-\u2015\u2018-\u201f\u2022\u2026\u202f\u2030\u2032\u2033\u2039\u203a\u205f"
    r"\u20ac\u2212\u3000]"
)
_ACCENTED = range(0x0180, 0x0250)
"""Voices can say accented letters in this range, but not those with a stroke or a hook."""
_CAPITALS = re.compile(r"[^\W\d_]{2,}")
LONGEST_NAME = 60
SPELL_IT = "write it as it sounds"


def composed(text: str) -> str:
    """``text`` with accented letters as single characters (NFC); some systems write two."""
    return unicodedata.normalize("NFC", text)


def tidied(text: str) -> str:
    """``text`` composed, with single spaces and none around it."""
    return " ".join(composed(text).split())


def unsayable(text: str, script: str = "") -> Iterator[int]:
    """Indices of the characters of ``text`` that no voice can say. Besides Latin letters, those of
    ``script`` (the first word of their Unicode names) can be said."""
    for match in _NOT_PLAIN.finditer(text):
        char = match[0]
        parts = unicodedata.decomposition(char)
        is_of_script = bool(script) and unicodedata.name(char, "").startswith(script.upper())
        is_accented = ord(char) in _ACCENTED and parts and not parts.startswith("<")
        if not is_of_script and not is_accented:
            yield match.start()


def is_sayable(text: str, script: str = "") -> bool:
    """Whether a voice can say every character of ``text``; see :func:`unsayable`."""
    return next(unsayable(text, script), None) is None


def about(char: str) -> str:
    """``char`` for a message; only its code if it is invisible."""
    code = f"U+{ord(char):04X}"
    return f"“{char}” ({code})" if char.isprintable() and not unicodedata.combining(char) else code


def sounds_like(text: str) -> str:
    """``text`` in plain letters; empty if they cannot be determined."""
    plain = unicodedata.normalize("NFKD", text).replace("Đ", "D").replace("đ", "d")
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return kept.strip() if is_sayable(kept) else ""


def spoken_name(name: str) -> str:
    """``name`` for a voice, which would spell out a name in capitals as an abbreviation."""
    return _CAPITALS.sub(lambda word: _capitalised(word[0]), name)


def _capitalised(word: str) -> str:
    """``word`` with only its first letter in upper case, if all are. ß has no upper case, and the
    lower case of İ would be two characters."""
    is_in_capitals = word.replace("ß", "").isupper()
    return word[0] + word[1:].replace("İ", "i").lower() if is_in_capitals else word


TABLE_COLUMNS = 80
"""The width of tables on a wide terminal."""
_EMOJI_STYLE = "\ufe0f"
"""Requests the character before it as an emoji, which is one column wider."""


def columns_of(text: str) -> int:
    """The width of ``text`` in columns: two for an ideograph or emoji, none for a combining
    accent."""
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
    """``start`` and ``text`` in lines of at most ``columns``, broken between words. Lines after
    the first begin with ``indent``. A longer word is not broken, so that it can be copied."""
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
    """The ``indent`` of continuation lines, reduced if it would take half of ``columns``."""
    return " " * (indent if 2 * indent <= columns else 4)


def name_fault(name: str, script: str) -> Message | None:
    """Why no voice can say ``name``, and what to do; ``None`` where one can. The letters of
    ``script`` can be said besides Latin ones."""
    if len(name) > LONGEST_NAME:
        return Message("errors.too_long_name", most=LONGEST_NAME)
    place = next(unsayable(name, script), None)
    if place is None:
        return None
    letter, plain = about(name[place]), sounds_like(name)
    if not plain:
        return Message("errors.name_without_letters", letter=letter)
    return Message("errors.name_unsayable", letter=letter, plain=plain)
