"""A programme of recovery as a type: its phases, exercises, sessions, rules and words. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicecoach.content.clinical_state import UNKNOWN
from voicecoach.content.exercise import EDITORIAL, Exercise, Sources, StartingPosition
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.questions import ANSWERS_ABOUT, BIRTH, DAILY, SIGN_GROUPS, Question
from voicecoach.content.rules import Rule, TrainingRules
from voicecoach.content.session import Session, TalkBlock
from voicecoach.content.sport import SportQuestions
from voicecoach.content.translation import Translation
from voicecoach.errors import NotInProgrammeError
from voicecoach.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most a phase may ask; ``None`` sets no limit."""

    hold_ms: int | None = None
    intensity_percent: int | None = None
    contractions_a_day: int | None = None
    sets_a_day: int | None = None
    """The most sets of an exercise of contractions."""
    reps: int | None = None
    """The most contractions in a set, those on top of others not counted."""
    rest_to_hold: int | None = None
    """The shortest rest, as a multiple of the hold."""
    long_hold_ms: int | None = None
    """The longest hold at an intensity of at most ``long_hold_percent``."""
    long_hold_percent: int | None = None
    breath_pause_ms: int | None = None
    """The longest pause in a breath; ``None`` allows none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """The days from which a kind of training applies, at the earliest."""

    id: str
    from_day: int
    limits: Limits
    sources: Sources = ()
    """Of its day and its limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortOpening:
    """How a session opens once it is familiar. The talks are ids."""

    from_time: int
    """From which planned time of a session on."""
    shortens: str | None = None
    """The opening that it is short for; ``None``: any."""
    opening: str
    opening_for: Mapping[str, str]
    """Openings in place of ``opening``, by position."""
    condition: str
    """Said before contractions."""
    breaths: int
    """Of the breathing before contractions."""
    sources: Sources = ()
    """Of its numbers."""

    @property
    def talks(self) -> tuple[str, ...]:
        """Every talk that it names."""
        return (self.opening, *self.opening_for.values(), self.condition)

    def opening_in(self, position: str | None) -> str:
        """The opening for whoever listens in ``position``."""
        return self.opening_for.get(position or UNKNOWN, self.opening)


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
    """On how many days, from its first, a session is done with each step spoken."""
    translations: Mapping[str, Translation]
    rules: tuple[Rule, ...] = ()
    """What check-ins change; the first that applies decides."""
    training: TrainingRules = field(default_factory=TrainingRules)
    """How the ladder is begun and climbed."""
    safety: str | None = None
    """The talk that says when to stop and when to call."""
    main_exercise: str | None = None
    """What a clinician prescribes for a client where she names no exercise."""
    sport: SportQuestions | None = None
    """What has to work before she hears how to begin with sport; ``None``: nothing is asked."""
    full_guidance_source: str = EDITORIAL
    short_opening: ShortOpening | None = None
    """How sessions open once they are familiar; ``None``: as ever."""
    starting_positions: Mapping[str, StartingPosition] = field(default_factory=dict)
    """By id."""
    starting_position_sources: Sources = ()
    """The source of the time of each, by id."""
    day_zero: str = BIRTH
    """What happened on the day from which days count: BIRTH, START, or an id of its own."""
    questions: tuple[Question, ...] = tuple(Question)
    """What a client is asked about herself."""

    @property
    def is_after_birth(self) -> bool:
        """Whether its days count from a birth."""
        return self.day_zero == BIRTH

    @property
    def daily_questions(self) -> tuple[str, ...]:
        """What a check-in asks besides danger signs: what its rules depend on; after a birth,
        everything."""
        if self.is_after_birth:
            return DAILY
        used = {name for rule in self.rules for name in ANSWERS_ABOUT.get(rule.when, ())}
        return tuple(name for name in DAILY if name == "done" or name in used)

    @property
    def sign_groups(self) -> tuple[str, ...]:
        """The groups of danger signs that a check-in asks about: those it has a rule for; after a
        birth, all."""
        signs = {rule.when for rule in self.rules}
        return tuple(
            group for group, sign in SIGN_GROUPS.items() if self.is_after_birth or sign in signs
        )

    @property
    def asks_for_a_check(self) -> bool:
        """Whether after some births more effort waits for a pelvic physiotherapist."""
        has_limit = self.training.checked_above_percent is not None
        return has_limit and Question.DELIVERY in self.questions

    @property
    def first_training_day(self) -> int | None:
        """The earliest day with contractions; ``None`` where there are none."""
        return min((s.first_day for s in self._training_sessions()), default=None)

    @property
    def training_steps(self) -> tuple[int, ...]:
        """The days of the training clock on which a step begins: a row of the progression of any
        exercise of contractions."""
        first = self.first_training_day
        if first is None:
            return ()
        rows = {
            step.from_day
            for exercise in self.exercises.values()
            if exercise.asks_for_contractions
            for step in exercise.steps
        }
        return (first, *sorted(day for day in rows if day > first))

    @property
    def may_be_stopped(self) -> bool:
        """Whether it has more than breathing, which a red flag ends until a clinician says yes."""
        return any(each.kind != Breathing.kind for each in self.exercises.values())

    def _training_sessions(self) -> tuple[Session, ...]:
        return tuple(s for s in self.sessions if s.asks_for_contractions(self.exercises))

    @property
    def last_day(self) -> int:
        """The last day on which anything is scheduled."""
        return max((each.last_day for each in self.sessions), default=1)

    def numbers_by_talk(self) -> dict[str, tuple[str, ...]]:
        """What each talk may name, such as ``squat.reps``: the numbers of those exercises that are
        in each session that has it."""
        in_all: dict[str, set[str]] = {}
        for session in self.sessions:
            exercises = {block.exercise for block in session.exercise_blocks}
            for part in session.all_parts:
                if isinstance(part, TalkBlock):
                    in_all[part.talk] = in_all.get(part.talk, exercises) & exercises
        return {
            talk: tuple(
                f"{id_}.{name}"
                for id_, exercise in self.exercises.items()
                if id_ in shared
                for name in exercise.steps[0].prescription.dose.numbers
            )
            for talk, shared in in_all.items()
        }

    def words_in(self, language: str) -> Translation:
        """The words in ``language``. Raises NotInProgrammeError if there are none."""
        if language not in self.translations:
            known = ", ".join(self.translations)
            raise NotInProgrammeError(Message("errors.no_language", language=language, known=known))
        return self.translations[language]

    def phase_on(self, day: int) -> Phase:
        """The last phase begun on ``day``; before the first, the first."""
        begun = [phase for phase in self.phases if phase.from_day <= day]
        return begun[-1] if begun else self.phases[0]
