"""The parts of a session's script: all cues in order, before the length of the words is known.

A script is a sequence of items: words of unknown length, pauses, and *slots*, which have an exact
length and hold words and tones. No I/O.
"""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.content.exercise import Side
from voicecoach.content.kinds.dose import Cue, Dose
from voicecoach.content.translation import ExerciseWords, Guidance, Translation

WORDS_END_BEFORE_TONE_MS = 100
"""Words end at least this long before a tighten or release tone."""
WORDS_START_AFTER_TONE_MS = 300
"""Words start no sooner than this after a tighten or release tone begins."""


PARAGRAPH_PAUSE_MS = 1100
BLOCK_PAUSE_MS = 1500
"""Between the parts of a session."""


TONE_LENGTH_MS = {
    Cue.TIGHTEN: 700,
    Cue.HOLD: 120,
    Cue.RELEASE: 1800,
    Cue.REST: 1200,
    Cue.SET: 1100,
    Cue.DONE: 3000,
    Cue.MOVE: 700,
    Cue.RETURN: 700,
    Cue.SIDE: 1100,
    Cue.START: 1800,
    Cue.END: 2000,
    Cue.COUGH: 500,
}
"""How long each tone sounds, ring included. A glide lasts as long as its breath."""


class SpeechCue(StrEnum):
    """The purpose of an utterance."""

    SAY = "say"
    ANNOUNCE = "announce"
    LEAD_IN = "lead-in"
    COUNT = "count"
    LET_GO = "let-go"
    BREATHE = "breathe"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place of a cue in a session: index of the block (from 0), set and repetition (from 1)."""

    block: int
    set_number: int | None = None
    rep: int | None = None
    side: Side | None = None
    """Where repetitions alternate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """An utterance. An ``optional`` one is left out silently if it does not fit."""

    text: str
    cue: SpeechCue
    where: Where
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """A cue tone that sounds for ``length_ms``."""

    cue: Cue
    length_ms: int
    where: Where


def tone(cue: Cue, where: Where) -> Tone:
    """The tone of ``cue`` at its standard length."""
    return Tone(cue=cue, length_ms=TONE_LENGTH_MS[cue], where=where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A silence."""

    length_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The start of a chapter."""

    title: str


class Anchor(StrEnum):
    """The end of a slot from which an offset is counted."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A cue in a slot: starts ``offset_ms`` after the slot's start, or ends that long before its
    end. Words that would overlap others are moved; tones never are."""

    sound: Say | Tone
    anchor: Anchor = Anchor.START
    offset_ms: int


class Overflow(StrEnum):
    """What happens if the words of a slot do not fit."""

    DROP_WORDS = "drop words"
    GROW = "grow"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedChapter:
    """A chapter and its time."""

    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A span of exactly ``length_ms`` that holds words and tones; with ``Overflow.GROW`` it may
    become longer, never shorter."""

    length_ms: int
    placements: tuple[Placement, ...]
    overflow: Overflow


Item = Say | Tone | Pause | Chapter | Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An exercise in a session, and what it takes to write its items."""

    own: ExerciseWords
    words: Translation
    guidance: Guidance
    block: int
    after_ms: int
    """About how long the session continues after it."""
    alternates: bool
    """Whether its repetitions alternate between the sides."""

    def speaks_in(self, rep: int | None, reps: int) -> bool:
        """Whether words accompany a repetition, of ``reps`` in a set."""
        match self.guidance:
            case Guidance.FULL:
                return True
            case Guidance.BRIEF:
                return rep in (1, reps)
            case Guidance.TONES:
                return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptBlock:
    """A part of a session. ``dose`` is ``None`` if it is only a talk."""

    exercise: str
    """Id of the exercise or talk."""
    dose: Dose | None
    side: str | None = None
    """A side, or that it alternates."""
    starting_position: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A session's cues in order."""

    session: str
    title: str
    guidance: Guidance
    rate_wpm: int
    """Speaking rate in words a minute."""
    blocks: tuple[ScriptBlock, ...]
    items: tuple[Item, ...]

    @property
    def says(self) -> tuple[Say, ...]:
        """Every utterance in order, including those in slots."""
        sounds: list[Item] = []
        for item in self.items:
            sounds += [p.sound for p in item.placements] if isinstance(item, Slot) else [item]
        return tuple(sound for sound in sounds if isinstance(sound, Say))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every distinct utterance, in the order of its first use."""
        return tuple(dict.fromkeys(say.text for say in self.says))
