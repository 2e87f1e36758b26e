"""The kinds of values in content files: how each is read, and what its JSON Schema is. No I/O."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from voicecoach import limits
from voicecoach.content.reading.fields import MAX_SECONDS, MAX_WHOLE, NO_LIMIT, Fields, Sourced
from voicecoach.content.reading.node_fields import IDENTIFIER as _IDENTIFIER
from voicecoach.limits import Most
from voicecoach.yaml_nodes import Place

Schema = dict[str, Any]

_LANGUAGE_CODE = re.compile("[a-z]{2,3}")
_FORMS = r":[^{}|]+\|[^{}|]+"
"""A noun for one and for more, in a placeholder."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A kind of value."""

    read: Callable[[Fields, str], Any]
    """Reads the value below a key; the fields gather its faults."""
    schema: Schema
    read_list: Callable[[Fields, str], tuple[Any, ...]] | None = None
    """Reads a list of such values below a key."""


def text(
    *,
    may_hold: tuple[str, ...] | None = None,
    most: int = limits.CHARACTERS_OF_A_PARAGRAPH,
    has_forms: bool = False,
) -> Value:
    """A text of at most ``most`` characters that may hold these placeholders between braces;
    ``None`` where braces mean nothing. With ``has_forms``, a placeholder may add its noun, for one
    and for more: ``{sets:set|sets}``."""

    def read(fields: Fields, key: str) -> str:
        found = fields.text(key, most)
        _check_placeholders(fields, fields.place_of(key), found, may_hold, has_forms=has_forms)
        return found

    def read_list(fields: Fields, key: str) -> tuple[str, ...]:
        found = fields.texts_and_places(key)
        for each, place in found:
            _check_placeholders(fields, place, each, may_hold, has_forms=has_forms)
        return tuple(each for each, _ in found)

    forms = rf"({_FORMS})?" if has_forms else ""
    filled = "".join(rf"|\{{{name}{forms}\}}" for name in may_hold or ())
    pattern = r"\S" if may_hold is None else rf"^(?=[\s\S]*\S)([^{{}}]{filled})*$"
    return Value(read=read, read_list=read_list, schema=_text_schema(pattern, most))


def one_of(what: str, texts: tuple[str, ...]) -> Value:
    """One of ``texts``, called ``what`` in messages."""
    return Value(
        read=partial(Fields.known, what=what, ids=texts),
        read_list=partial(Fields.known_list, what=what, ids=texts),
        schema={"enum": list(texts)},
    )


def key_of(part: str, what: str) -> Value:
    """A key of the mapping below the key ``part`` of the file, called ``what`` in messages."""
    return Value(
        read=lambda fields, key: fields.known(key, what, fields.ids.get(part, ())),
        read_list=lambda fields, key: fields.known_list(key, what, fields.ids.get(part, ())),
        schema=_text_schema(r"\S"),
    )


def one_or_more(item: Value) -> Value:
    """A single value, or a list of them; read as a tuple."""
    assert item.read_list is not None, "every kind that is listed can be"
    read_list = item.read_list
    return Value(
        read=lambda fields, key: (
            read_list(fields, key) if fields.is_list(key) else (item.read(fields, key),)
        ),
        schema={"anyOf": [item.schema, list_schema(item.schema)]},
    )


def whole(*, least: int, most: int = MAX_WHOLE, limit: Most = NO_LIMIT) -> Value:
    """A whole number without a source."""
    return Value(
        read=partial(Fields.whole, least=least, most=most, limit=limit),
        schema={"type": "integer", "minimum": least, "maximum": min(most, limit.number)},
    )


def count(limit: Most = NO_LIMIT, *, least: int = 1) -> Value:
    """A whole number with its source: ``8 from article``."""
    smaller = f"(?!({_up_to(least - 1)}) )" if least > 1 else ""
    zero = "0|" if least == 0 else ""
    return Value(
        read=partial(Fields.count, least=least, limit=limit),
        schema=_sourced_schema(f"{smaller}({zero}{_up_to(limit.number)})"),
    )


def list_schema(item: Schema, most: int = limits.MOST_ITEMS) -> Schema:
    """The schema of a list of at least one item."""
    return {"type": "array", "minItems": 1, "maxItems": most, "items": item}


