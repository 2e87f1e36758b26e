"""The ladder: one list of steps across all exercises of contractions, and the dose of each. No I/O.

Steps count from 0 here, and from 1 where people see them.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace

from voicecoach.content.clinical_state import Perineum, Sign, Situation
from voicecoach.content.exercise import Prescription, Step
from voicecoach.content.programme import Programme
from voicecoach.planning.gates import Reason

BELOW = -1
"""Where she is before the first step: breathing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """When each step begins for who begins on the first day that the calendar allows, and which
    steps are hers."""

    days: tuple[int, ...]
    """The first day of each step on the clock of training."""
    told_from: int
    """The first step that takes a good check-in; the number of steps where none does."""
    checked_from: int
    """The first step that may wait for a check by a pelvic physiotherapist."""
    last: int
    """The last step that she was cleared to."""
    days_a_step: int
    """The least number of days on each step for a client whom a clinician cleared."""
    told_within_days: int
    """So recent is a good check-in that steps from ``told_from`` on take."""

    def step_on(self, training_day: int) -> int:
        """The step of a day on the clock of training; BELOW before the first."""
        return bisect_right(self.days, training_day) - 1

    def waits_for(self, step: int, situation: Situation, day: int) -> Reason | None:
        """What has to come before ``step`` on ``day``: a check, or a recent good check-in."""
        if step >= self.checked_from and not situation.may_exert_herself(day):
            return Reason.WAITS_FOR_A_CHECK
        first = day - self.told_within_days
        is_told = any(
            first <= each.day < day and Sign.GOOD in each.signs for each in situation.check_ins
        )
        if step >= self.told_from and situation.has_profile and not is_told:
            return Reason.WAITS_FOR_A_CHECK_IN
        return None

    def highest(self, situation: Situation, day: int, *, least: int) -> int:
        """The last step for which nothing has to come first on ``day``; ``least`` or higher."""
        step = self.last
        while step > least and self.waits_for(step, situation, day):
            step -= 1
        return step

    def ends(self, step: int) -> tuple[int, ...]:
        """The first and the last day of ``step``; of the last step the first day alone."""
        first, following = self.days[step], self.days[step + 1 : step + 2]
        return (first, *(day - 1 for day in following))

    def length(self, step: int) -> int:
        """The least number of days on ``step`` before the next."""
        return self.days[step + 1] - self.days[step]

    def training_day(self, step: int, days_on: int) -> int:
        """The clock of training for who has been on ``step`` for ``days_on`` days. It stands before
        the next step, and runs on where none follows."""
        if step == BELOW:
            return self.days[0] - 1
        day = self.days[step] + days_on
        return min(day, self.days[step + 1] - 1) if step + 1 < len(self.days) else day


def ladder(programme: Programme, situation: Situation) -> Ladder:
    """The ladder of ``programme`` for a client in ``situation``."""
    days = programme.training_steps
    rules = programme.training
    cleared_to = situation.cleared_to
    if cleared_to is None and situation.perineum is Perineum.OASI:
        cleared_to = rules.oasi_last_step
    efforts = _efforts(programme, days)
    return Ladder(
        days=days,
        told_from=_first_above(rules.check_in_above_percent, efforts),
        checked_from=_first_above(rules.checked_above_percent, efforts),
        last=min(cleared_to or len(days), len(days)) - 1,
        days_a_step=rules.cleared_days_a_step,
        told_within_days=rules.check_in_within_days,
    )


def _efforts(programme: Programme, days: tuple[int, ...]) -> list[int]:
    """The highest intensity of the steps of each of ``days``, of exercises that have begun by
    then."""
    percents = [
        [(step.from_day, _highest_percent(step)) for step in exercise.steps]
        for exercise in programme.exercises.values()
    ]
    return [
        max(
            (
                max(begun)[1]
                for steps in percents
                if (begun := [each for each in steps if each[0] <= day])
            ),
            default=0,
        )
        for day in days
    ]


def _highest_percent(step: Step) -> int:
    contractions = step.prescription.dose.contractions
    return max((part.highest_percent for part in contractions), default=0)


def _first_above(percent: int | None, efforts: list[int]) -> int:
    """The first of steps with these ``efforts`` that is above ``percent``."""
    above = (
        step for step, effort in enumerate(efforts) if percent is not None and effort > percent
    )
    return next(above, len(efforts))


def lowest(prescription: Prescription, others: tuple[Prescription, ...]) -> Prescription:
    """``prescription`` with the lowest of each number in it and in ``others``.

    A lower step can have a higher number: before week 6 the rests are longer, and quick ones come
    and go. The session of a client who was sent back must not become more by that.
    """
    doses = [other.dose for other in others]
    return replace(prescription, dose=prescription.dose.lowest(doses)) if doses else prescription
