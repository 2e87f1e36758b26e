"""Parses JSON strictly, without the surprises of :mod:`json`. No I/O."""

import json
from dataclasses import MISSING, fields
from types import GenericAlias
from typing import Any, get_args, get_type_hints

MOST_BYTES = 50_000_000
_MOST_DIGITS = 15
"""Numbers below 10 to the 15th are exact in every program."""


def loads(data: bytes | str) -> Any:
    """Parses ``data``. Raises ValueError if it is not JSON, has more than MOST_BYTES, is nested too
    deeply, or has a duplicate key, an unusual number, or half a surrogate pair."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES // 1_000_000} MB")
    text = data if isinstance(data, str) else data.decode("utf-8-sig")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=_refuse,
        )
        if "\\u0000" in text:
            raise ValueError("a character that does not belong in text (U+0000)")
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # raises for half a surrogate pair
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def typed(kind: Any, value: Any, where: str) -> Any:
    """``value`` from JSON as a ``kind``: a dataclass, a tuple of one type, or a plain type.

    Ignores unknown keys, which a later version may have written. Raises ValueError.
    """
    if isinstance(kind, GenericAlias):
        if not isinstance(value, list):
            raise ValueError(f"{where} is not a list")
        return tuple(typed(get_args(kind)[0], v, f"{where}[{n}]") for n, v in enumerate(value))
    if kind in (str, int, bool):
        if type(value) is not kind or (kind is int and value < 0):
            raise ValueError(f"{where} is {value!r}")
        return value
    if not isinstance(value, dict):
        raise ValueError(f"{where} is not an object")
    hints = get_type_hints(kind)
    missing = [f.name for f in fields(kind) if f.name not in value and f.default is MISSING]
    if missing:
        raise ValueError(f"{where} lacks {', '.join(missing)}")
    given = {name: typed(hints[name], value[name], name) for name in hints if name in value}
    return kind(**given)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > _MOST_DIGITS:
        raise ValueError(f"a number of more than {_MOST_DIGITS} digits")
    return int(digits)


def _decimal(text: str) -> float:
    number = float(text)
    if abs(number) >= 10**_MOST_DIGITS:
        raise ValueError(f"a number of more than {_MOST_DIGITS} digits")
    return number


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not a number")
