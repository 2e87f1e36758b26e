"""Text -> the characters in it that do not belong there, or that look like others. No I/O."""

import re

STRANGE = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\u200a\\u2010-\\u2027\\u202f-\\u2065\\u2070-\\ud7ff"
    "\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
"""Control characters, and marks that nobody sees."""
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
"""Characters that a person takes for a space, a dash, a colon …, and YAML for letters."""
IN_NO_KEY = re.compile(f"^[{_SPACES}{_DASHES}“”„«]|[{_COLONS}]|[{_SPACES}“”„»]$")
_IN_A_KEY = re.compile(
    f"^ *(?:- +)*(?P<odd>[{_SPACES}{_DASHES}])"  # before a key, or instead of a dash
    rf"|^[ ]*(?:- ?)*[\w-]+[ ]*(?P<after>[{_SPACES}{_COLONS}])"
    rf"|^[ ]*(?:- +)?[\w-]+:(?P<value>[{_SPACES}])"
    rf"|^ *-(?P<item>[{_SPACES}])"
    rf"|(?<=: )(?P<quote>[“”„«‘])(?=.*[“”»’] *$)"
)
"""Where in a line one of them is in place of what YAML goes by."""
_NAMES = (
    (_SPACES, "a space that does not break lines or has another width", "type a plain space"),
    (_DASHES, "a dash or dot that only looks like a hyphen", "type a plain hyphen (-)"),
    (_COLONS, "a colon of another script", "type a plain colon (:)"),
    (_DIGITS, "a digit of full width", "type a plain digit"),
    (_QUOTES, "a curly quotation mark", 'type a plain one (")'),
    (_OTHERS, "a sign of full width", "type the plain one"),
)


def first_strange(text: str) -> int | None:
    """Where the first control character stands, or the first tab that indents a line."""
    strange = STRANGE.search(text) or _TAB_INDENT.search(text)
    return None if strange is None else strange.end() - 1


def about(char: str) -> str:
    """What is wrong with ``char``, and what to do."""
    if char == "\t":
        return "a tab where YAML wants spaces: indent with spaces"
    if char in "\xa0\u202f":
        code = f"U+{ord(char):04X}"
        return f"a no-break space ({code}), which only looks like a space: type a plain space"
    for chars, name, cure in _NAMES:
        if re.match(f"[{chars}]", char):
            return f"{name} (U+{ord(char):04X}): {cure}"
    return f"a character that does not belong in text (U+{ord(char):04X}): remove it"


def lookalike_in(line: str) -> int | None:
    """Where in ``line`` a character only looks like what YAML goes by; ``None`` where none does."""
    match = _IN_A_KEY.search(line)
    return None if match is None or match.lastgroup is None else match.start(match.lastgroup)
