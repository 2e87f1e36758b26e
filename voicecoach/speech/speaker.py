"""A voice at a rate, and its recordings in the cache."""

from dataclasses import dataclass

from voicecoach.errors import SpeechError
from voicecoach.speech.recording import (
    WAV_HEADER_BYTES,
    Utterance,
    Voice,
    length_ms,
)
from voicecoach.store import Cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks a pack."""

    voice: Voice
    rate_wpm: int
    cache: Cache

    def utterance(self, text: str) -> Utterance:
        return Utterance(text=text, voice=self.voice, rate_wpm=self.rate_wpm)

    def is_recorded(self, text: str) -> bool:
        return self.cache.recording(self.utterance(text).key).exists()

    def length_ms(self, text: str) -> int:
        """How long the recording of ``text`` is, rounded up. Raises SpeechError if there is none.

        Answered from the size of the file, which is all that a build without changes can afford.
        """
        path = self.cache.recording(self.utterance(text).key)
        try:
            size = path.stat().st_size
        except OSError as error:
            raise SpeechError(f"{path}: the recording of {text!r} is gone: build again") from error
        return length_ms((size - WAV_HEADER_BYTES) // 2)
