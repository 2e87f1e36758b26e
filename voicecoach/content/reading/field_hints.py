"""What somebody wrote -> how it is written. No I/O."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from voicecoach.messages import Message
from voicecoach.yaml_nodes import (
    DASH,
    LOOKALIKE,
    Mapping,
    Node,
    Oddity,
    Scalar,
    lacks_space,
)

SOURCED = re.compile(r"(?P<number>\S+) +from +(?P<source>\S+)")
_MOST_WORDS_OF_A_NUMBER = 3
"""As in ``120 from editorial``."""
_LONGEST_NUMBER = 20
_DIGITS = re.compile(r"[0-9]+")
_NOT_A_STRING = re.compile(r"[-+.]?[0-9][0-9_.:eE+-]*|~|null|true|false|yes|no|on|off", re.I)
_NAMES = re.compile(r"[\w-]+(?:, *[\w-]+)*")


def lookalike(node: Node | None) -> Oddity | None:
    """The first character of ``node`` that only looks like another, if ``node`` is a word or a
    number; in prose, only one that keeps YAML from seeing a key or an item."""
    if not isinstance(node, Scalar):
        return None
    is_prose = len(node.text.split()) > _MOST_WORDS_OF_A_NUMBER
    found = (odd for odd in node.oddities if LOOKALIKE.match(odd.char))
    return next((o for o in found if o.breaks or not (is_prose or DASH.match(o.char))), None)


def text_fault(node: Node, most: int) -> str | None:
    """Why ``node`` is no text of at most ``most`` characters, and what to do; ``None`` where it is
    one."""
    if not isinstance(node, Scalar):
        is_keys = isinstance(node, Mapping)
        return Message("yaml.text_with_colon" if is_keys else "errors.text_wanted")
    text = " ".join(node.text.split())
    if not text:
        return Message("yaml.empty_text")
    if len(text) > most:
        return Message("yaml.too_long_text", count=len(text), most=most)
    if not node.quoted and _NOT_A_STRING.fullmatch(text):
        return Message("yaml.not_a_text", text=text)
    return None


def without_source(node: Node, sources: Collection[str]) -> str:
    """What is said of a number that names none of ``sources``, and how it is written."""
    words = node.text.split() if isinstance(node, Scalar) else []
    has_number = bool(words) and words[0][0].isdigit()
    is_short = has_number and len(words[0]) <= _LONGEST_NUMBER
    number = words[0].rstrip(",;") if is_short else "NUMBER"
    source = words[-1] if len(words) > 1 and words[-1] in sources else "SOURCE"
    return f"a number without a source: write it as {number} from {source}"


def decimal(node: Node, next_key: str = "") -> str | None:
    """What is said of ``4,5 from article`` between braces, where YAML reads a 4 and another key;
    ``None`` where that is not so."""
    rest = SOURCED.fullmatch(next_key)
    if rest is None or not isinstance(node, Scalar):
        return None
    parts = (node.text, rest["number"])
    if not all(map(_DIGITS.fullmatch, parts)):
        return None
    written = f"{'.'.join(parts)} from {rest['source']}"
    return f"decimals have a point: write it as {written}"


def as_list(node: Node) -> str:
    """How what stands in ``node`` becomes a list; empty where there is no telling."""
    if isinstance(node, Mapping) and node.items:
        return ": begin each item with '- '"
    if not isinstance(node, Scalar) or not node.text.strip():
        return ""
    if not node.quoted and _NAMES.fullmatch(node.text.strip()):
        return f": write it as [{node.text.strip()}]"
    return ": begin each paragraph with '- '"


def as_keys(node: Node, example: str) -> str:
    """How what stands in ``node`` becomes keys and values."""
    if isinstance(node, Scalar) and lacks_space(node.text):
        return f"; {Message('errors.key_without_space')}"
    return f", as {example}" if example else ""


def unknown_key(key: str, known: Collection[str], missing: Collection[str]) -> str:
    """What is said of ``key``; ``missing`` are the known ones that are not there yet."""
    if lacks_space(key):
        return Message("errors.key_without_space")
    near = meant_by(key, known, missing)
    hint = f"; did you mean {near!r}?" if near else ""
    return f"unknown key; known here: {', '.join(sorted(known))}{hint}"


def meant_by(key: str, known: Collection[str], missing: Collection[str]) -> str | None:
    """Which of the ``known`` keys was probably meant by ``key``, if it is ``missing``."""
    near = get_close_matches(key, known, n=1)
    return near[0] if near and near[0] in missing else None
