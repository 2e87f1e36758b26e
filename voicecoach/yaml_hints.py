"""What a parser of YAML says of a fault -> what its author can do about it, and where. No I/O."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HINTS = {
    "mapping values are not allowed": "text with a colon in it stands in quotes; or this line"
    " begins a space too far or too near: keys that belong together begin in the same column",
    "did not find expected key": "keys that belong together begin in the same column",
    "expected <block end>": "what belongs together begins in the same column",
    "did not find expected '-' indicator": "what belongs together begins in the same column",
    "did not find expected ',' or": "what a brace or a bracket opens, another closes; text that"
    " begins with one stands in quotes",
    "cannot start any token": "text that begins with this character stands in quotes",
    "did not find expected alphabetic": "text that begins with * or & stands in quotes",
}
"""What to do about what the parsers say most often; they use words of their own."""
_IN_QUOTES = (
    "text that begins with a quotation mark, a brace or a bracket stands in quotes, and quotes are"
    " closed"
)
NO_SPACE = "a space is wanted after the colon"
TOO_DEEP = "nested too deeply"
_KEY_WITHOUT_SPACE = re.compile(r"\s*(?:- +)?(?P<key>[\w-]+):[^\s:/][^:]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A line and a column, from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the parser tells."""

    said: str
    at: Spot
    context: str | None = None
    begun: Spot | None = None
    """Where that began in which the fault is."""
    opened: Spot | None = None
    """Where the quotes, braces or brackets were opened that were closed just before the fault."""


def too_deep(text: str, most: int) -> Spot | None:
    """Where more than ``most`` braces and brackets are open, if they ever are.

    Quotes and comments are not minded, so this only tells why a text could not be parsed. Parsers
    have limits of their own, and words of their own for them.
    """
    depth = 0
    for match in re.finditer(r"[\[\]{}]", text):
        depth += 1 if match[0] in "[{" else -1
        if depth > most:
            line_start = text.rfind("\n", 0, match.start()) + 1
            line = text.count("\n", 0, line_start) + 1
            return Spot(line=line, column=match.start() - line_start + 1)
    return None


def explained(fault: Fault, lines: Sequence[str]) -> tuple[Spot, str]:
    """Where the author should look in ``lines``, and the message."""
    begun = fault.begun or fault.at
    if fault.context and "quoted scalar" in fault.context:
        return begun, f"{fault.said}: {_IN_QUOTES}"
    if fault.opened is not None:
        return fault.opened, f"{fault.said}: {_IN_QUOTES}"
    spot = _key_without_space(fault, lines)
    if spot is not None:
        return spot, NO_SPACE
    hint = next((hint for said, hint in _HINTS.items() if said in fault.said), None)
    message = fault.said if hint is None else f"{fault.said}: {hint}"
    if begun.line != fault.at.line:
        message += f" ({fault.context}, begun in line {begun.line})"
    return fault.at, message


def lacks_space(text: str) -> bool:
    """Whether ``text`` is a key and a value with nothing but a colon between them."""
    return _KEY_WITHOUT_SPACE.fullmatch(text) is not None


def _key_without_space(fault: Fault, lines: Sequence[str]) -> Spot | None:
    """Where the key stands that has no space after its colon, if that is the fault."""
    if "could not find expected ':'" in fault.said:
        line = (fault.begun or fault.at).line
    elif "mapping values are not allowed" in fault.said:
        line = fault.at.line - 1  # it was read together with the line before
    else:
        return None
    text = lines[line - 1] if 1 <= line <= len(lines) else ""
    match = _KEY_WITHOUT_SPACE.fullmatch(text.rstrip())
    return None if match is None else Spot(line=line, column=match.start("key") + 1)
