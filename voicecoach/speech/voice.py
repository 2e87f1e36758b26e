"""Voices, what they are asked to say, and what a list of voices shows."""

import hashlib
import json
from dataclasses import dataclass
from typing import Protocol

from voicecoach import environment
from voicecoach.audio.signal import Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A voice that can be used here, or could be after it was installed."""

    voice: str
    """As the command line writes it."""
    language: str
    title: str
    """Who or what speaks, for a person."""
    quality: str
    """In the words of whoever made it; empty where nobody says."""
    is_installed: bool
    size_bytes: int | None
    """Of its files; ``None`` where it has none of its own, or nobody says."""
    licence: str
    """Empty where nobody says."""


_MODULES = ("audio.dynamics", "audio.wav", "speech.engines")
"""What happens to every recording before it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice that is known to be usable."""

    engine: str
    name: str
    engine_version: str
    """Whatever decides how the engine sounds, besides the voice."""
    uses_all_cores: bool = False
    """Whether one process of the engine keeps the whole machine at work."""

    @property
    def spec(self) -> str:
        """The voice as the command line writes it: ``ENGINE:NAME``."""
        return f"{self.engine}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Something to be said in one go."""

    text: str
    voice: Voice
    rate_wpm: int
    """Speaking rate in words a minute."""
    file: str = ""
    """Where a person spoke it; empty where an engine is to speak it."""
    file_sha256: str = ""

    @property
    def key(self) -> str:
        """A hash of all that decides how the utterance sounds, which is not where a file lies."""
        voice = self.voice
        parts: list[str | int] = [self.text, voice.engine, voice.engine_version]
        parts += [self.file_sha256] if self.file else [voice.name, self.rate_wpm]
        content = json.dumps([environment.makers_hash(_MODULES, ("numpy",)), *parts])
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """A file in which a person says an utterance."""

    path: str
    """Where it really is, links followed."""
    sha256: str
    """Of its content."""
    length_ms: int
    """Without silence at both ends."""


class Engine(Protocol):
    """Something that can speak."""

    def speak(self, utterance: Utterance) -> Recording:
        """Speaks ``utterance``, once. Raises SpeechError where it cannot."""
