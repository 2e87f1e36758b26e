"""What is prescribed for one client -> her doses, and the step from which she goes on. No I/O.

A prescription opens no gate: on days without contractions for her it changes nothing of them. What
sends her back after it began makes each number the lower of what is prescribed and of her step.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from voicecoach.content.client_prescription import PRESCRIBED, ClientPrescription
from voicecoach.content.clinical_state import Situation
from voicecoach.content.exercise import Exercise, Prescription
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Dose, Intensity
from voicecoach.content.programme import Programme
from voicecoach.content.session import Session, Span
from voicecoach.planning.ladder import Ladder

_SET_REST_MS = 45_000
"""Between sets, where the programme has only one (editorial)."""


def of_programme(
    programme: Programme, situation: Situation, day: int
) -> tuple[ClientPrescription, ...]:
    """What is prescribed of ``programme`` on ``day``, the first of each exercise."""
    found: dict[str, ClientPrescription] = {}
    for each in situation.prescriptions:
        is_its_own = each.programme in (None, programme.name)
        if is_its_own and each.exercise in programme.exercises and each.is_on(day):
            found.setdefault(each.exercise, each)
    return tuple(found.values())


def asks_for_contractions(programme: Programme, prescribed: ClientPrescription) -> bool:
    """Whether it prescribes contractions."""
    return programme.exercises[prescribed.exercise].asks_for_contractions


def applied(
    prescription: Prescription, prescribed: ClientPrescription, of_step: Dose
) -> Prescription:
    """``prescription`` with the numbers that are ``prescribed``. A rest keeps the ratio to the hold
    that it has in the dose ``of_step``."""
    dose = prescription.dose
    given: dict[str, Any] = {
        name: getattr(prescribed, name)
        for name in ("hold_ms", "reps", "sets", "intensity")
        if getattr(dose, name, None) is not None and getattr(prescribed, name) is not None
    }
    if "hold_ms" in given:
        given["rest_ms"] = given["hold_ms"] * _rest_ms(of_step) // _hold_ms(of_step)
    if given.get("sets", 1) > 1 and not getattr(dose, "set_rest_ms", None):
        given["set_rest_ms"] = _SET_REST_MS
    keys = {_key(name): PRESCRIBED for name in given}
    return replace(
        prescription,
        dose=replace(dose, **given),
        sources=tuple({**dict(prescription.sources), **keys}.items()),
    )


def _key(field: str) -> str:
    """The key of a number in content, by the field of its dose."""
    if field.endswith("_ms"):
        return f"{field.removesuffix('_ms')}_s"
    return "intensity_percent" if field == "intensity" else field


def _hold_ms(dose: Dose) -> int:
    hold_ms: int = getattr(dose, "hold_ms", 1)
    return hold_ms


def _rest_ms(dose: Dose) -> int:
    rest_ms: int = getattr(dose, "rest_ms", 0)
    return rest_ms


class Schedule:
    """Which contractions are done at which time of training."""

    def __init__(self, exercises: Mapping[str, Exercise], sessions: Iterable[Session]) -> None:
        self._exercises = exercises
        self._spans: dict[str, list[Span]] = {}
        for session in sessions:
            if session.asks_for_contractions(exercises):
                for block in session.exercise_blocks:
                    self._spans.setdefault(block.exercise, []).extend(session.schedule)

    def has(self, exercise: str, training_day: int) -> bool:
        """Whether ``exercise`` is among them on ``training_day``."""
        spans = self._spans.get(exercise, ())
        return any(span.first_day <= training_day <= span.last_day for span in spans)

    def stand_ins(self, exercise: str) -> frozenset[str]:
        """The exercises that are done before and after the days of ``exercise``, never with it."""
        own = self._spans.get(exercise, [])
        return frozenset(
            id_
            for id_, spans in self._spans.items()
            if self._exercises[id_].asks_for_contractions
            and not any(
                one.first_day <= other.last_day and other.first_day <= one.last_day
                for one in own
                for other in spans
            )
        )

    def doses(self, exercise: str, training_day: int) -> tuple[Contractions, ...]:
        """The contractions of ``exercise`` on ``training_day``; on a day without it, those of what
        is done instead."""
        ids = [exercise]
        if not self.has(exercise, training_day):
            ids = [id_ for id_ in self.stand_ins(exercise) if self.has(id_, training_day)]
        return tuple(each for id_ in sorted(ids) for each in self._doses_of(id_, training_day))

    def all_doses(self, training_day: int) -> dict[str, tuple[Contractions, ...]]:
        """All contractions of ``training_day``, by the exercise."""
        done = (id_ for id_ in self._spans if self.has(id_, training_day))
        found = {id_: self._doses_of(id_, training_day) for id_ in done}
        return {id_: doses for id_, doses in found.items() if doses}

    def _doses_of(self, exercise: str, training_day: int) -> tuple[Contractions, ...]:
        return self._exercises[exercise].prescription_on(training_day).dose.contractions


def lowered(
    prescribed: ClientPrescription, doses: tuple[Contractions, ...], sets_a_day: int, times: int
) -> ClientPrescription:
    """``prescribed`` with the lower of its numbers and of ``doses``, done ``times`` a day, and no
    more than ``sets_a_day`` on a day."""
    sets = min(prescribed.sets or sets_a_day, sets_a_day)
    return replace(
        prescribed,
        hold_ms=_least([prescribed.hold_ms, *(dose.hold_ms for dose in doses)]),
        reps=_least([prescribed.reps, *(dose.reps for dose in doses)]),
        sets=sets,
        times_a_day=min(times, max(1, sets_a_day // sets)),
        intensity=_weakest([prescribed.intensity, *(dose.intensity for dose in doses)]),
    )


def _least(numbers: list[int | None]) -> int | None:
    return min((each for each in numbers if each is not None), default=None)


def _weakest(intensities: list[Intensity | None]) -> Intensity | None:
    known = [each for each in intensities if each is not None]
    if not known:
        return None
    return Intensity(
        low_percent=min(each.low_percent for each in known),
        high_percent=min(each.high_percent for each in known),
    )


def step_after(
    programme: Programme, ladder: Ladder, prescribed: ClientPrescription, step: int, most: int
) -> int:
    """The step from which she goes on who was on ``step`` before: the highest, up to ``most``, that
    exceeds no number that was ``prescribed``; the first where each does. A step above her own must
    have the exercise, and ask for no more than her own step in all that was not prescribed. What is
    done instead of the exercise counts where every step has one of them."""

    schedule = Schedule(programme.exercises, programme.sessions)
    exercise = prescribed.exercise
    is_in_line = all(schedule.doses(exercise, day) for day in ladder.days)

    def doses(of_step: int) -> tuple[Contractions, ...]:
        days = [d for d in ladder.ends(of_step) if is_in_line or schedule.has(exercise, d)]
        return tuple(dict.fromkeys(each for day in days for each in schedule.doses(exercise, day)))

    own = doses(step)

    def fits(other: int) -> bool:
        is_higher = other > step
        if is_higher and _asks_for_more(
            schedule, prescribed, ladder.days[step], ladder.days[other]
        ):
            return False
        return not any(_exceeds(dose, prescribed, own) for dose in doses(other))

    found = next(filter(fits, range(most, 0, -1)), 0)
    while found > step and doses(found - 1) == doses(found):
        found -= 1
    return found


def _asks_for_more(
    schedule: Schedule, prescribed: ClientPrescription, own_day: int, day: int
) -> bool:
    """Whether a step that begins on ``day`` lacks the exercise that was ``prescribed``, or asks for
    more of any other than the step of ``own_day``: in strength, a hold, or a number of its own."""
    own, others = schedule.all_doses(own_day), schedule.all_doses(day)
    same, before = others.pop(prescribed.exercise, ()), schedule.doses(prescribed.exercise, own_day)
    given = {name for name in ("hold_ms", "reps", "sets") if getattr(prescribed, name) is not None}
    if not same or not before or any(_is_more(a, b, given) for a in same for b in before):
        return True
    done = [each for doses in own.values() for each in doses]
    strongest = max((each.highest_percent for each in done), default=0)
    longest_ms = max((each.hold_ms for each in done), default=0)
    return any(
        dose.highest_percent > strongest
        or dose.hold_ms > longest_ms
        or any(_is_more(dose, each) for each in own.get(id_, ()))
        for id_, doses in others.items()
        for dose in doses
    )


def _is_more(dose: Contractions, other: Contractions, besides: Collection[str] = ()) -> bool:
    """Whether any number of ``dose`` is greater, ``besides`` those with these names."""
    names = {"hold_ms", "reps", "sets"}.difference(besides)
    return len(dose.about) > len(other.about) or any(
        getattr(dose, name) > getattr(other, name) for name in names
    )


def _exceeds(
    dose: Contractions, prescribed: ClientPrescription, own: tuple[Contractions, ...]
) -> bool:
    return any(_excesses(dose, prescribed, own))


def _excesses(
    dose: Contractions, prescribed: ClientPrescription, own: tuple[Contractions, ...]
) -> Iterator[bool]:
    if prescribed.hold_ms is not None:
        yield dose.hold_ms > prescribed.hold_ms
        # The rest was prescribed with the hold, by its ratio: a shorter one asks for more.
        yield all(dose.rest_ms * each.hold_ms < each.rest_ms * dose.hold_ms for each in own)
    if prescribed.reps is not None:
        yield dose.reps > prescribed.reps
    if prescribed.sets is not None:
        yield dose.sets > prescribed.sets * (prescribed.times_a_day or 1)
    # What was not prescribed rises by no more than was meant: not in strength, nor by contractions
    # that come on top.
    hers = max((each.highest_percent for each in own), default=0)
    most = hers if prescribed.intensity is None else prescribed.intensity.high_percent
    yield dose.highest_percent > most
    yield bool(dose.about) and not any(each.about == dose.about for each in own)
