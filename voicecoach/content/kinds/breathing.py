"""Guided breathing. No I/O."""

from dataclasses import dataclass
from typing import ClassVar

from voicecoach import limits
from voicecoach.content.kinds.dose import Cue, Dose, Move
from voicecoach.content.kinds.kind import Kind, paragraphs, said
from voicecoach.content.reading.key_tables import needed
from voicecoach.content.reading.value_kinds import SECONDS, count


@dataclass(frozen=True, slots=True, kw_only=True)
class Breathing(Dose):
    """A dose of guided breathing: ``breaths`` times in and out, without a pause between."""

    kind: ClassVar[str] = "breathing"
    tells_time_left: ClassVar[bool] = False

    inhale_ms: int
    exhale_ms: int
    breaths: int

    @property
    def moves(self) -> tuple[Move, ...]:
        """A breath."""
        return (
            Move(cue=Cue.INHALE, length_ms=self.inhale_ms, height=1.0, is_gradual=True),
            Move(cue=Cue.EXHALE, length_ms=self.exhale_ms, height=0.0, is_gradual=True),
        )

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
        needed("exhale_s", SECONDS, "How long to breathe out, in seconds."),
        needed("breaths", count(limits.BREATHS), "How many breaths."),
    ),
    words=(
        said("inhale", "To breathe in."),
        said("exhale", "To breathe out."),
        paragraphs("reminders", "Said now and then, in turn."),
    ),
)
