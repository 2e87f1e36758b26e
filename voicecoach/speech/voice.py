"""Voices, utterances, and the offers that a list of voices shows."""

import hashlib
import json
from dataclasses import dataclass
from typing import Protocol

from voicecoach import environment
from voicecoach.audio.signal import Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A voice that is usable, or would be once installed."""

    voice: str
    """The voice, as on the command line."""
    language: str
    title: str
    """Who or what speaks, for display."""
    quality: str
    """As its maker states it; empty if unknown."""
    is_installed: bool
    size_bytes: int | None
    """Size of its files; ``None`` if it has no files of its own, or if unknown."""
    licence: str
    """Empty if unknown."""


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

    @property
    def key(self) -> str:
        """A hash of everything that shapes the sound of the utterance; not the path of a file."""
        voice = self.voice
        parts: list[str | int] = [self.text, voice.engine, voice.engine_version]
        parts += [self.file_sha256] if self.file else [voice.name, self.rate_wpm]
        content = json.dumps([environment.makers_hash(_MODULES, ("numpy",)), *parts])
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """A person's recording of an utterance."""

    path: str
    """The path with links resolved."""
    sha256: str
    """Of the content."""
    length_ms: int
    """Length without silence at both ends."""


class Engine(Protocol):
    """An object that can speak."""

    def speak(self, utterance: Utterance) -> Recording:
        """Speaks ``utterance``, in one attempt. Raises SpeechError if it cannot."""
