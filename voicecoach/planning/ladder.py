"""The ladder: one list of steps across all exercises of contractions, and the dose of each. No I/O.

Steps count from 0 here, and from 1 where people see them.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace

from voicecoach.content.clinical_state import Perineum, Situation
from voicecoach.content.exercise import Prescription
from voicecoach.content.programme import Programme

BELOW = -1
"""Where she is before the first step: breathing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """When each step begins for who begins on the first day that the calendar allows, and which
    steps are hers."""

    days: tuple[int, ...]
    """The first day of each step on the clock of training."""
    locked_from: int
    """The first step that has to be unlocked; the number of steps where none has."""
    last: int
    """The last step that she was cleared to."""
    days_a_step: int
    """So long at least on each step, for whom a clinician cleared."""

    def step_on(self, training_day: int) -> int:
        """The step of a day on the clock of training; BELOW before the first."""
        return bisect_right(self.days, training_day) - 1

    def length(self, step: int) -> int:
        """So many days ``step`` lasts at least before the next."""
        return self.days[step + 1] - self.days[step]

    def training_day(self, step: int, days_on: int) -> int:
        """The clock of training for who has been on ``step`` for ``days_on`` days. It runs on
        where no step follows, or only one that has to be unlocked."""
        if step == BELOW:
            return self.days[0] - 1
        day = self.days[step] + days_on
        if step + 1 < min(len(self.days), self.locked_from):
            return min(day, self.days[step + 1] - 1)
        return day

    def calendar_step(self, day: int) -> int:
        """The step she would be on, had nothing held her back."""
        return min(self.step_on(day), self.locked_from - 1)


def ladder(programme: Programme, situation: Situation) -> Ladder:
    """The ladder of ``programme`` for a client in ``situation``."""
    days = programme.training_steps
    rules = programme.training
    cleared_to = situation.cleared_to
    if cleared_to is None and situation.perineum is Perineum.OASI:
        cleared_to = rules.oasi_last_step
    return Ladder(
        days=days,
        locked_from=(rules.long_holds_from_step or len(days) + 1) - 1,
        last=min(cleared_to or len(days), len(days)) - 1,
        days_a_step=rules.cleared_days_a_step,
    )


def lowest(prescription: Prescription, others: tuple[Prescription, ...]) -> Prescription:
    """``prescription`` with, in each number, the lowest of its own and of ``others``."""
    doses = [other.dose for other in others]
    return replace(prescription, dose=prescription.dose.lowest(doses)) if doses else prescription
