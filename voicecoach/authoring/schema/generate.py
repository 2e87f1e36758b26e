"""The readers of content -> JSON Schemas for editors, of programme.yaml and of its words. No I/O.

They say what the readers say about keys and the form of values. What takes the whole programme to
see, such as a talk that is not there, only `check` can tell.
"""

from collections.abc import Mapping
from dataclasses import replace

from voicecoach.authoring.schema import words
from voicecoach.authoring.schema.explorer import Reader, schema_of
from voicecoach.authoring.schema.recorder import ANY, Recorder, Schema
from voicecoach.content.clinical_state import Sign
from voicecoach.content.exercise import (
    Breathing,
    Contractions,
    Dose,
    Exercise,
    Intensity,
    Prescription,
    Step,
)
from voicecoach.content.programme import Effect, Programme, Rule
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.reading import translations
from voicecoach.content.reading.fields import Fields

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def programme_schema() -> Schema:
    """The schema of programme.yaml."""
    return _finished(schema_of([_read_structure]), "The structure and the doses", words.PROGRAMME)


def words_schema() -> Schema:
    """The schema of nl.yaml, en.yaml and other files of words."""
    any_programme, _ = _read_structure(Recorder({}, []))
    doses: dict[str, Dose] = {
        "breathing": Breathing(inhale_ms=1, exhale_ms=1, breaths=1),
        "contractions": Contractions(
            intensity=Intensity(low_percent=1, high_percent=1),
            hold_ms=1,
            rest_ms=1,
            reps=1,
            sets=1,
            set_rest_ms=1,
        ),
    }
    exercises = {f"{ANY}{kind}": _exercise(dose) for kind, dose in doses.items()}
    plain = replace(any_programme, exercises=exercises, rules=())
    rules = [Rule(when=sign, days=1, effect=Effect.STOP, sources=()) for sign in Sign]
    programmes = [plain, *(replace(plain, rules=(rule,)) for rule in rules)]
    return _finished(
        schema_of([_reader_of_words(each) for each in programmes]),
        "All words in one language",
        words.WORDS,
    )


def _read_structure(fields: Fields) -> tuple[Programme, tuple[str, ...]]:
    return programme_reader.read_structure(fields, (ANY,))


def _reader_of_words(programme: Programme) -> Reader:
    return lambda fields: translations.read_words(fields, ANY, programme)


def _exercise(dose: Dose) -> Exercise:
    prescription = Prescription(exercise=ANY, dose=dose, sources=())
    return Exercise(id=ANY, steps=(Step(from_day=1, prescription=prescription),))


def _finished(schema: Schema, title: str, described: Mapping[str, str]) -> Schema:
    return {"$schema": _DRAFT, "title": title, **_described(schema, "", described)}


def _described(schema: Schema, path: str, described: Mapping[str, str]) -> Schema:
    """``schema`` with a description of each key in it."""
    found = dict(schema)
    description = _description(path, described)
    if path and description is not None:
        found = {"description": description, **found}
    for keyword in ("oneOf", "anyOf"):
        if keyword in found:
            found[keyword] = [_described(each, path, described) for each in found[keyword]]
    if "items" in found:
        found["items"] = _described(found["items"], f"{path}[]", described)
    if "properties" in found:
        found["properties"] = {
            key: _described(each, f"{path}.{key}", described)
            for key, each in found["properties"].items()
        }
    if "patternProperties" in found:
        found["patternProperties"] = {
            pattern: _described(each, f"{path}.{ANY}", described)
            for pattern, each in found["patternProperties"].items()
        }
    if found.get("additionalProperties"):
        free = _described(found["additionalProperties"], f"{path}.{ANY}", described)
        found["additionalProperties"] = free
    return found


def _description(path: str, described: Mapping[str, str]) -> str | None:
    """The description with the longest end of ``path``."""
    names = path.removeprefix(".").split(".")
    ends = (".".join(names[start:]) for start in range(len(names)))
    return next((described[end] for end in ends if end in described), None)
