"""What is wrong with YAML text: characters that only look right, and what a parser trips over.

No I/O.
"""

import re
from collections import abc
from dataclasses import dataclass
from enum import Enum

from voicecoach.messages import Message

STRANGE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u206f"
    "\\ud800-\\udfff\\ufeff\\ufffe\\uffff]"
)
"""Control characters and invisible marks."""
_TAB_INDENT = re.compile(r"^ *\t", re.M)
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES = "\u2010-\u2015\u2212\u2022\u30fb"
_COLONS = "\uff1a\ufe55\u2236\ua789"
_DIGITS = "\uff10-\uff19"
_QUOTES = "\u2018-\u201f\u00ab\u00bb\uff02\uff07"
_OTHERS = "\uff0c\uff3b\uff3d\uff5b\uff5d\uff03"
_UNSEEN = "\xad\u034f\u2060-\u2064\ufe00-\ufe0f"
DASH = re.compile(f"[{_DASHES}]")
LOOKALIKE = re.compile(f"[\t{_SPACES}{_DASHES}{_COLONS}{_DIGITS}{_QUOTES}{_OTHERS}{_UNSEEN}]")
"""Characters that look like a space, a dash, a colon …, but are letters to YAML."""
IN_NO_KEY = re.compile(f"^[{_SPACES}{_DASHES}“”„«]|[{_COLONS}]|[{_SPACES}“”„»]$")
_IN_A_KEY = re.compile(
    f"^ *(?:- +)*(?P<odd>[{_SPACES}{_DASHES}])"  # before a key, or instead of a dash
    rf"|^[ ]*(?:- ?)*[\w-]+[ ]*(?P<after>[{_SPACES}{_COLONS}])"
    rf"|^[ ]*(?:- +)?[\w-]+:(?P<value>[{_SPACES}])"
    rf"|^ *-(?P<item>[{_SPACES}])"
    rf"|(?<=: )(?P<quote>[“”„«‘])(?=.*[“”»’] *$)"
)
"""Finds one of them in a place of a line where YAML needs the real character."""
_NAMES = (
    (_SPACES, "space"),
    (_DASHES, "dash"),
    (_COLONS, "colon"),
    (_DIGITS, "digit"),
    (_QUOTES, "quote"),
    (_OTHERS, "sign"),
)
"""What is said of each, by the end of its key."""


def lookalikes(text: str) -> abc.Iterator[int]:
    """Indices of the characters of ``text`` that only look like one of YAML's."""
    return (match.start() for match in LOOKALIKE.finditer(text))


def about(char: str) -> str:
    """The problem with ``char``, and what to do."""
    if char == "\t":
        return Message("yaml.tab")
    code = f"U+{ord(char):04X}"
    if char in "\xa0\u202f":
        return Message("yaml.no_break_space", code=code)
    for chars, name in _NAMES:
        if re.match(f"[{chars}]", char):
            return Message(f"yaml.looks_like.{name}", code=code)
    return Message("yaml.strange", code=code)


def lookalike_in(line: str) -> int | None:
    """Index of a character in ``line`` that only looks like one of YAML's; ``None`` if none
    does."""
    match = _IN_A_KEY.search(line)
    return None if match is None or match.lastgroup is None else match.start(match.lastgroup)


