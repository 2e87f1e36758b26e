"""What goes into an engine and what comes out."""

import hashlib
import json
from dataclasses import dataclass
from typing import Protocol

SAMPLE_RATE_HZ = 22_050
"""Rate of every recording: 16-bit samples, one channel."""

WAV_HEADER_BYTES = 44

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice that is known to be usable."""

    engine: str
    name: str
    engine_version: str
    """Whatever decides how the engine sounds, besides the voice."""

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

    @property
    def key(self) -> str:
        """A hash of all that decides how the utterance sounds."""
        parts = [_FORMAT, self.text, self.voice.engine, self.voice.engine_version, self.voice.name]
        return hashlib.sha256(json.dumps([*parts, self.rate_wpm]).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One utterance, spoken, without silence at either end."""

    samples: bytes
    """16-bit little-endian samples, one channel, at SAMPLE_RATE_HZ."""


def length_ms(sample_count: int) -> int:
    """How long ``sample_count`` samples last, rounded up to whole milliseconds."""
    return -(-sample_count * 1000 // SAMPLE_RATE_HZ)


class Engine(Protocol):
    """Something that can speak."""

    def speak(self, utterance: Utterance) -> Recording:
        """Speaks ``utterance``. Raises SpeechError where it cannot."""
