"""Voices, and what is said: utterances, the text given to engines, the recordings in the cache."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import starmap

from voicecoach import environment
from voicecoach.audio.signal import WAV_HEADER_BYTES, length_ms
from voicecoach.cache import Cache
from voicecoach.errors import SpeechError
from voicecoach.messages import Message
from voicecoach.script.script import Script
from voicecoach.speech.recorded_folder import stem_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A voice that is usable, or would be once installed."""

    voice: str
    """The voice, as on the command line."""
    language: str
    title: str  # who or what speaks, for display
    quality: str = ""  # as its maker states it
    is_installed: bool = True
    size_bytes: int | None = None
    """Size of its files; ``None`` if it has no files of its own, or if unknown."""
    licence: str = ""  # empty if unknown
    is_recommended: bool = False
    is_heard: bool = True
    """Whether we have heard it."""
    garbles_cues: bool = False
    """Whether it is unfit for utterances of one or two words."""
    words_wrong_percent: int | None = None
    """Words that a recogniser hears wrongly in finished sound files; ``None`` if not measured."""


_MODULES = ("audio.recordings", "speech.engines")
"""The modules that process every recording before it is cached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A usable voice."""

    engine: str
    name: str
    engine_version: str
    """Everything besides the voice that shapes the engine's sound."""
    uses_all_cores: bool = False
    """Whether one process of the engine uses all cores."""

    @property
    def spec(self) -> str:
        """The voice as on the command line: ``ENGINE:NAME``."""
        return f"{self.engine}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A text to speak in one recording."""

    text: str
    voice: Voice
    rate_wpm: int
    """Speaking rate in words a minute."""
    file: str = ""
    """The file of a person's recording; empty if an engine speaks it."""
    file_sha256: str = ""
    draw: int = 1
    """Which of the takes of a voice that varies; the voice's version says which are kept."""

    @property
    def key(self) -> str:
        """A hash of everything that shapes the sound of the utterance; not the path of a file."""
        voice = self.voice
        parts: list[str | int] = [self.text, voice.engine, voice.engine_version]
        parts += [self.file_sha256] if self.file else [voice.name, self.rate_wpm]
        return environment.key_of([environment.makers_hash(_MODULES, ("numpy",)), *parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """A person's recording of an utterance."""

    path: str
    """The path with links resolved."""
    sha256: str
    """Of the content."""
    length_ms: int
    """Length without silence at both ends."""


_LEAST_MS_A_CHARACTER, _MOST_MS_A_CHARACTER = 20, 400
"""People read aloud at 60 to 90 ms a character; eSpeak at its slowest rate takes 200."""
_MOST_MS_BESIDE = 3000
"""Added for pauses and hesitation, which matter most in short texts."""


def check_length(length_ms: int, text: str) -> None:
    """Raises SpeechError if ``length_ms`` is implausibly short or long for ``text``."""
    least_ms = _LEAST_MS_A_CHARACTER * len(text)
    most_ms = _MOST_MS_A_CHARACTER * len(text) + _MOST_MS_BESIDE
    if not least_ms <= length_ms <= most_ms:
        few = "short" if length_ms < least_ms else "long"
        raise SpeechError(f"{length_ms / 1000:.1f} s of sound is too {few} for this many words")


def respelt(text: str, respellings: Mapping[str, str]) -> str:
    """``text`` with each word or phrase of ``respellings`` replaced by its spelling. Matches whole
    words in any case, and the longest of those that begin alike."""
    if not respellings:
        return text
    pattern, spellings = _compiled(tuple(respellings.items()))
    return pattern.sub(lambda match: spellings[(match.lastindex or 1) - 1], text)


@functools.lru_cache(maxsize=8)
def _compiled(respellings: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """A pattern with a group per word, and the spelling for each group."""
    longest_first = sorted(respellings, key=lambda pair: (-len(pair[0]), pair))
    groups = ["(" + r"\s+".join(map(re.escape, word.split())) + ")" for word, _ in longest_first]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)", re.IGNORECASE)
    return pattern, tuple(spelling for _, spelling in longest_first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A recording in the cache."""

    key: str
    length_ms: int
    """Rounded up."""
    voice: str
    """The voice, as on the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingVoice:
    """A voice with its respellings and recordings."""

    voice: Voice
    respellings: Mapping[str, str]
    """Spellings for words that the voice mispronounces."""
    files: Mapping[str, RecordedFile] | None = None
    """Its recordings by stem; ``None`` for a voice that speaks any text."""
    draws: Mapping[str, int] = field(default_factory=dict)
    """The take to use of each text that has a chosen one; 0: another voice has to say it."""

    @property
    def speaks_any_text(self) -> bool:
        """Whether the voice needs no other one for any text."""
        return self.files is None and 0 not in self.draws.values()

    def file_of(self, text: str) -> RecordedFile | None:
        """The file named as the recording of ``text``."""
        return None if self.files is None else self.files.get(stem_of(text))

    def misfiled(self, texts: Iterable[str]) -> Iterator[str]:
        """A remark about each recording of ``texts`` that cannot be of the text in its name."""
        for text in dict.fromkeys(texts):
            file = self.file_of(text)
            try:
                if file is not None:
                    check_length(file.length_ms, text)
            except SpeechError as error:
                yield f"{file.path if file else text}: is not used: {error}; record {text!r} again"

    def utterance(self, text: str, rate_wpm: int) -> Utterance | None:
        """``text`` spoken by this voice; ``None`` if it is not recorded."""
        if self.files is None:
            spelt, draw = respelt(text, self.respellings), self.draws.get(text, 1)
            spoken = Utterance(text=spelt, voice=self.voice, rate_wpm=rate_wpm, draw=draw)
            return spoken if draw else None
        file = self.file_of(text)
        if file is None or any(self.misfiled([text])):
            return None
        return Utterance(
            text=text, voice=self.voice, rate_wpm=rate_wpm, file=file.path, file_sha256=file.sha256
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Speaks a pack: the first of ``voices`` that can say a text says it."""

    voices: tuple[SpeakingVoice, ...]
    cache: Cache
    _found: dict[tuple[str, int], Recorded] = field(default_factory=dict, repr=False, compare=False)
    """By text and words a minute; cached, because scripts share most texts."""
    _lengths_ms: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    """Lengths of the recordings that were found intact, by key."""

    @property
    def voice(self) -> Voice:
        """The first voice."""
        return self.voices[0].voice

    def utterance(self, text: str, rate_wpm: int) -> Utterance:
        """``text`` as this speaker says it. Raises SpeechError if no voice can say it."""
        for voice in self.voices:
            if utterance := voice.utterance(text, rate_wpm):
                return utterance
        raise SpeechError(Message("errors.no_recording", spec=self.voice.spec, text=text))

    def share_of_first(self, texts: Iterable[str]) -> tuple[int, int]:
        """How many of the distinct ``texts`` the first voice speaks, and how many there are."""
        distinct = dict.fromkeys(texts)
        spoken = sum(self.utterance(text, 0).voice == self.voice for text in distinct)
        return spoken, len(distinct)

    def missing(self, scripts: Iterable[Script]) -> list[Utterance]:
        """The distinct utterances of ``scripts`` that are not in the cache."""
        asked = dict.fromkeys((text, s.rate_wpm) for s in scripts for text in s.texts)
        by_key = {utterance.key: utterance for utterance in starmap(self.utterance, asked)}
        return [u for key, u in by_key.items() if self._length_ms(key) is None]

    def recorded(self, script: Script) -> dict[str, Recorded]:
        """The recording of each text of ``script``.

        Raises SpeechError if one is missing.
        """
        return {text: self._recorded(text, script.rate_wpm) for text in script.texts}

    def _length_ms(self, key: str) -> int | None:
        """The length of a recording; ``None`` if it is not in the cache."""
        if key not in self._lengths_ms:
            data = self.cache.read(self.cache.recording(key))
            if data is None:
                return None
            self._lengths_ms[key] = length_ms((len(data) - WAV_HEADER_BYTES) // 2)
        return self._lengths_ms[key]

    def _recorded(self, text: str, rate_wpm: int) -> Recorded:
        asked = text, rate_wpm
        if asked not in self._found:
            self._found[asked] = self._measured(self.utterance(text, rate_wpm))
        return self._found[asked]

    def _measured(self, utterance: Utterance) -> Recorded:
        key = utterance.key
        length = self._length_ms(key)
        if length is None:
            path = self.cache.recording(key)
            raise SpeechError(Message("errors.recording_gone", path=path, text=utterance.text))
        return Recorded(key=key, length_ms=length, voice=utterance.voice.spec)
