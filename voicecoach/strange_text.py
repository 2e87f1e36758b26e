"""Text -> the first character in it that does not belong there, and what to say of it. No I/O."""

import re

STRANGE = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\u200a\\u2010-\\u2027\\u202f-\\u2065\\u2070-\\ud7ff"
    "\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
"""Control characters, and marks that nobody sees."""
_TAB_INDENT = re.compile(r"^ *\t", re.M)


def first_strange(text: str) -> int | None:
    """Where the first control character stands, or the first tab that indents a line."""
    strange = STRANGE.search(text) or _TAB_INDENT.search(text)
    return None if strange is None else strange.end() - 1


def about(char: str) -> str:
    """What is wrong with ``char``, and what to do."""
    if char == "\t":
        return "a tab where YAML wants spaces: indent with spaces"
    return f"a character that does not belong in text (U+{ord(char):04X}): remove it"
