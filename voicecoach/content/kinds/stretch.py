"""A stretch, or a position that is held: few words, no counting. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from voicecoach import limits
from voicecoach.content.kinds.dose import Cue, Guide, Length, Move, Number, Sets
from voicecoach.content.kinds.kind import Kind, paragraphs, said
from voicecoach.content.reading.key_tables import needed, optional
from voicecoach.content.reading.value_kinds import SECONDS, SECONDS_OR_NONE, count, whole_seconds

_HEIGHT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch(Sets):
    """A dose of a stretch."""

    kind: ClassVar[str] = "stretch"
    guide: ClassVar[Guide] = Guide(
        first_lead_in="first_stretch",
        lead_in="stretch",
        ending=Cue.END,
        let_go="release",
        last_let_go="last_release",
    )

    hold_ms: int
    """From the start of the start tone to the start of the end tone."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """A hold."""
        return (Move(cue=Cue.START, length_ms=self.hold_ms, height=_HEIGHT, is_reminded=True),)

    @property
    def numbers(self) -> Mapping[str, Number]:
        """All but its rests."""
        hold = Length(seconds=self.hold_ms // 1000)
        return {"hold": hold, "reps": self.reps, "sets": self.sets}


KIND = Kind(
    dose=Stretch,
    meaning="a stretch or a position that is held, with few words",
    numbers=(
        needed("hold_s", whole_seconds("a stretch is spoken of"), "How long to hold, in seconds."),
        needed("reps", count(limits.REPS), "How often in a set."),
        optional("rest_s", SECONDS_OR_NONE, "From one to the next, in seconds, if any."),
        optional("sets", count(limits.SETS), "How many sets, if not one."),
        optional("set_rest_s", SECONDS, "From the end of a set to the next; not for a single set."),
    ),
    words=(
        said("first_stretch", "To begin, for the first time in a set."),
        said("stretch", "To begin once more."),
        said("release", "To come back."),
        said("last_release", "To come back for the last time in a set."),
        paragraphs("reminders", "Said now and then, in turn."),
    ),
    placeholders=": {hold}, with its unit, {reps}, {sets}",
)
