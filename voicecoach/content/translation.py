"""All words of a programme in one language, as types: no dose stands here. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voicecoach.content.exercise import Sources
from voicecoach.content.questions import DayZero, QuestionWords
from voicecoach.errors import Problem


class Guidance(StrEnum):
    """How much of a session is spoken; the dose and the tones are the same."""

    FULL = "full"
    """Each step."""
    BRIEF = "brief"
    """The first repetition of a set, the last, and half-way."""
    TONES = "tones"
    """Only what begins, what must be heard before, where a set changes, and the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseWords:
    """What is said in an exercise; its kind decides which cues it has."""

    title: str
    introduction: tuple[str, ...]
    cues: Mapping[str, str]
    """By key of the file of words, such as ``tighten``."""
    reminders: tuple[str, ...] = ()
    """Said now and then, in turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Something only said: paragraphs of sentences."""

    title: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """What is said in every exercise."""

    set: str
    minutes_left: str
    minute_left: str
    """Where about one minute is left."""
    almost_done: str
    """Where less than a minute is left."""
    halfway: str
    """In a breathing exercise, in a single set, and between two halves of the sets."""
    halfway_of_set: str
    last_rep: str
    last_breath: str
    set_rest: str
    holding: str
    encouragement: tuple[str, ...] = ()
    """Said after later sets, in turn, in place of the last sentence of ``set_rest``, where each
    step is spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLabel:
    """A side or a starting position: what is shown, and what is said to get there."""

    title: str
    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What the screen of a player shows; each is a template."""

    album: str
    week: str
    day: str
    set: str
    brief: str
    tones: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRules:
    """What ``check`` looks for in the words of a language."""

    let_go_sooner: tuple[str, ...] = ()
    """Words that tell that a long hold may be let go sooner."""
    forbidden: Mapping[str, str] = field(default_factory=dict)
    """Words not to say, and why. One that ends in ``*`` stands for all that begin so."""
    facts: tuple[str, ...] = ()
    """Words with a number that no dose decides."""
    nouns: tuple[str, ...] = ()
    """What doses count, besides what the language always has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """All words of a programme in one language. Holds no dose."""

    language: str
    """The code on the command line, such as ``nl``."""
    language_tag: str
    """ISO 639-2 code for audio tags, such as ``nld``."""
    title: str
    folder: str
    artist: str
    voice: str
    rate_wpm: Mapping[Guidance, int]
    """Speaking rate in words a minute."""
    pronunciation: Mapping[str, Mapping[str, str]]
    """What to say in place of a word that a voice says badly, by voice or by engine."""
    numbers: Mapping[int, str]
    number_range: str
    labels: Labels
    phases: Mapping[str, str]
    cues: Cues
    exercises: Mapping[str, ExerciseWords]
    sessions: Mapping[str, str]
    talks: Mapping[str, Talk]
    advice: Mapping[str, tuple[str, ...]]
    """What a check-in answers, by the sign it tells."""
    rate_sources: Sources = ()
    """The source of each rate, by guidance."""
    lengths: Mapping[str, str] = field(default_factory=dict)
    """A time with its unit: templates of ``minutes`` and ``seconds``, and one ``minute``. Only
    where times are spoken."""
    sides: Mapping[str, SpokenLabel] = field(default_factory=dict)
    """By side, where an exercise has sides."""
    starting_positions: Mapping[str, SpokenLabel] = field(default_factory=dict)
    """By id of the programme."""
    day_zero: DayZero | None = None
    """How she is asked for the day that counts as day 0; ``None``: in our words."""
    questions: Mapping[str, QuestionWords] = field(default_factory=dict)
    """The programme's own words for what it asks, of a profile or of a day."""
    sport: Mapping[str, str] = field(default_factory=dict)
    """What she tries before sport, by id of the programme."""
    signs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Danger signs by whom to call; empty: ours, which are those after a birth."""
    without_catheter: Mapping[str, str] = field(default_factory=dict)
    """What whoever has no catheter hears in place of a sentence."""
    check: WordRules = WordRules()
    """What ``check`` looks for, on top of what it always looks for."""
    unsayable: tuple[Problem, ...] = ()
    """What no voice can say in the texts that are spoken."""
