"""What is prescribed for one client, held to the programme: its exercises, its words, its limits.
No I/O."""

from collections.abc import Iterator

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.clinical_state import Situation
from voicecoach.content.exercise import Exercise, Prescription, Sides
from voicecoach.content.kinds.dose import Dose
from voicecoach.content.programme import Limits, Programme
from voicecoach.content.reading.translations import spoken_in
from voicecoach.content.translation import ExerciseWords
from voicecoach.errors import NotInProgrammeError
from voicecoach.messages import Message, lines
from voicecoach.planning.planned import PlannedDay
from voicecoach.planning.planner import Planner
from voicecoach.planning.prescribed import applied

_KEYS = {
    "hold_ms": "hold_s",
    "reps": "reps",
    "sets": "sets",
    "intensity": "intensity_percent",
}


def refuse(programme: Programme, situation: Situation) -> None:
    """Raises NotInProgrammeError with all that ``programme`` does not have, or does not allow, of
    what is prescribed in ``situation``."""
    found = [message for _, message in faults(programme, situation)]
    if found:
        raise NotInProgrammeError(lines(list(dict.fromkeys(found))))


def faults(
    programme: Programme, situation: Situation, *, is_new: bool = False
) -> list[tuple[int, str]]:
    """All that ``programme`` does not have, or does not allow, of what is prescribed in
    ``situation``: the place of each prescription in it, and what is wrong. Where ``is_new``, also
    of what is not done because she may not contract on any of its days: one that is in force is not
    refused for that, or a stop would leave her without a plan."""
    found: list[tuple[int, str]] = []
    planner = None
    for n, each in enumerate(situation.prescriptions):
        if each.programme not in (None, programme.name):
            continue
        unfit = list(_unfit(programme, each))
        messages = unfit or list(_unsayable(programme, each))
        if not unfit:
            planner = planner or Planner(programme, situation, None)
            undone = list(_undone(programme, each, planner)) if is_new else []
            messages += undone
            if not undone and each.beyond_limits is None:
                messages += _excesses(programme, each, planner, is_new=is_new)
        found += [(n, message) for message in dict.fromkeys(messages)]
    return found


def numbers_of(exercise: Exercise) -> tuple[str, ...]:
    """The numbers of ``exercise`` that can be prescribed, with their names in the file: those that
    its dose has at each step."""
    doses = [step.prescription.dose for step in exercise.steps]
    return tuple(
        key
        for name, key in _KEYS.items()
        if all(getattr(dose, name, None) is not None for dose in doses)
    )


def _unfit(programme: Programme, prescribed: ClientPrescription) -> Iterator[str]:
    """What the programme does not have."""
    exercise = programme.exercises.get(prescribed.exercise)
    if exercise is None:
        known = ", ".join(programme.exercises)
        yield Message("errors.prescribed_unknown", exercise=prescribed.exercise, known=known)
        return
    for id_ in prescribed.leave_out:
        if id_ not in programme.exercises:
            known = ", ".join(programme.exercises)
            yield Message("errors.prescribed_unknown", exercise=id_, known=known)
    position = prescribed.starting_position
    if position is not None and position not in programme.starting_positions:
        known = ", ".join(programme.starting_positions) or "-"
        yield Message("errors.prescribed_position", position=position, known=known)
    given = (key for name, key in _KEYS.items() if getattr(prescribed, name) is not None)
    has = numbers_of(exercise)
    lacking = [key for key in given if key not in has]
    for key in lacking:
        yield Message("errors.prescribed_lacks", exercise=exercise.id, key=key)
    for step in exercise.steps if not lacking else ():
        done = applied(step.prescription, prescribed, step.prescription.dose).dose
        yield from _undoable(exercise, done)


def _undoable(exercise: Exercise, dose: Dose) -> Iterator[str]:
    """Why a dose cannot be done."""
    for key, _ in dose.faults():
        yield Message("errors.prescribed_does_not_fit", exercise=exercise.id, key=key)
    if exercise.sides is Sides.ALTERNATING and getattr(dose, "reps", 2) % 2:
        yield Message("errors.prescribed_odd", exercise=exercise.id)


