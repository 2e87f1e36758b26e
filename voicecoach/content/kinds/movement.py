"""A movement there and back at a tempo, with or without a contraction in it. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from voicecoach import limits
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Cue, Guide, Intensity, Move, Number, Sets
from voicecoach.content.kinds.kind import Kind, said
from voicecoach.content.reading.key_tables import all_optional, needed, optional
from voicecoach.content.reading.value_kinds import (
    PERCENT,
    SECONDS,
    SECONDS_OR_NONE,
    count,
    whole_seconds,
)

_HEIGHT = 0.8
_WHY = "a tempo is counted aloud"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement(Sets):
    """A dose of a movement."""

    kind: ClassVar[str] = "movement"
    guide: ClassVar[Guide] = Guide(
        first_lead_in="first_move",
        lead_in=None,
        ending=None,
        let_go=None,
        last_let_go="last_return",
    )

    up_ms: int
    """There: from the start of its tone on."""
    pause_ms: int = 0
    """At the end of the way there."""
    down_ms: int
    """Back."""
    intensity: Intensity | None = None
    """Of the contraction on the way there and in the pause; ``None`` where there is none."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """There, the pause if there is one, and back."""
        height, there, back = _HEIGHT, Cue.MOVE, Cue.RETURN
        if self.intensity is not None:
            height, there, back = self.intensity.high_percent / 100, Cue.TIGHTEN, Cue.RELEASE
        up = _way(there, self.up_ms, height, "move")
        pause = Move(
            cue=Cue.HOLD, length_ms=self.pause_ms, height=height, says="pause", is_counted=True
        )
        down = _way(back, self.down_ms, 0.0, "return")
        return (up, pause, down) if self.pause_ms else (up, down)

    @property
    def tempo_ms(self) -> tuple[int, int, int]:
        """There, pause, back."""
        return self.up_ms, self.pause_ms, self.down_ms

    @property
    def contractions(self) -> tuple[Contractions, ...]:
        """A contraction from the start of the way there to the start of the way back."""
        if self.intensity is None:
            return ()
        held = Contractions(
            intensity=self.intensity,
            hold_ms=self.up_ms + self.pause_ms,
            rest_ms=self.down_ms + self.rest_ms,
            reps=self.reps,
            sets=self.sets,
            set_rest_ms=self.down_ms + self.set_rest_ms,
        )
        return (held,)

    @property
    def numbers(self) -> Mapping[str, Number]:
        """The seconds there and back, its repetitions and its sets."""
        up, down = self.up_ms // 1000, self.down_ms // 1000
        return {"up": up, "down": down, "reps": self.reps, "sets": self.sets}

    @property
    def counts_to(self) -> int:
        """Its tempo is counted as well."""
        return max(*(each // 1000 for each in self.tempo_ms), self.reps, self.sets)


def _way(cue: Cue, length_ms: int, height: float, says: str) -> Move:
    return Move(
        cue=cue,
        length_ms=length_ms,
        height=height,
        slope_ms=length_ms,
        says=says,
        is_counted=True,
    )


KIND = Kind(
    dose=Movement,
    meaning="a movement there and back at a tempo",
    numbers=(
        needed("up_s", whole_seconds(_WHY), "How long the way there takes, in whole seconds."),
        optional("pause_s", whole_seconds(_WHY, or_none=True), "How long to stay there, if so."),
        needed("down_s", whole_seconds(_WHY), "How long the way back takes, in whole seconds."),
        optional("intensity_percent", PERCENT, "Of the contraction on the way there, if any."),
        needed("reps", count(limits.REPS), "How many repetitions in a set."),
        optional("rest_s", SECONDS_OR_NONE, "From one repetition to the next, if any."),
        optional("sets", count(limits.SETS), "How many sets, if not one."),
        optional("set_rest_s", SECONDS, "From the end of a set to the next; not for a single set."),
    ),
    words=(
        said("first_move", "To begin, for the first time in a set."),
        said("move", "On the way there, with the breath: breathe out."),
        *all_optional((said("pause", "To stay there, if that is said."),)),
        said("return", "On the way back, with the breath: breathe in."),
        said("last_return", "After the last one of a set."),
    ),
    placeholders=": {up}, {down}, {reps}, {sets}",
)
