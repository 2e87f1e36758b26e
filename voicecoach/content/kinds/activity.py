"""An activity: a walk, stairs, a pause. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from voicecoach import limits
from voicecoach.content.kinds.dose import Cue, Dose, Length, Move, Number
from voicecoach.content.kinds.kind import Kind, said
from voicecoach.content.reading.key_tables import needed
from voicecoach.content.reading.value_kinds import whole_seconds

_HEIGHT = 0.3
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Dose):
    """A dose of an activity."""

    kind: ClassVar[str] = "activity"
    tells_time_left: ClassVar[bool] = False

    length_ms: int
    """From the start of the start tone to the start of the end tone."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """All of it."""
        return (Move(cue=Cue.START, length_ms=self.length_ms, height=_HEIGHT),)

    @property
    def ending(self) -> Cue | None:
        """Its last tone."""
        return Cue.END

    @property
    def repetitions(self) -> int:
        """It is done once."""
        return 1

    @property
    def duration_ms(self) -> int:
        """Its length."""
        return self.length_ms

    @property
    def minutes_told(self) -> tuple[int, ...]:
        """How many minutes are left whenever that is told: each five, and the last two."""
        most = (self.length_ms - 1) // _MINUTE_MS
        return tuple(n for n in range(most, 0, -1) if n % 5 == 0 or n in (1, 2))

    @property
    def numbers(self) -> Mapping[str, Number]:
        """Its length."""
        return {"length": Length(seconds=self.length_ms // 1000)}

    @property
    def counts_to(self) -> int:
        """The minutes that are left are told."""
        return max(self.minutes_told, default=0)


KIND = Kind(
    dose=Activity,
    meaning="an activity, such as a walk or a pause",
    numbers=(
        needed(
            "length_s",
            whole_seconds("its length is spoken of", most_s=limits.LONGEST_ACTIVITY_S),
            "How long it takes, in whole seconds.",
        ),
    ),
    words=(
        said("start", "To begin."),
        said("minutes_left", "How long it still takes: {minutes}.", has_forms=True),
        said("minute_left", "One minute is left."),
        said("end", "At the end."),
    ),
    placeholders=": {length}, with its unit",
)
