"""A reader -> the JSON Schema of all that it accepts, found by walking every way it can go. No I/O.

Where a reader asks whether a key is there, and goes on in the same way without it, the key may be
left out. Where it goes on in another way, the mapping has two shapes, and so for each value of a
key that decides what else is asked. A reader must therefore ask for nothing that has no effect.
"""

from collections.abc import Callable, Sequence

from voicecoach.authoring.schema.recorder import Answer, Chosen, Question, Recorder, Schema
from voicecoach.content.reading.fields import Fields

Reader = Callable[[Fields], object]
_Reading = tuple[Schema, list[Answer]]


def schema_of(readers: Sequence[Reader]) -> Schema:
    """What every file must be that any of ``readers`` accepts; they read the same kind of file."""
    schemas = [_explore(reader, {}, "") for reader in readers]
    whole = schemas[0]
    for schema in schemas[1:]:
        whole = merge(whole, schema)
    return whole


def _explore(reader: Reader, chosen: Chosen, within: str) -> Schema:
    """The schema of the whole file, where only questions at ``within`` or below it are followed."""
    first = _read(reader, chosen)
    schema, answers = first
    done: list[str] = []
    for answer in answers:
        question = answer.question
        is_new = question not in chosen and _is_at(question.path, within)
        if not is_new or any(_is_at(question.path, path) for path in done):
            continue
        others = {each: _read(reader, {**chosen, question: each}) for each in answer.others}
        if all(_is_same_way(question, first, other) for other in others.values()):
            for other, _ in others.values():
                schema = merge(schema, other)
            continue
        ways = [
            _way(reader, chosen, Answer(question=question, told=told, others=()))
            for told in (answer.told, *answer.others)
        ]
        schema = _with(schema, question.path, {"oneOf": _flat(ways)})
        done.append(question.path)
    return schema


def _way(reader: Reader, chosen: Chosen, answer: Answer) -> Schema:
    """The shape of the mapping where a reader is given ``answer``."""
    question = answer.question
    shape = _at(_explore(reader, {**chosen, question: answer.told}, question.path), question.path)
    if answer.is_about_presence:
        return shape
    ways = [
        {**each, "properties": {**each["properties"], question.key: {"const": answer.told}}}
        for each in shape.get("oneOf", [shape])
    ]
    return {"oneOf": ways}


def _flat(ways: Sequence[Schema]) -> list[Schema]:
    return [each for way in ways for each in way.get("oneOf", [way])]


def _read(reader: Reader, chosen: Chosen) -> _Reading:
    answers: list[Answer] = []
    recorder = Recorder(chosen, answers)
    reader(recorder)
    return recorder.schema(), answers


def _is_same_way(question: Question, one: _Reading, other: _Reading) -> bool:
    """Whether two readings asked the same at and below a mapping, but for the key in question."""
    return _asked_beside(question, one) == _asked_beside(question, other)


def _asked_beside(question: Question, reading: _Reading) -> tuple[Schema, list[Question]]:
    schema, answers = reading
    below = f"{question.path}.{question.key}" if question.path else question.key
    questions = [
        answer.question
        for answer in answers
        if answer.question != question
        and _is_at(answer.question.path, question.path)
        and not _is_at(answer.question.path, below)
    ]
    named = dict(_at(schema, question.path).get("properties", {}))
    named.pop(question.key, None)
    return named, questions


def _is_at(path: str, outer: str) -> bool:
    return not outer or path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _at(schema: Schema, path: str) -> Schema:
    """The part of ``schema`` that describes what stands at ``path``."""
    found = schema
    for name in filter(None, path.split(".")):
        key = name.removesuffix("[]")
        named = found.get("properties", {})
        found = named[key] if key in named else found["additionalProperties"]
        found = found["items"] if name.endswith("[]") else found
    return found


def _with(schema: Schema, path: str, part: Schema) -> Schema:
    """``schema`` with ``part`` in place of what stands at ``path``."""
    if not path:
        return part
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    named = schema.get("properties", {})
    below = named[key] if key in named else schema["additionalProperties"]
    if name.endswith("[]"):
        changed = {**below, "items": _with(below["items"], rest, part)}
    else:
        changed = _with(below, rest, part)
    if key in named:
        return {**schema, "properties": {**named, key: changed}}
    return {**schema, "additionalProperties": changed}


def merge(one: Schema, other: Schema) -> Schema:
    """A schema for what either accepts: a key is required where both require it."""
    if one == other or "oneOf" in one:
        return one
    if one.get("type") == other.get("type") == "array":
        return {**one, "items": merge(one["items"], other["items"])}
    if not one.get("type") == other.get("type") == "object":
        return {"anyOf": [one, other]}
    merged = {**other, **one}
    if "required" in merged:
        required = set(one.get("required", ())) & set(other.get("required", ()))
        merged["required"] = [key for key in merged["required"] if key in required]
    for each in ("properties", "patternProperties"):
        if each in merged:
            merged[each] = _merge_each(one.get(each, {}), other.get(each, {}))
    if one.get("additionalProperties") and other.get("additionalProperties"):
        free = merge(one["additionalProperties"], other["additionalProperties"])
        merged["additionalProperties"] = free
    return merged


def _merge_each(one: Schema, other: Schema) -> Schema:
    first, second = {**other, **one}, {**one, **other}
    return {key: merge(first[key], second[key]) for key in dict.fromkeys((*one, *other))}
