"""Sessions as types: what is listened to in one go, on which days, and by whom. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from voicecoach.content.clinical_state import UNKNOWN
from voicecoach.content.exercise import EDITORIAL, Exercise, Prescription, Sides, Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkBlock:
    """A part of a session in which something is only said."""

    talk: str
    without_catheter: bool = False
    """Whether the client said that she has no catheter, so that nothing is said of one."""


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
    is_optional: bool = False
    """Whether a client may leave it out."""

    def prescribed(self, prescription: Prescription) -> Prescription:
        """``prescription`` with the number that it has here."""
        key, number = ("breaths", self.breaths) if self.sets is None else ("sets", self.sets)
        if number is None:
            return prescription
        sources = {**dict(prescription.sources), key: self.override_source}
        dose = replace(prescription.dose, **{key: number})
        return replace(prescription, dose=dose, sources=tuple(sources.items()))

    def longest_ms(self, exercises: Mapping[str, Exercise]) -> int:
        """How long the exercise takes here, at the longest of its steps, on all its sides; 0 if it
        is not among ``exercises``."""
        exercise = exercises.get(self.exercise)
        if exercise is None:
            return 0
        doses = (self.prescribed(step.prescription).dose for step in exercise.steps)
        longest_ms = max(dose.duration_ms for dose in doses)
        return longest_ms * 2 if exercise.sides is Sides.IN_TURN else longest_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitBlock:
    """A round of exercises that is repeated."""

    rounds: int
    rest_ms: int
    """Before each round but the first."""
    blocks: tuple[ExerciseBlock, ...]
    sources: Sources


Block = TalkBlock | ExerciseBlock | CircuitBlock
Part = TalkBlock | ExerciseBlock


class Clock(StrEnum):
    """What the days of a schedule count from."""

    BIRTH = "birth"
    """Day 1 is the day after the birth."""
    START = "start"
    """Day 1 is the day on which she began."""
    TRAINING = "training"
    """As if she had begun with contractions on the first day the calendar allows: it stands still
    until then, and goes back and waits with her."""
    PERMITTED = "permitted"
    """As TRAINING, but once contractions were permitted nothing holds it back."""
    PATH = "path"
    """Day 1 is the first day on the path that she is on."""
    SPORT = "sport"
    """Day 1 is the day after she told that all that sport asks for works."""


class Path(StrEnum):
    """Which sessions are for her now."""

    TRAINING = "training"
    BREATHING = "breathing"
    RELEASE = "release"


EVERY_PATH = tuple(Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days on which a session is done, both ends included, and how often on each."""

    first_day: int
    last_day: int
    times_a_day: int
    days_a_week: int = 7
    """Spread evenly over each seven days of the span."""
    sources: Sources = ()

    def times_on(self, day: int, spread_by: int | None = None) -> int:
        """How often the session is done on ``day``; 0 where it is not.

        The days of a week are counted by ``spread_by`` instead, where it is given: by the calendar
        for a clock that may stand still.
        """
        if not self.first_day <= day <= self.last_day:
            return 0
        place = ((day if spread_by is None else spread_by) - self.first_day) % 7
        done_before = -(-place * self.days_a_week // 7)
        done_after = -(-(place + 1) * self.days_a_week // 7)
        return self.times_a_day if done_after > done_before else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is listened to in one go. Opening, condition and closing are ids of talks."""

    id: str
    schedule: tuple[Span, ...]
    opening: str | None
    condition: str | None
    blocks: tuple[Block, ...]
    closing: str | None
    clock: Clock = Clock.BIRTH
    """What the schedule counts from; where contractions are asked for it is TRAINING, or PERMITTED
    for what follows the calendar while nothing but effort is held back."""
    paths: tuple[Path, ...] = EVERY_PATH
    """On which paths it is done; where contractions are asked for it is TRAINING alone."""
    meant_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By question of the profile, the answers with which it is done."""
    opening_for: Mapping[str, str] = field(default_factory=dict)
    """Openings in place of ``opening``, by position."""
    instead_of: tuple[str, ...] = ()
    """The sessions that are left out on its days."""
    fills_empty_days: bool = False
    """Whether it is done on days that have no other exercise."""
    waits_its_turn: bool = False
    """Whether it waits for a day without another talk that does, or that its path begins with."""
    late_starters_until: int | None = None
    """Who begins after its first day hears it on the day she begins, up to this day; ``None``: it
    is not made up for."""
    late_starters_source: str | None = None
    """The source of ``late_starters_until``."""

    def is_meant_for(self, answers: Mapping[str, str | None]) -> bool:
        """Whether it is done by a woman with these ``answers``, by question."""
        return all(
            (answers[question] or UNKNOWN) in wanted for question, wanted in self.meant_for.items()
        )

    def times_on(self, day: int) -> int:
        """How often the schedule has the session on ``day`` of its clock."""
        times = 0
        for span in self.schedule:  # no sum(): planning asks this most of all
            if span.first_day <= day <= span.last_day:
                times += span.times_on(day)
        return times

    def spans_of(self, day: int) -> tuple[Span, ...]:
        """The spans of the schedule around ``day`` of its clock."""
        return tuple(span for span in self.schedule if span.first_day <= day <= span.last_day)

    def is_made_up_for(self, started_day: int) -> bool:
        """Whether a woman who begins on ``started_day`` missed it, and is to hear it."""
        until = self.late_starters_until
        return until is not None and self.first_day < started_day <= until

    @property
    def last_day(self) -> int:
        """The last day of the schedule, on its clock."""
        return max((span.last_day for span in self.schedule), default=1)

    @property
    def first_day(self) -> int:
        """The first day of the schedule, on its clock."""
        return min((span.first_day for span in self.schedule), default=1)

    def asks_for_contractions(self, exercises: Mapping[str, Exercise]) -> bool:
        """Whether any block is an exercise of contractions."""
        return any(
            exercises[block.exercise].asks_for_contractions
            for block in self.exercise_blocks
            if block.exercise in exercises
        )

    @property
    def exercise_blocks(self) -> tuple[ExerciseBlock, ...]:
        """Every exercise once for each time that it is named, those of circuits included."""
        found: list[ExerciseBlock] = []
        for block in self.blocks:
            if isinstance(block, ExerciseBlock):
                found.append(block)
            elif isinstance(block, CircuitBlock):
                found += block.blocks
        return tuple(found)

    def tells_time_left(self, exercises: Mapping[str, Exercise]) -> bool:
        """Whether the minutes that are left are said in it."""
        return any(
            step.prescription.dose.tells_time_left
            for block in self.exercise_blocks
            if block.exercise in exercises
            for step in exercises[block.exercise].steps
        )

    def longest_doses_ms(self, exercises: Mapping[str, Exercise]) -> int:
        """How long its exercises take together, each at the longest of its steps."""
        total_ms = 0
        for each in self.blocks:
            match each:
                case ExerciseBlock():
                    total_ms += each.longest_ms(exercises)
                case CircuitBlock():
                    round_ms = sum(block.longest_ms(exercises) for block in each.blocks)
                    total_ms += each.rounds * round_ms + (each.rounds - 1) * each.rest_ms
        return total_ms

    @property
    def is_exercise(self) -> bool:
        """Whether anything is done in it but listening."""
        return bool(self.exercise_blocks)

    def parts_in(self, position: str | None) -> tuple[Block, ...]:
        """All blocks in the order they are heard, opening, condition and closing included."""
        opening = self.opening_for.get(position or UNKNOWN, self.opening)
        before = [TalkBlock(talk=t) for t in (opening, self.condition) if t is not None]
        after = [TalkBlock(talk=self.closing)] if self.closing is not None else []
        return (*before, *self.blocks, *after)

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """The parts in any position, those of circuits one by one."""
        talks = [block for block in self.parts_in(None) if isinstance(block, TalkBlock)]
        others = (TalkBlock(talk=talk) for talk in self.opening_for.values())
        return tuple(dict.fromkeys((*talks, *self.exercise_blocks, *others)))
