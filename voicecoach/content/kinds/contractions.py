"""Contractions. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from voicecoach import limits
from voicecoach.content.kinds.dose import Cue, Guide, Intensity, Move, Number, Sets
from voicecoach.content.kinds.kind import Kind, said
from voicecoach.content.reading.key_tables import needed, optional
from voicecoach.content.reading.value_kinds import PERCENT, SECONDS, SECONDS_COUNTED_ALOUD, count


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractions(Sets):
    """A dose of contractions."""

    kind: ClassVar[str] = "contractions"
    guide: ClassVar[Guide] = Guide(
        first_lead_in="first_tighten",
        lead_in="tighten",
        ending=Cue.RELEASE,
        let_go="release",
        last_let_go="last_release",
    )

    intensity: Intensity
    hold_ms: int
    """From the start of the tighten tone to the start of the release tone."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """A hold."""
        height = self.intensity.high_percent / 100
        return (Move(cue=Cue.TIGHTEN, length_ms=self.hold_ms, height=height, is_counted=True),)

    @property
    def contractions(self) -> "tuple[Contractions, ...]":
        """All of it."""
        return (self,)

    @property
    def numbers(self) -> Mapping[str, Number]:
        """All but its rests."""
        return {
            "hold": self.hold_ms // 1000,
            "reps": self.reps,
            "sets": self.sets,
            "intensity": self.intensity,
        }

    @property
    def counts_to(self) -> int:
        """A hold is counted as well."""
        return max(self.hold_ms // 1000, self.reps, self.sets)


KIND = Kind(
    dose=Contractions,
    meaning="contractions",
    numbers=(
        needed("intensity_percent", PERCENT, "Of her greatest strength: 40, or a range, 30-40."),
        needed("hold_s", SECONDS_COUNTED_ALOUD, "How long to hold, in whole seconds."),
        needed("rest_s", SECONDS, "From letting go to the next contraction, in seconds."),
        needed("reps", count(limits.REPS), "How many contractions in a set."),
        needed("sets", count(limits.SETS), "How many sets."),
        optional("set_rest_s", SECONDS, "From the end of a set to the next; not for a single set."),
    ),
    words=(
        said("first_tighten", "To tighten for the first time in a set."),
        said("tighten", "To tighten."),
        said("release", "To let go."),
        said("last_release", "To let go for the last time in a set."),
    ),
    placeholders=": {hold}, {reps}, {sets}, {intensity}",
)
