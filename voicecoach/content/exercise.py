"""Exercises as types, with the source of every number; their doses are in ``kinds``. No I/O.

Times are integer milliseconds, days count from the day of birth (day 0).
"""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.content.kinds.dose import Dose

EDITORIAL = "editorial"
"""Source id of a number that is our own choice."""


Sources = tuple[tuple[str, str], ...]
"""The key of each number in the content file (``hold_s``, ``reps`` …) and its source id."""


class Side(StrEnum):
    """A side of the body."""

    LEFT = "left"
    RIGHT = "right"


class Sides(StrEnum):
    """How an exercise is shared between the sides."""

    IN_TURN = "one-after-the-other"
    """All of it on the left, then all of it on the right: its dose is that of each side."""
    ALTERNATING = "alternating"
    """Each repetition on the other side: its repetitions are those of both together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingPosition:
    """How the body lies or stands in an exercise, and the time to get there."""

    id: str
    time_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One of the rounds of a circuit."""

    number: int
    count: int
    rest_ms: int
    """Before it, unless it is the first."""
    is_start: bool
    """Whether this is its first exercise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """An exercise, its dose, and the source of every number in it."""

    exercise: str
    dose: Dose
    sources: Sources
    side: Side | None = None
    """The side on which this part is done, of an exercise that is done on both in turn."""
    side_change_ms: int = 0
    """The time to change sides."""
    alternates: bool = False
    """Whether its repetitions alternate between the sides, the left first."""
    starting_position: StartingPosition | None = None
    round: Round | None = None
    """Where it is part of a circuit."""
    is_familiar: bool = False
    """Whether it needs no introduction any more."""

    @property
    def is_repeated(self) -> bool:
        """Whether the same was done just before: on the other side, or in an earlier round."""
        return self.side is Side.RIGHT or (self.round is not None and self.round.number > 1)

    @property
    def times_done(self) -> int:
        """How often its dose is done, both sides and all rounds together."""
        return (2 if self.side else 1) * (self.round.count if self.round else 1)

    @property
    def shown_side(self) -> str | None:
        """A side, or that it alternates."""
        return Sides.ALTERNATING if self.alternates else self.side


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an exercise's progression: its prescription from a day on."""

    from_day: int
    prescription: Prescription
    day_source: str | None = None
    """The source of ``from_day``; ``None`` where there are no steps."""
    starting_position: str | None = None
    """Id of the starting position of this step, where it has one of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A thing to do, and how its dose grows. ``steps`` are in order of day and never empty."""

    id: str
    steps: tuple[Step, ...]
    sides: Sides | None = None
    """``None`` where both sides do the same at once."""
    side_change_ms: int = 0
    starting_position: str | None = None
    """Id of a starting position of the programme."""
    continues: str | None = None
    """The exercise that it goes on from: who is still on a step of that one has in no number more
    than the steps of this one that the calendar has begun."""
    long_holds_of: str | None = None
    """The exercise whose place it takes, from its first step on, for whoever chose long holds."""

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