def _text_schema(pattern: str, most: int = limits.CHARACTERS_OF_A_PARAGRAPH) -> Schema:
    return {"type": "string", "pattern": pattern, "maxLength": most}


def _sourced_schema(number: str) -> Schema:
    return {"type": "string", "pattern": rf"^{number} +from +\S+$"}


def _up_to(most: int) -> str:
    """A pattern of the whole numbers from 1 to ``most``, without parentheses around it."""
    digits = str(most)
    shorter = f"[1-9][0-9]{{0,{len(digits) - 2}}}"
    smaller = [
        f"{digits[:place]}[{0 if place else 1}-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}"
        for place, digit in enumerate(digits)
        if int(digit) > (0 if place else 1)
    ]
    return "|".join([*([shorter] if len(digits) > 1 else []), *smaller, digits])


def whole_seconds(why: str, *, or_none: bool = False, most_s: int = MAX_SECONDS) -> Value:
    """Whole seconds with their source, read as milliseconds; ``why`` they must be whole."""

    def read(fields: Fields, key: str) -> Sourced:
        found = fields.seconds_as_ms(key, least_ms=0 if or_none else 1, most_s=most_s, whole=why)
        if found.source and found.value % 1000:  # else something is wrong with it already
            fields.refuse(key, f"{why}: whole seconds are wanted")
        return found

    none = r"|0(\.0{1,3})?" if or_none else ""
    return Value(read=read, schema=_sourced_schema(rf"(({_up_to(most_s)})(\.0{{1,3}})?{none})"))


def _read_languages(fields: Fields, key: str) -> tuple[str, ...]:
    codes = fields.texts(key)
    if not all(map(_LANGUAGE_CODE.fullmatch, codes)):
        fields.refuse(key, "language codes are wanted, such as nl or en")
    if len(codes) > limits.MOST_LANGUAGES:
        fields.refuse(key, f"at most {limits.MOST_LANGUAGES} languages can be kept right")
    if len(set(codes)) < len(codes):
        fields.refuse(key, "a language is named twice")
    return codes


def _check_placeholders(
    fields: Fields, place: Place, found: str, allowed: tuple[str, ...] | None, *, has_forms: bool
) -> None:
    if allowed is None:
        return
    for match in _PLACEHOLDER.finditer(found):
        named = match[1] or ""
        name = re.sub(f"{_FORMS}$", "", named) if has_forms else named
        if name not in allowed:
            known = ", ".join(f"{{{name}}}" for name in allowed) or "none"
            message = f"nothing fills {match[0]!r}; what may stand here: {known}"
            if "." in name and has_forms:
                message += ". A talk may name the numbers of an exercise that is in each session"
                message += " that has the talk, as {squat.reps}"
            fields.refuse_at(place, message)


_SHORTER = f"0|{_up_to(MAX_SECONDS - 1)}"
IDENTIFIER = Value(
    read=Fields.identifier,
    schema=_text_schema(f"^({_IDENTIFIER.pattern})$", limits.CHARACTERS_OF_A_NAME),
)
"""A text that is fit for a file name: small letters, digits and single hyphens."""
LANGUAGES = Value(
    read=_read_languages,
    schema={
        **list_schema(_text_schema(f"^({_LANGUAGE_CODE.pattern})$"), limits.MOST_LANGUAGES),
        "uniqueItems": True,
    },
)
"""A list of language codes, each once."""
SECONDS = Value(
    read=Fields.seconds_as_ms,
    schema=_sourced_schema(
        rf"(?!0(\.0+)? )(({_SHORTER})(\.[0-9]{{1,3}})?|{MAX_SECONDS}(\.0{{1,3}})?)"
    ),
)
"""Seconds with their source, such as ``2.5 from article``; read as milliseconds."""
SECONDS_OR_NONE = Value(
    read=partial(Fields.seconds_as_ms, least_ms=0),
    schema=_sourced_schema(rf"(({_SHORTER})(\.[0-9]{{1,3}})?|{MAX_SECONDS}(\.0{{1,3}})?)"),
)
"""Seconds with their source, or 0."""
SECONDS_COUNTED_ALOUD = whole_seconds("a hold is counted aloud")
"""Whole seconds of a hold, with their source."""
PERCENT = Value(read=Fields.percent, schema=_sourced_schema(f"({_up_to(100)})(-({_up_to(100)}))?"))
"""A percentage or a range of them with its source: ``30-40 from article``."""
