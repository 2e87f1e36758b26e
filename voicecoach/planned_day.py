"""What a day asks for, as types. No I/O."""

from dataclasses import dataclass, replace

from voicecoach.content.exercise import Contractions, Prescription
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Guidance
from voicecoach.course import CourseDay

CONTRACTIONS, BREATHING, EXPLANATION = "contractions", "breathing", "explanation"
"""Kinds of sessions, as plans and manifests name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """A session with the doses of a day: what it takes to write its script.

    Two days that ask for the same are equal here, and so is their sound.
    """

    id: str
    guidance: Guidance
    """FULL where there is nothing to guide."""
    parts: tuple[TalkBlock | Prescription, ...]

    @property
    def kind(self) -> str:
        """What is done in it: contractions, breathing, or only an explanation."""
        if self.all_contractions:
            return CONTRACTIONS
        has_exercise = any(isinstance(part, Prescription) for part in self.parts)
        return BREATHING if has_exercise else EXPLANATION

    @property
    def contractions(self) -> Contractions | None:
        """The first dose of contractions; ``None`` where the session has none."""
        return next(iter(self.all_contractions), None)

    @property
    def all_contractions(self) -> tuple[Contractions, ...]:
        """Every dose of contractions, in order."""
        doses = (part.dose for part in self.parts if isinstance(part, Prescription))
        return tuple(dose for dose in doses if isinstance(dose, Contractions))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """What a day asks for."""

    day: int
    phase: str
    """Id of the phase that she is in."""
    course: CourseDay
    """Where she is, and why."""
    sessions: tuple[PlannedSession, ...]
    """Each session once, in the order of the programme."""
    listening: tuple[PlannedSession, ...]
    """The sessions as they are listened to, each as often as it is done: first every session
    once, then those that are done a second time, and so on."""

    @property
    def contraction_count(self) -> int:
        """How many contractions it asks for."""
        doses = (dose for session in self.listening for dose in session.all_contractions)
        return sum(dose.count for dose in doses)


def without_contractions(day: PlannedDay) -> PlannedDay:
    """``day`` with the sessions that ask for no contractions."""
    return replace(
        day,
        sessions=tuple(each for each in day.sessions if each.kind != CONTRACTIONS),
        listening=tuple(each for each in day.listening if each.kind != CONTRACTIONS),
    )
