"""What is planned: a session with its doses, and a day. No I/O."""

from dataclasses import dataclass

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.session import TalkBlock
from voicecoach.content.translation import Guidance
from voicecoach.planning.course import CourseDay

CONTRACTIONS, EXPLANATION = "contractions", "explanation"
"""Kinds of sessions, as plans and manifests name them; the others are the kinds of exercise."""


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
        """What is done in it: contractions if there are any, else the kind of exercise that takes
        longest, or only an explanation."""
        if self.all_contractions:
            return CONTRACTIONS
        doses = [part.dose for part in self.parts if isinstance(part, Prescription)]
        if not doses:
            return EXPLANATION
        return max(doses, key=lambda dose: dose.duration_ms).kind

    @property
    def exercises(self) -> tuple[str, ...]:
        """The ids of its exercises, each once."""
        parts = (part for part in self.parts if isinstance(part, Prescription))
        return tuple(dict.fromkeys(part.exercise for part in parts))

    @property
    def contractions(self) -> Contractions | None:
        """The first dose of contractions; ``None`` where the session has none."""
        return next(iter(self.all_contractions), None)

    @property
    def all_contractions(self) -> tuple[Contractions, ...]:
        """Every dose of contractions, in order."""
        doses = (part.dose for part in self.parts if isinstance(part, Prescription))
        return tuple(each for dose in doses for each in dose.contractions)

    @property
    def contraction_count(self) -> int:
        """How many contractions it asks for."""
        return sum(dose.count for dose in self.all_contractions)

    @property
    def under_tension_ms(self) -> int:
        """All holds together."""
        return sum(dose.under_tension_ms for dose in self.all_contractions)

    @property
    def intensity_percent(self) -> int:
        """The highest intensity, of her greatest strength; 0 where there are no contractions."""
        return max((dose.highest_percent for dose in self.all_contractions), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """What a day asks for."""

    day: int
    phase: str
    """Id of the phase that she is in."""
    course: CourseDay
    """Where she is, and why."""
    prescribed: tuple[ClientPrescription, ...]
    """What of it is prescribed for her."""
    sessions: tuple[PlannedSession, ...]
    """Each session once, in the order of the programme; twice if it opens in full and in short."""
    listening: tuple[PlannedSession, ...]
    """The sessions as they are listened to, each as often as it is done: first every session
    once, then those that are done a second time, and so on."""

    @property
    def contraction_count(self) -> int:
        """How many contractions it asks for."""
        return sum(session.contraction_count for session in self.listening)
