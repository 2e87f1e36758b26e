"""Exercises and their doses as types, with the source of every number. No I/O.

Times are integer milliseconds, days count from the day of birth (day 0), percentages are of the
greatest voluntary strength.
"""

from dataclasses import dataclass

EDITORIAL = "editorial"
"""Source id of a number that is our own choice."""


Sources = tuple[tuple[str, str], ...]
"""The key of each number in the content file (``hold_s``, ``reps`` …) and its source id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breathing:
    """A dose of guided breathing: ``breaths`` times in and out, without a pause between."""

    inhale_ms: int
    exhale_ms: int
    breaths: int

    @property
    def duration_ms(self) -> int:
        """All breaths together."""
        return self.breaths * (self.inhale_ms + self.exhale_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensity:
    """How hard to contract: from ``low_percent`` to ``high_percent`` of the greatest strength."""

    low_percent: int
    high_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractions:
    """A dose of contractions."""

    intensity: Intensity
    hold_ms: int
    """From the start of the tighten tone to the start of the release tone."""
    rest_ms: int
    """From the start of the release tone to the start of the next tighten tone."""
    reps: int
    """Repetitions in a set."""
    sets: int
    set_rest_ms: int
    """From the last release of a set to the first tighten of the next."""

    @property
    def count(self) -> int:
        """All contractions, in all sets."""
        return self.reps * self.sets

    @property
    def duration_ms(self) -> int:
        """From the first tighten to the end of the rest after the last release."""
        set_ms = self.reps * self.hold_ms + (self.reps - 1) * self.rest_ms
        return self.sets * set_ms + (self.sets - 1) * self.set_rest_ms + self.rest_ms


Dose = Breathing | Contractions
"""How much of an exercise."""


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
    def asks_for_contractions(self) -> bool:
        """Whether it is one of contractions."""
        return isinstance(self.steps[0].prescription.dose, Contractions)

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
