"""Tables of the keys that a mapping in a content file may have. No I/O.

Each key is declared once, with :func:`needed` or :func:`optional`: its name, the kind of its value,
and what it means to an author. A table reads a mapping, and makes its JSON Schema for editors. For
example, of ``{talk: opening, times: 2 from article}``::

    table(
        needed("talk", key_of("talks", "talk"), "The id of a talk."),
        optional("times", count(limits.TIMES_A_DAY), "How often on a day."),
    )
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

from voicecoach import limits
from voicecoach.content.reading.fields import WHOLE_KEY, Fields, Sourced
from voicecoach.content.reading.value_kinds import Schema, Value, list_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a mapping says: its values by key. A key that was left out is not among them."""

    fields: Fields
    """The mapping itself, to refuse what only several values together show."""
    values: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def get(self, key: str, default: Any = None) -> Any:
        """The value of ``key``, or ``default`` where it was left out."""
        return self.values.get(key, default)

    def number(self, key: str, default: Any = None) -> Any:
        """The number of ``key`` without its source, or ``default``; times are milliseconds."""
        return self.values[key].value if key in self else default

    @property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """The source of each number, by key."""
        numbers = ((k, each) for k, each in self.values.items() if isinstance(each, Sourced))
        return tuple((key, number.source) for key, number in numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key that a mapping may have."""

    name: str
    kind: "Kind"
    meaning: str
    """Its meaning, for the author."""
    is_needed: bool
    unless: str | None = None
    """The key that makes it unnecessary."""

    def read(self, fields: Fields) -> Any:
        """Its value in ``fields``; notes a problem if it is missing."""
        return self.kind.read(fields, self.name)

    def is_read(self, fields: Fields) -> bool:
        """Whether it is in ``fields``, or must be."""
        is_excused = self.unless is not None and fields.has(self.unless)
        return fields.has(self.name) or (self.is_needed and not is_excused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping that may have ``keys`` and no others."""

    keys: tuple[Key, ...]
    at_least_one: str = ""
    """What a key is called in a message, where at least one of them is needed."""
    not_both: tuple[str, str] | None = None
    """Two keys that exclude each other; the reader says why."""
    example: str = ""
    """An example of how to write it, for a message."""
    if_unknown: str = ""
    """What to do about a key that it does not know, for a message."""

    def read(self, fields: Fields, key: str) -> Row:
        """The mapping below ``key``."""
        return self.read_row(fields.fields(key, self.example))

    def read_list(self, fields: Fields, key: str) -> tuple[Row, ...]:
        """The list of mappings below ``key``."""
        return tuple(map(self.read_row, fields.fields_list(key)))

    def read_row(self, fields: Fields) -> Row:
        """The values of ``fields``; keys that are not in the table are refused."""
        values = {k.name: k.read(fields) for k in self.keys if k.is_read(fields)}
        if self.at_least_one and not values:
            listed = ", ".join(key.name for key in self.keys)
            fields.refuse_at(fields.place, f"a {self.at_least_one} is wanted: {listed}")
        fields.close(self.if_unknown)
        return Row(fields=fields, values=values)

    @property
    def schema(self) -> Schema:
        """Which keys it has, which of them it must have, and what each means."""
        always = [key.name for key in self.keys if key.is_needed and key.unless is None]
        either = [[{"required": [k.name]}, {"required": [k.unless]}] for k in self.keys if k.unless]
        return {
            "type": "object",
            "properties": {
                key.name: {"description": key.meaning, **key.kind.schema} for key in self.keys
            },
            "required": always,
            "additionalProperties": False,
            **({"minProperties": 1} if self.at_least_one else {}),
            **({"not": {"required": list(self.not_both)}} if self.not_both else {}),
            **({"anyOf": either[0]} if either else {}),
        }


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping whose keys the author chooses."""

    item: "Kind"
    """Of each entry."""
    meaning: str
    """Of each entry."""
    _: KW_ONLY
    at_least_one: str = ""
    """What an entry is called in a message, where at least one is needed."""
    most: int = limits.MOST_KEYS
    are_numbered: bool = False
    """Whether the keys are whole numbers in digits."""

    def read(self, fields: Fields, key: str) -> Row:
        """The mapping below ``key``."""
        below = fields.fields(key)
        keys = below.whole_keys() if self.are_numbered else below.keys
        if self.at_least_one and not keys:
            below.refuse_at(below.place, f"at least one {self.at_least_one} is wanted")
        if len(keys) > self.most:
            message = f"{len(keys)} {self.at_least_one}s, where at most {self.most} are read"
            below.refuse_at(below.place, f"{message}, because nobody chooses from more")
            keys = ()
        return Row(fields=below, values={each: self.item.read(below, each) for each in keys})

    @property
    def schema(self) -> Schema:
        """How many entries there can be, and what each is and means."""
        names = {"propertyNames": {"pattern": f"^({WHOLE_KEY.pattern})$"}}
        return {
            "type": "object",
            "additionalProperties": {"description": self.meaning, **self.item.schema},
            "maxProperties": self.most,
            **({"minProperties": 1} if self.at_least_one else {}),
            **(names if self.are_numbered else {}),
        }


Kind = Value | Table | Entries


def needed(name: str, kind: Kind, meaning: str, *, unless: str | None = None) -> Key:
    """A key that must be there; or only where ``unless`` is not."""
    return Key(name=name, kind=kind, meaning=meaning, is_needed=True, unless=unless)


def optional(name: str, kind: Kind, meaning: str) -> Key:
    """A key that may be left out."""
    return Key(name=name, kind=kind, meaning=meaning, is_needed=False)


def all_optional(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The same keys, any of which may be left out."""
    return tuple(replace(key, is_needed=False) for key in keys)


def table(
    *keys: Key, at_least_one: str = "", not_both: tuple[str, str] | None = None, example: str = ""
) -> Table:
    """A :class:`Table` of ``keys``."""
    return Table(keys=keys, at_least_one=at_least_one, not_both=not_both, example=example)


def list_of(item: Value | Table) -> Value:
    """A list of at least one item."""
    assert item.read_list is not None, "every kind that is listed can be"
    return Value(read=item.read_list, schema=list_schema(item.schema))


def one_shape_of(tables: tuple[Table, ...], read_row: Callable[[Fields, str], Any]) -> Value:
    """A mapping that has the keys of one of ``tables``. ``read_row`` decides which one, from the
    mapping and the key above it."""
    return Value(
        read=lambda fields, key: read_row(fields.fields(key), key),
        read_list=lambda fields, key: tuple(read_row(f, key) for f in fields.fields_list(key)),
        schema={"anyOf": [each.schema for each in tables]},
    )
