"""What the doses of all kinds of exercise have in common. No I/O.

Times are integer milliseconds, percentages are of the greatest voluntary strength.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from voicecoach.content.kinds.contractions import Contractions


class Cue(StrEnum):
    """The cue tones."""

    INHALE = "inhale"
    EXHALE = "exhale"
    TIGHTEN = "tighten"
    HOLD = "hold"
    RELEASE = "release"
    REST = "rest"
    SET = "set"
    DONE = "done"
    MOVE = "move"
    RETURN = "return"
    SIDE = "side"
    START = "start"
    """Of a stretch or an activity, as END."""
    END = "end"
    COUGH = "cough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensity:
    """How hard to contract: from ``low_percent`` to ``high_percent`` of the greatest strength."""

    low_percent: int
    high_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A time that is spoken: in minutes where they are whole, else in seconds."""

    seconds: int

    @property
    def minutes(self) -> int | None:
        """Whole minutes; ``None`` where they are not."""
        return None if self.seconds % 60 else self.seconds // 60


Number = int | Intensity | Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A part of a repetition: begins with a tone and lasts exactly so long."""

    cue: Cue
    length_ms: int
    height: float
    """Where the curve of effort goes, from 0 to 1."""
    slope_ms: int | None = None
    """How long it takes to get there, where that is prescribed."""
    says: str | None = None
    """The key of what is said in it."""
    is_counted: bool = False
    """Whether its seconds are counted aloud, with ticks."""
    cough_ms: int | None = None
    """Where its tick calls for a cough, from its start; ``None`` where none does."""
    is_reminded: bool = False
    """Whether its reminders are said in it now and then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What accompanies the repetitions of a kind: keys of its words, and a tone."""

    first_lead_in: str
    """Said before the first of a set."""
    lead_in: str | None
    """Said before another."""
    ending: Cue | None
    """The tone at the end."""
    let_go: str | None
    """Said after a repetition."""
    last_let_go: str
    """Said after the last of a set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose(ABC):
    """How much of an exercise. The fields are the numbers of its kind."""

    kind: ClassVar[str]
    """As content files and plans name it."""
    tells_time_left: ClassVar[bool] = True
    """Whether the minutes that are left are said in it."""

    @property
    @abstractmethod
    def duration_ms(self) -> int:
        """All of it together."""

    @property
    @abstractmethod
    def moves(self) -> tuple[Move, ...]:
        """A repetition, in order."""

    @property
    @abstractmethod
    def repetitions(self) -> int:
        """How often its moves are done without a longer rest."""

    @property
    def ending(self) -> Cue | None:
        """The tone at the end of a repetition."""
        return None

    @property
    def contractions(self) -> "tuple[Contractions, ...]":
        """What of it counts as contractions, for gates, limits and steps."""
        return ()

    @property
    def about(self) -> tuple[str, ...]:
        """The keys of what is said of it before, besides the introduction."""
        return ()

    @property
    def numbers(self) -> Mapping[str, Number]:
        """What its words may name, by placeholder; seconds where it is a time."""
        return {}

    @property
    def counts_to(self) -> int:
        """The highest number that is counted or announced."""
        return 0

    def faults(self) -> Iterator[tuple[str, str]]:
        """What cannot be together: the key of a number, and why."""
        yield from ()

    def lowest(self, others: Sequence[Self]) -> Self:
        """In each number the lowest of its own and of ``others``."""
        lowest: Self = _lowest([self, *others])
        return lowest


def _lowest(values: Sequence[Any]) -> Any:
    if None in values:
        return None
    if isinstance(values[0], int):
        return min(values)
    names = (field.name for field in fields(values[0]))
    return replace(values[0], **{n: _lowest([getattr(v, n) for v in values]) for n in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets(Dose):
    """A dose of repetitions in sets."""

    guide: ClassVar[Guide]

    @property
    def quick(self) -> "Sets | None":
        """What follows the repetitions of each set at once."""
        return None

    @property
    def reps_in_a_set(self) -> int:
        """Its repetitions, the quick ones included."""
        return self.reps + (self.quick.reps if self.quick else 0)

    def moves_of(self, rep: int | None) -> tuple[Move, ...]:
        """The moves of a repetition of a set, from 1."""
        is_quick = self.quick is not None and rep is not None and rep > self.reps
        return self.quick.moves if self.quick is not None and is_quick else self.moves

    rest_ms: int = 0
    """From the end of a repetition to the start of the next."""
    reps: int
    """Repetitions in a set."""
    sets: int = 1
    set_rest_ms: int = 0
    """From the end of a set to the start of the next; there is none after a single set."""

    @property
    def ending(self) -> Cue | None:
        """As its guide has it."""
        return self.guide.ending

    @property
    def repetitions(self) -> int:
        """Those of a set."""
        return self.reps

    @property
    def rep_ms(self) -> int:
        """A repetition without its rest."""
        return sum(move.length_ms for move in self.moves)

    @property
    def count(self) -> int:
        """All repetitions, in all sets."""
        return self.reps_in_a_set * self.sets

    @property
    def duration_ms(self) -> int:
        """From the first repetition to the end of the rest after the last."""
        set_ms = self.reps * self.rep_ms + (self.reps - 1) * self.rest_ms
        if self.quick is not None:
            set_ms += self.rest_ms + self.quick.duration_ms - self.quick.rest_ms
        return self.sets * set_ms + (self.sets - 1) * self.set_rest_ms + self.rest_ms

    @property
    def numbers(self) -> Mapping[str, Number]:
        """Its repetitions and sets."""
        return {"reps": self.reps, "sets": self.sets}

    @property
    def counts_to(self) -> int:
        """Sets are announced, and so are repetitions."""
        return max(self.reps, self.sets)
