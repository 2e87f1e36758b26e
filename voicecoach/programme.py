"""The words of the field as types: what a programme of recovery is made of. No I/O.

Times are integer milliseconds, days count from the day of birth (day 0), percentages are of the
greatest voluntary strength.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.words import Translation

EDITORIAL = "editorial"
"""Source id of a number that is our own choice."""


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
    sources: tuple[tuple[str, str], ...]
    """The key of each number in the content file (``hold_s``, ``reps`` …) and its source id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an exercise's progression: its prescription from a day on."""

    from_day: int
    prescription: Prescription


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A thing to do, and how its dose grows. ``steps`` are in order of day and never empty."""

    id: str
    steps: tuple[Step, ...]

    def prescription_on(self, day: int) -> Prescription:
        """The prescription of the last step begun on ``day``; before the first step, that one."""
        begun = [step for step in self.steps if step.from_day <= day]
        return (begun[-1] if begun else self.steps[0]).prescription


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most a phase may ask; ``None`` sets no limit."""

    hold_ms: int | None = None
    intensity_percent: int | None = None
    contractions_a_day: int | None = None
    rest_to_hold: int | None = None
    """The shortest rest, as a multiple of the hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """The days from which a kind of training applies, at the earliest."""

    id: str
    from_day: int
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkBlock:
    """A part of a session in which something is only said."""

    talk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseBlock:
    """A part of a session in which an exercise is done.

    ``breaths`` or ``sets``, where not ``None``, replace those of the exercise's dose.
    ``override_source`` is the source of that number.
    """

    exercise: str
    breaths: int | None = None
    sets: int | None = None
    override_source: str = EDITORIAL


Block = TalkBlock | ExerciseBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days on which a session is done, both ends included, and how often on each."""

    first_day: int
    last_day: int
    times_a_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is listened to in one go. Opening, condition and closing are ids of talks."""

    id: str
    schedule: tuple[Span, ...]
    opening: str | None
    condition: str | None
    blocks: tuple[Block, ...]
    closing: str | None

    def times_on(self, day: int) -> int:
        """How often the session is done on ``day``; 0 where it is not."""
        return sum(s.times_a_day for s in self.schedule if s.first_day <= day <= s.last_day)

    @property
    def first_day(self) -> int:
        """The first day on which the session is done."""
        return min(span.first_day for span in self.schedule)

    def asks_for_contractions(self, exercises: Mapping[str, Exercise]) -> bool:
        """Whether any block is an exercise of contractions."""
        return any(
            isinstance(block, ExerciseBlock)
            and block.exercise in exercises
            and isinstance(exercises[block.exercise].steps[0].prescription.dose, Contractions)
            for block in self.blocks
        )

    @property
    def parts(self) -> tuple[Block, ...]:
        """All blocks in the order they are heard, opening, condition and closing included."""
        before = [TalkBlock(talk=t) for t in (self.opening, self.condition) if t is not None]
        after = [TalkBlock(talk=self.closing)] if self.closing is not None else []
        return (*before, *self.blocks, *after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A course of recovery: phases by day, exercises, sessions, in several languages."""

    name: str
    edition: int
    """Year of the content's edition."""
    sources: Mapping[str, str]
    phases: tuple[Phase, ...]
    exercises: Mapping[str, Exercise]
    talks: Mapping[str, tuple[str, ...]]
    """Ids of the talks, each with the ids of its sources."""
    sessions: tuple[Session, ...]
    full_guidance_days: int
    """On so many days, from its first, a session is done with each step spoken."""
    translations: Mapping[str, Translation]

    @property
    def last_day(self) -> int:
        """The last day on which anything is scheduled."""
        return max(span.last_day for session in self.sessions for span in session.schedule)

    def phase_on(self, day: int) -> Phase:
        """The last phase begun on ``day``; before the first, the first."""
        begun = [phase for phase in self.phases if phase.from_day <= day]
        return begun[-1] if begun else self.phases[0]
