"""A stand-in for the keys of a file that records what a reader asks of them. No I/O.

It answers every question with a harmless value, says that it has every key, and keeps what was
asked as a JSON Schema. Which answers it gives instead can be chosen, so that every way of a reader
can be walked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from voicecoach import strict_yaml
from voicecoach.content.reading import fields, node_fields
from voicecoach.content.reading.fields import Fields, Sourced
from voicecoach.strict_yaml import Place

Schema = dict[str, Any]
ANY = "*"
"""A key, or a part of one, that the author of the file chooses."""

_NOWHERE = Place(file="", line=1, column=1, path="")
_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Where the way of a reader may part: a key that may be missing, or one of several values."""

    path: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reader was told, and what else it might have been told."""

    question: Question
    told: str
    others: tuple[str, ...]

    @property
    def is_about_presence(self) -> bool:
        """Whether the question was if a key is there, not which of several values it has."""
        return self.told in (_YES, _NO)


Chosen = Mapping[Question, str]


class Recorder(Fields):
    """Records a reading. ``chosen`` are the answers that differ from the first of each question."""

    def __init__(self, chosen: Chosen, answers: list[Answer], path: str = "") -> None:
        """``answers`` is where every answer is noted, in the order of the questions."""
        super().__init__(strict_yaml.Mapping(place=_NOWHERE, items={}, keys={}), [])
        self._chosen = chosen
        self._answers = answers
        self._path = path
        self._values: dict[str, Schema | Recorder] = {}
        self._lists: set[str] = set()
        self._number_keys: set[str] = set()
        self._is_closed = False

    def schema(self) -> Schema:
        """What was asked, as the JSON Schema of a mapping: each key asked for is required."""
        named: Schema = {}
        free: list[Schema] = []
        numbers: list[Schema] = []
        for key, value in self._values.items():
            schema = value.schema() if isinstance(value, Recorder) else value
            if key in self._lists:
                schema = {"type": "array", "minItems": 1, "items": schema}
            if key.startswith(ANY):
                free.append(schema)
            elif key in self._number_keys:
                numbers.append(schema)
            else:
                named[key] = schema
        whole: Schema = {"type": "object"}
        if named:
            whole |= {"properties": named, "required": list(named)}
        if numbers:
            whole["patternProperties"] = {f"^({fields.WHOLE_KEY.pattern})$": numbers[0]}
        if free:
            whole["additionalProperties"] = free[0] if len(free) == 1 else {"oneOf": free}
        elif self._is_closed:
            whole["additionalProperties"] = False
        return whole

    @property
    def keys(self) -> tuple[str, ...]:
        """One key, for any that may stand there."""
        return (ANY,)

    def whole_keys(self) -> tuple[str, ...]:
        """One number, for any."""
        self._number_keys.add("1")
        return ("1",)

    def has(self, key: str) -> bool:
        """Whether the reader is to be told that the key is there."""
        return self._answer(key, (_YES, _NO)) == _YES

    def close(self) -> None:
        """From now on no other key is known."""
        self._is_closed = True

    def place_of(self, key: str) -> Place:
        """Nowhere."""
        return _NOWHERE

    def refuse_at(self, place: Place, message: str) -> None:
        """Nothing: harmless values are no one's fault."""

    def refuse(self, key: str, message: str) -> None:
        """Nothing, as above."""

    def text(self, key: str) -> str:
        """A text."""
        self._values[key] = _TEXT
        return ANY

    def identifier(self, key: str) -> str:
        """An identifier."""
        self._values[key] = {"type": "string", "pattern": f"^({node_fields.IDENTIFIER.pattern})$"}
        return ANY

    def texts_and_places(self, key: str) -> list[tuple[str, Place]]:
        """A list of one text."""
        self._values[key] = _list_of(_TEXT)
        return [(ANY, _NOWHERE)]

    def whole(self, key: str, *, least: int, most: int = fields.MAX_WHOLE) -> int:
        """The least number."""
        self._values[key] = {"type": "integer", "minimum": least, "maximum": most}
        return least

    def count(self, key: str, *, least: int = 1) -> Sourced:
        """The least number, from some source."""
        self._number(key, fields.WHOLE.pattern if least == 0 else "[1-9][0-9]{0,9}")
        return Sourced(value=least, high=least, source=ANY)

    def seconds_as_ms(self, key: str) -> Sourced:
        """One second, from some source."""
        self._number(key, fields.SECONDS.pattern)
        return Sourced(value=1000, high=1000, source=ANY)

    def percent(self, key: str) -> Sourced:
        """One per cent, from some source."""
        self._number(key, fields.RANGE.pattern)
        return Sourced(value=1, high=1, source=ANY)

    def fields(self, key: str, example: str = "") -> Fields:
        """A recorder of what is asked below."""
        return self._below(key, key)

    def fields_list(self, key: str) -> tuple[Fields, ...]:
        """One recorder, for every item of the list."""
        self._lists.add(key)
        return (self._below(key, f"{key}[]"),)

    def known(self, key: str, what: str, ids: Collection[str]) -> str:
        """One of ``ids``."""
        self._values[key] = _one_of(ids)
        return ANY if ANY in ids else self._answer(key, tuple(ids))

    def known_list(self, key: str, what: str, ids: Collection[str]) -> tuple[str, ...]:
        """All of ``ids``."""
        self._values[key] = _list_of(_one_of(ids))
        return tuple(ids)

    def _below(self, key: str, name: str) -> "Recorder":
        path = f"{self._path}.{name}" if self._path else name
        below = Recorder(self._chosen, self._answers, path)
        self._values[key] = below
        return below

    def _number(self, key: str, pattern: str) -> None:
        self._values[key] = {"type": "string", "pattern": rf"^({pattern}) +from +\S+$"}

    def _answer(self, key: str, possible: tuple[str, ...]) -> str:
        question = Question(path=self._path, key=key)
        told = self._chosen.get(question, possible[0])
        others = tuple(each for each in possible if each != told)
        answer = Answer(question=question, told=told, others=others)
        if others and answer not in self._answers:
            self._answers.append(answer)
        return told


def _list_of(item: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": item}


def _one_of(ids: Collection[str]) -> Schema:
    return _TEXT if any(id_.startswith(ANY) for id_ in ids) else {"enum": list(ids)}
