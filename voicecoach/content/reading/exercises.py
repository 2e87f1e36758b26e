"""The ``exercises`` of programme.yaml -> exercises: steps, doses, the source of every number.

A new number of a dose is a line in the table of its kind; a new kind is a table of its own.
"""

from voicecoach import limits
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
from voicecoach.content.reading.key_tables import (
    Entries,
    Key,
    Table,
    all_optional,
    list_of,
    needed,
    one_shape_of,
    table,
)
from voicecoach.content.reading.value_kinds import (
    PERCENT,
    SECONDS,
    SECONDS_COUNTED_ALOUD,
    count,
    one_of,
)

BREATHS = count(limits.BREATHS)
SETS = count(limits.SETS)

_DOSES = {
    "breathing": (
        needed("inhale_s", SECONDS, "How long to breathe in, in seconds."),
        needed("exhale_s", SECONDS, "How long to breathe out, in seconds."),
        needed("breaths", BREATHS, "How many breaths."),
    ),
    "contractions": (
        needed("intensity_percent", PERCENT, "Of her greatest strength: 40, or a range, 30-40."),
        needed("hold_s", SECONDS_COUNTED_ALOUD, "How long to hold, in whole seconds."),
        needed("rest_s", SECONDS, "From letting go to the next contraction, in seconds."),
        needed("reps", count(limits.REPS), "How many contractions in a set."),
        needed("sets", SETS, "How many sets."),
        needed("set_rest_s", SECONDS, "From the last release of a set to the next set."),
    ),
}
_KIND = needed("kind", one_of("kind", tuple(_DOSES)), "breathing, or contractions.")
_FROM_DAY = needed("from_day", count(limits.DAYS), "The first day since the birth for this step.")


def _exercise(fields: Fields, id_: str) -> Exercise | None:
    """The exercise, or ``None`` where it cannot be read any further."""
    kind = _KIND.read(fields)
    if kind not in _DOSES:
        return None
    shared = fields.fields("dose")
    rows = fields.fields_list("steps") if fields.has("steps") else (shared,)
    steps: list[Step] = []
    for row in rows:
        day: Sourced | None = None if row is shared else _FROM_DAY.read(row)
        from_day = 1 if day is None else day.value
        if steps and steps[-1].from_day >= from_day:
            row.refuse("from_day", "steps stand in order of day, each later than the one before")
        steps.append(
            Step(
                from_day=from_day,
                prescription=_prescription(id_, kind, row, shared),
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


def _prescription(id_: str, kind: str, row: Fields, shared: Fields) -> Prescription:
    """The numbers of ``row``, and those it does not have from ``shared``."""
    numbers = {key.name: key.read(row if row.has(key.name) else shared) for key in _DOSES[kind]}
    return Prescription(
        exercise=id_,
        dose=_dose(kind, numbers),
        sources=tuple((key, number.source) for key, number in numbers.items()),
    )


def _dose(kind: str, numbers: dict[str, Sourced]) -> Dose:
    value = {key: number.value for key, number in numbers.items()}
    if kind == "breathing":
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


def _tables(kind: str, numbers: tuple[Key, ...]) -> tuple[Table, Table]:
    """The keys of an exercise without steps, and of one with steps: there, each number is in the
    dose or in the steps."""
    of_kind = needed("kind", one_of("kind", (kind,)), _KIND.meaning)
    some = all_optional(numbers)
    meaning = "What stays the same; where there are no steps, all its numbers."
    steps = list_of(table(_FROM_DAY, *some))
    return (
        table(of_kind, needed("dose", table(*numbers), meaning)),
        table(
            of_kind,
            needed("dose", table(*some), meaning),
            needed("steps", steps, "What changes in the dose, and from which day."),
        ),
    )


EXERCISES = Entries(
    one_shape_of(tuple(each for kind in _DOSES.items() for each in _tables(*kind)), _exercise),
    "An exercise: breathing or contractions.",
)
"""The exercises by id; those that cannot be read are ``None``, so that they are known."""