def _unsayable(programme: Programme, prescribed: ClientPrescription) -> Iterator[str]:
    """The numbers that the programme has no words for. A hold other than its own needs a text that
    says how long: what only says "briefly" would say something else."""
    id_ = prescribed.exercise
    for step in programme.exercises[id_].steps:
        dose = applied(step.prescription, prescribed, step.prescription.dose).dose
        is_other = _hold_ms(dose) != _hold_ms(step.prescription.dose)
        if is_other and any(
            not _says_hold(words.exercises[id_]) for words in programme.translations.values()
        ):
            yield Message("errors.prescribed_untold", exercise=id_, hold_key="{hold}")
        for language, words in programme.translations.items():
            for number in sorted(spoken_in(dose).difference(words.numbers))[:1]:
                yield Message("errors.prescribed_word", number=number, file=f"{language}.yaml")


def _hold_ms(dose: Dose) -> int | None:
    return getattr(dose, "hold_ms", None)


def _says_hold(words: ExerciseWords) -> bool:
    return any("{hold" in text for text in (*words.introduction, *words.cues.values()))


def _undone(
    programme: Programme, prescribed: ClientPrescription, planner: Planner
) -> Iterator[str]:
    """Why nothing of it would be done, other than that she may not contract."""
    id_ = prescribed.exercise
    if prescribed.only_leaves_out:
        return
    if not planner.is_for_her(id_):
        yield Message("errors.prescribed_not_hers", exercise=id_)
    elif not programme.exercises[id_].asks_for_contractions:
        days = range(max(prescribed.first_day, 1), min(prescribed.last_day, programme.last_day) + 1)
        if not any(part.exercise == id_ for day in days for part in _parts(planner.day(day))):
            yield Message("errors.prescribed_never", exercise=id_)


def _excesses(
    programme: Programme, prescribed: ClientPrescription, planner: Planner, *, is_new: bool
) -> Iterator[str]:
    """What is beyond the limits of the phases that she is in on its days. Of what ``is_new`` while
    she may not contract, those of the phase count in which she will begin."""
    exercise = programme.exercises[prescribed.exercise]
    if not exercise.asks_for_contractions or prescribed.only_leaves_out:
        return
    is_done = False
    for day in range(max(prescribed.first_day, 1), prescribed.last_day + 1):
        if day > programme.last_day:
            break
        planned = planner.day(day)
        parts = [part for part in _parts(planned) if part.exercise == exercise.id]
        if parts and any(each.exercise == exercise.id for each in planned.prescribed):
            is_done = True
            limits = programme.phase_on(planned.course.training_day).limits
            for part in parts:
                yield from _beyond(exercise.id, part.dose, limits)
            yield from _too_many(exercise.id, planned, limits)
    first_day = programme.first_training_day
    if is_new and not is_done and first_day is not None:
        step = exercise.prescription_on(first_day)
        dose = applied(step, prescribed, step.dose).dose
        yield from _beyond(exercise.id, dose, programme.phase_on(first_day).limits)


def _parts(day: PlannedDay) -> Iterator[Prescription]:
    for session in day.sessions:
        for part in session.parts:
            if isinstance(part, Prescription):
                yield part


def _beyond(exercise: str, dose: Dose, limits: Limits) -> Iterator[str]:
    for each in dose.contractions:
        if limits.hold_ms is not None and each.hold_ms > limits.hold_ms:
            asked, most = each.hold_ms / 1000, limits.hold_ms / 1000
            yield Message(
                "errors.prescribed_hold", exercise=exercise, asked=f"{asked:g}", most=f"{most:g}"
            )
        most_percent = limits.intensity_percent
        if most_percent is not None and each.highest_percent > most_percent:
            yield Message(
                "errors.prescribed_intensity",
                exercise=exercise,
                asked=each.highest_percent,
                most=most_percent,
            )
        ratio = limits.rest_to_hold
        if ratio is not None and each.rest_ms < ratio * each.hold_ms:
            asked = each.rest_ms / 1000
            yield Message(
                "errors.prescribed_rest", exercise=exercise, asked=f"{asked:g}", least=ratio
            )


def _too_many(exercise: str, day: PlannedDay, limits: Limits) -> Iterator[str]:
    most = limits.contractions_a_day
    if most is not None and day.contraction_count > most:
        yield Message(
            "errors.prescribed_total", exercise=exercise, asked=day.contraction_count, most=most
        )
