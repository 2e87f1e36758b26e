"""The ``exercises`` of programme.yaml -> exercises: steps, doses, the source of every number."""

from collections.abc import Sequence
from dataclasses import replace

from voicecoach import limits
from voicecoach.content.exercise import EDITORIAL, Exercise, Prescription, Sides, Sources, Step
from voicecoach.content.kinds import activity, breathing, contractions, movement, stretch
from voicecoach.content.kinds.kind import Kind
from voicecoach.content.reading.fields import Fields, Sourced
from voicecoach.content.reading.key_tables import (
    Entries,
    Table,
    all_optional,
    list_of,
    needed,
    one_shape_of,
    optional,
    table,
)
from voicecoach.content.reading.value_kinds import SECONDS, count, key_of, one_of

KINDS = {
    kind.name: kind
    for kind in (
        contractions.KIND,
        breathing.KIND,
        movement.KIND,
        stretch.KIND,
        activity.KIND,
    )
}
"""Every kind of exercise, by name. A new kind is a module in ``kinds``, named here."""
_ONE = Sourced(value=1, high=1, source=EDITORIAL)
_KIND = needed("kind", one_of("kind", tuple(KINDS)), f"One of: {', '.join(KINDS)}.")
_POSITION = optional(
    "starting_position",
    key_of("starting_positions", "starting position"),
    "How she lies, sits or stands: one of starting_positions.",
)
_MANNER = (
    optional("sides", one_of("way", tuple(Sides)), "How it is shared between left and right."),
    optional("side_change_s", SECONDS, "The time to change sides, in seconds."),
    _POSITION,
    optional("continues", key_of("exercises", "exercise"), "The exercise that it goes on from."),
    optional(
        "long_holds_of",
        key_of("exercises", "exercise"),
        "The exercise whose place it takes for whoever chose long holds.",
    ),
)
_FROM_DAY = needed("from_day", count(limits.DAYS), "The first day for this step.")


def _exercise(fields: Fields, id_: str) -> Exercise | None:
    """The exercise, or ``None`` where it cannot be read any further."""
    kind = KINDS.get(_KIND.read(fields))
    if kind is None:
        return None
    shared = fields.fields("dose")
    rows = fields.fields_list("steps") if fields.has("steps") else (shared,)
    steps: list[Step] = []
    for row in rows:
        day: Sourced | None = None if row is shared else _FROM_DAY.read(row)
        from_day = 1 if day is None else day.value
        if steps and steps[-1].from_day >= from_day:
            row.refuse("from_day", "steps stand in order of day, each later than the one before")
        has_position = row is not shared and row.has(_POSITION.name)
        steps.append(
            Step(
                from_day=from_day,
                prescription=_prescription(id_, kind, row, shared),
                day_source=None if day is None else day.source,
                starting_position=_POSITION.read(row) if has_position else None,
            )
        )
        row.close()
    if not steps:
        return None
    if shared not in rows:
        shared.close()
    manner = {key.name: key.read(fields) for key in _MANNER if fields.has(key.name)}
    fields.close()
    change = manner.get("side_change_s")
    sides = Sides(manner["sides"]) if manner.get("sides") in tuple(Sides) else None
    _refuse_impossible_sides(fields, sides, change, steps)
    own_sources = () if change is None else (("side_change_s", change.source),)
    return Exercise(
        id=id_,
        steps=tuple(_with_sources(step, own_sources) for step in steps),
        sides=sides,
        side_change_ms=0 if change is None else change.value,
        starting_position=manner.get("starting_position"),
        continues=manner.get("continues"),
        long_holds_of=manner.get("long_holds_of"),
    )


def _with_sources(step: Step, more: Sources) -> Step:
    prescription = step.prescription
    sources = (*prescription.sources, *more)
    return replace(step, prescription=replace(prescription, sources=sources))


def _refuse_impossible_sides(
    fields: Fields, sides: Sides | None, change: Sourced | None, steps: Sequence[Step]
) -> None:
    if change is not None and sides is not Sides.IN_TURN:
        fields.refuse("side_change_s", f"it is for an exercise with sides: {Sides.IN_TURN}")
    doses = [step.prescription.dose for step in steps]
    if sides is Sides.ALTERNATING and any(getattr(dose, "reps", 1) % 2 for dose in doses):
        fields.refuse(
            "sides",
            "repetitions that alternate are shared by both sides: an even"
            f" number of reps is wanted, or {Sides.IN_TURN}",
        )


def _prescription(id_: str, kind: Kind, row: Fields, shared: Fields) -> Prescription:
    """The numbers of ``row``, and those it does not have from ``shared``."""
    for each in (row, shared):
        if kind is movement.KIND and "tempo" in each.keys:
            message = (
                "a tempo has a key for each part: up_s, the way there, down_s, the way back, and"
                " pause_s between them if there is one; so 3-1-3 is up_s: 3 from SOURCE,"
                " pause_s: 1 from SOURCE, down_s: 3 from SOURCE"
            )
            each.refuse_instead("tempo", message, ("up_s", "pause_s", "down_s"))
    numbers: dict[str, Sourced] = {}
    for key in kind.numbers:
        place = row if row.has(key.name) else shared
        is_set_rest = key.name == "set_rest_s" and numbers.get("sets", _ONE).value > 1
        if key.is_needed or is_set_rest or place.has(key.name):
            numbers[key.name] = key.read(place)
    dose = kind.dose_of(numbers)
    for name, message in dose.faults():
        (row if row.has(name) else shared).refuse(name, message)
    return Prescription(
        exercise=id_,
        dose=dose,
        sources=tuple((key, number.source) for key, number in numbers.items()),
    )


def _tables(kind: Kind) -> tuple[Table, Table]:
    """The keys of an exercise without steps, and of one with steps: there, each number is in the
    dose or in the steps."""
    of_kind = needed("kind", one_of("kind", (kind.name,)), _KIND.meaning)
    some = all_optional(kind.numbers)
    meaning = "What stays the same; where there are no steps, all its numbers."
    steps = list_of(table(_FROM_DAY, *some, _POSITION))
    return (
        table(of_kind, needed("dose", table(*kind.numbers), meaning), *_MANNER),
        table(
            of_kind,
            needed("dose", table(*some), meaning),
            needed("steps", steps, "What changes in the dose, and from which day."),
            *_MANNER,
        ),
    )


EXERCISES = Entries(
    one_shape_of(tuple(each for kind in KINDS.values() for each in _tables(kind)), _exercise),
    "An exercise.",
)
"""The exercises by id; those that cannot be read are ``None``, so that they are known."""
