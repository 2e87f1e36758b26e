"""Guided breathing. No I/O."""

from dataclasses import dataclass
from typing import ClassVar

from voicecoach import limits
from voicecoach.content.kinds.dose import Cue, Dose, Move
from voicecoach.content.kinds.kind import Kind, paragraphs, said
from voicecoach.content.reading.key_tables import needed, optional
from voicecoach.content.reading.value_kinds import SECONDS, SECONDS_OR_NONE, count


@dataclass(frozen=True, slots=True, kw_only=True)
class Breathing(Dose):
    """A dose of guided breathing: ``breaths`` times in and out."""

    kind: ClassVar[str] = "breathing"
    tells_time_left: ClassVar[bool] = False

    inhale_ms: int
    pause_full_ms: int = 0
    """After breathing in."""
    exhale_ms: int
    pause_empty_ms: int = 0
    """After breathing out."""
    breaths: int

    @property
    def moves(self) -> tuple[Move, ...]:
        """A breath."""
        inhale = Move(
            cue=Cue.INHALE,
            length_ms=self.inhale_ms + self.pause_full_ms,
            height=1.0,
            slope_ms=self.inhale_ms,
        )
        exhale = Move(
            cue=Cue.EXHALE,
            length_ms=self.exhale_ms + self.pause_empty_ms,
            height=0.0,
            slope_ms=self.exhale_ms,
        )
        return inhale, exhale

    @property
    def repetitions(self) -> int:
        """Its breaths."""
        return self.breaths

    @property
    def duration_ms(self) -> int:
        """All breaths together."""
        return self.breaths * sum(move.length_ms for move in self.moves)


KIND = Kind(
    dose=Breathing,
    meaning="breathing",
    numbers=(
        needed("inhale_s", SECONDS, "How long to breathe in, in seconds."),
        optional("pause_full_s", SECONDS_OR_NONE, "How long to wait after breathing in, if so."),
        needed("exhale_s", SECONDS, "How long to breathe out, in seconds."),
        optional("pause_empty_s", SECONDS_OR_NONE, "How long to wait after breathing out, if so."),
        needed("breaths", count(limits.BREATHS), "How many breaths."),
    ),
    words=(
        said("inhale", "To breathe in."),
        said("exhale", "To breathe out."),
        paragraphs("reminders", "Said now and then, in turn."),
    ),
)