_CLOSED_QUOTES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_KEY_WITHOUT_SPACE = re.compile(r"\s*(?:- +)?(?P<key>[\w-]+):[^\s:/][^:]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A line and a column, from 1."""

    line: int
    column: int


class Construct(Enum):
    """What the parser had begun and not ended; the value is the key of what to do."""

    BRACES = "closes"
    MAPPING = "same_column"
    SEQUENCE = "together"

    @classmethod
    def of(cls, *, is_mapping: bool, in_braces: bool) -> "Construct":
        """What a mapping, or a sequence, is to the parser."""
        block = cls.MAPPING if is_mapping else cls.SEQUENCE
        return cls.BRACES if in_braces else block


@dataclass(frozen=True, slots=True, kw_only=True)
class ParserFault:
    """A fault as the parser reports it. Its words are shown, and never looked into: a later version
    of the parser may have others."""

    said: str
    at: Spot
    context: str | None = None
    begun: Spot | None = None
    """The start of the construct that has the fault."""
    within: Construct | None = None
    """That construct; ``None`` where it is a single word, or not known."""
    opened: Spot | None = None
    """The opening of the quotes, braces or brackets that were closed just before the fault."""


def first_strange(text: str) -> tuple[Spot, str] | None:
    """The place of the first control character, or of the first tab in an indentation, and what is
    wrong with it."""
    strange = STRANGE.search(text) or _TAB_INDENT.search(text)
    if strange is None:
        return None
    index = strange.end() - 1
    column = index - text.rfind("\n", 0, index)
    return Spot(line=text.count("\n", 0, index) + 1, column=column), about(text[index])


def _lookalike_near(begun: Spot, at: Spot, lines: abc.Sequence[str]) -> Spot | None:
    """The place of a character that only looks like one of YAML's, in a line where the parser may
    have been misled by it: where it began, or at or just before the fault ``at``."""
    for line in (begun.line, at.line - 1, at.line):
        index = lookalike_in(lines[line - 1]) if 1 <= line <= len(lines) else None
        if index is not None:
            return Spot(line=line, column=index + 1)
    return None


def too_deep(text: str, most: int) -> Spot | None:
    """The place where more than ``most`` braces and brackets are open; ``None`` if nowhere.

    Ignores quotes and comments, so it can only explain why a text could not be parsed. Parsers have
    limits and messages of their own.
    """
    depth = 0
    for match in re.finditer(r"[\[\]{}]", text):
        depth += 1 if match[0] in "[{" else -1
        if depth > most:
            line_start = text.rfind("\n", 0, match.start()) + 1
            line = text.count("\n", 0, line_start) + 1
            return Spot(line=line, column=match.start() - line_start + 1)
    return None


def opened_before(
    at: Spot, closed: tuple[Spot, Spot] | None, lines: abc.Sequence[str]
) -> Spot | None:
    """The start of the quotes, braces or brackets with the ends ``closed``, if they were closed
    just before ``at``."""
    if closed is None or closed[1].line != at.line or at.line > len(lines):
        return None
    between = lines[at.line - 1][closed[1].column - 1 : at.column - 1]
    return None if between.strip() else closed[0]


def explained(fault: ParserFault, lines: abc.Sequence[str]) -> tuple[Spot, str]:
    """The place in ``lines`` that the author should look at, and the message."""
    begun = fault.begun or fault.at
    if char_at(fault.at, lines) == "\t":
        return fault.at, about("\t")
    odd = _lookalike_near(begun, fault.at, lines)
    if odd is not None:
        return odd, about(char_at(odd, lines))
    if fault.within is None and _is_in_quotes(begun, fault.at, lines):
        return begun, _hinted(fault.said, "in_quotes")
    if fault.opened is not None:
        return fault.opened, _hinted(fault.said, "in_quotes")
    spot = _key_without_space(fault, lines)
    if spot is not None:
        return spot, Message("errors.key_without_space")
    hint = _hint(fault, lines)
    message = fault.said if hint is None else _hinted(fault.said, hint)
    if begun.line != fault.at.line:
        context = fault.context or fault.said
        message = Message("yaml.began", message=message, context=context, line=begun.line)
    return fault.at, message


def _hint(fault: ParserFault, lines: abc.Sequence[str]) -> str | None:
    """What to do, by what is written at the fault; ``None`` where that tells nothing."""
    if fault.within is not None:
        return fault.within.value
    if fault.begun is None:
        return "colon" if char_at(fault.at, lines) == ":" else None
    first = char_at(fault.begun, lines)
    if first in ("*", "&"):
        return "star"
    return "begins" if fault.begun == fault.at and first in ("@", "`", "%") else None


def char_at(spot: Spot, lines: abc.Sequence[str]) -> str:
    """The character at ``spot``; empty past the end of its line or of ``lines``."""
    line = lines[spot.line - 1] if spot.line <= len(lines) else ""
    return line[spot.column - 1 : spot.column]


def _is_in_quotes(begun: Spot, at: Spot, lines: abc.Sequence[str]) -> bool:
    """Whether quotes open at ``begun`` and are not closed before ``at``."""
    if char_at(begun, lines) not in ("'", '"'):
        return False
    before = [
        *lines[begun.line - 1 : at.line - 1],
        "".join(lines[at.line - 1 : at.line])[: at.column - 1],
    ]
    before[0] = before[0][begun.column - 1 :]
    return _CLOSED_QUOTES.match("\n".join(before)) is None


def _hinted(said: str, hint: str) -> Message:
    return Message("yaml.hinted", said=said, hint=Message(f"yaml.hints.{hint}"))


def lacks_space(text: str) -> bool:
    """Whether ``text`` is a key and a value without a space after the colon."""
    return _KEY_WITHOUT_SPACE.fullmatch(text) is not None


def _key_without_space(fault: ParserFault, lines: abc.Sequence[str]) -> Spot | None:
    """The place of a key without a space after its colon, if that is the fault."""
    if fault.within is not None:
        return None
    if fault.begun is not None:
        line = fault.begun.line
    elif char_at(fault.at, lines) == ":":
        line = fault.at.line - 1  # the parser joined it with the line before
    else:
        return None
    text = lines[line - 1] if 1 <= line <= len(lines) else ""
    match = _KEY_WITHOUT_SPACE.fullmatch(text.rstrip())
    return None if match is None else Spot(line=line, column=match.start("key") + 1)
