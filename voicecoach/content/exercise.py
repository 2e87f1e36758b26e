"""Exercises as types, with the source of every number; their doses are in ``kinds``. No I/O.

Times are integer milliseconds, days count from the day of birth (day 0).
"""

from dataclasses import dataclass

from voicecoach.content.kinds.dose import Dose

EDITORIAL = "editorial"
"""Source id of a number that is our own choice."""


Sources = tuple[tuple[str, str], ...]
"""The key of each number in the content file (``hold_s``, ``reps`` …) and its source id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """An exercise, its dose, and the source of every number in it."""

    exercise: str
    dose: Dose
    sources: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an exercise's progression: its prescription from a day on."""

    from_day: int
    prescription: Prescription
    day_source: str | None = None
    """The source of ``from_day``; ``None`` where there are no steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A thing to do, and how its dose grows. ``steps`` are in order of day and never empty."""

    id: str
    steps: tuple[Step, ...]

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return self.steps[0].prescription.dose.kind

    @property
    def asks_for_contractions(self) -> bool:
        """Whether any of its steps has contractions in it."""
        return any(step.prescription.dose.contractions for step in self.steps)

    def step_on(self, day: int) -> Step:
        """The last step begun on ``day``; before the first, the first."""
        begun = [step for step in self.steps if step.from_day <= day]
        return begun[-1] if begun else self.steps[0]

    def steps_between(self, day: int, last_day: int) -> tuple[Step, ...]:
        """The steps begun after ``day``, up to ``last_day``."""
        return tuple(step for step in self.steps if day < step.from_day <= last_day)

    def prescription_on(self, day: int) -> Prescription:
        """The prescription of the step of ``day``."""
        return self.step_on(day).prescription
