"""The ``exercises`` of programme.yaml -> exercises: steps, doses, the source of every number."""

from collections.abc import Iterable

from voicecoach.content.exercise import (
    Breathing,
    Contractions,
    Dose,
    Exercise,
    Intensity,
    Prescription,
    Step,
)
from voicecoach.content.reading.fields import Fields, Sourced

_BREATHING_KEYS = ("inhale_s", "exhale_s", "breaths")
_CONTRACTION_KEYS = ("intensity_percent", "hold_s", "rest_s", "reps", "sets", "set_rest_s")


def read_exercises(fields: Fields) -> dict[str, Exercise | None]:
    """The exercises by id; those that cannot be read are ``None``, so that they are known."""
    exercises = {id_: _exercise(id_, fields.fields(id_)) for id_ in fields.keys}
    fields.close()
    return exercises


def _exercise(id_: str, fields: Fields) -> Exercise | None:
    """The exercise, or ``None`` where it cannot be read any further."""
    kind = fields.known("kind", "kind", ("breathing", "contractions"))
    keys = {"breathing": _BREATHING_KEYS, "contractions": _CONTRACTION_KEYS}.get(kind)
    if keys is None:
        return None
    shared = fields.fields("dose")
    rows = fields.fields_list("steps") if fields.has("steps") else (shared,)
    steps: list[Step] = []
    for row in rows:
        day = None if row is shared else row.count("from_day")
        from_day = 1 if day is None else day.value
        if steps and steps[-1].from_day >= from_day:
            row.refuse("from_day", "steps stand in order of day, each later than the one before")
        steps.append(
            Step(
                from_day=from_day,
                prescription=_prescription(id_, keys, row, shared),
                day_source=None if day is None else day.source,
            )
        )
        row.close()
    if not steps:
        return None
    if shared not in rows:
        shared.close()
    fields.close()
    return Exercise(id=id_, steps=tuple(steps))


def _prescription(id_: str, keys: Iterable[str], row: Fields, shared: Fields) -> Prescription:
    """The numbers of ``row``, and those it does not have from ``shared``."""
    places = {key: row if row.has(key) else shared for key in keys}
    numbers = {key: _number(place, key) for key, place in places.items()}
    if "hold_s" in numbers and numbers["hold_s"].value % 1000:
        places["hold_s"].refuse("hold_s", "a hold is counted aloud: whole seconds are wanted")
    return Prescription(
        exercise=id_,
        dose=_dose(numbers),
        sources=tuple((key, number.source) for key, number in numbers.items()),
    )


def _number(fields: Fields, key: str) -> Sourced:
    if key.endswith("_s"):
        return fields.seconds_as_ms(key)
    return fields.percent(key) if key.endswith("_percent") else fields.count(key)


def _dose(numbers: dict[str, Sourced]) -> Dose:
    value = {key: number.value for key, number in numbers.items()}
    if "inhale_s" in numbers:
        return Breathing(
            inhale_ms=value["inhale_s"], exhale_ms=value["exhale_s"], breaths=value["breaths"]
        )
    intensity = numbers["intensity_percent"]
    return Contractions(
        intensity=Intensity(low_percent=intensity.value, high_percent=intensity.high),
        hold_ms=value["hold_s"],
        rest_ms=value["rest_s"],
        reps=value["reps"],
        sets=value["sets"],
        set_rest_ms=value["set_rest_s"],
    )
