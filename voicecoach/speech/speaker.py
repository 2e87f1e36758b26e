"""A voice at a rate, and its recordings in the cache."""

from collections.abc import Iterable
from dataclasses import dataclass

from voicecoach import store
from voicecoach.errors import SpeechError
from voicecoach.speech.recording import (
    WAV_HEADER_BYTES,
    Utterance,
    Voice,
    length_ms,
)
from voicecoach.store import Cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A recording in the cache."""

    key: str
    length_ms: int
    """Rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks a pack."""

    voice: Voice
    rate_wpm: int
    cache: Cache

    def utterance(self, text: str) -> Utterance:
        """``text`` as this speaker says it."""
        return Utterance(text=text, voice=self.voice, rate_wpm=self.rate_wpm)

    def missing(self, texts: Iterable[str]) -> list[Utterance]:
        """The utterances of ``texts`` that the cache does not have."""
        utterances = map(self.utterance, texts)
        return [u for u in utterances if not self._is_recorded(u.key)]

    def recorded(self, texts: Iterable[str]) -> dict[str, Recorded]:
        """Key and length of the recording of each of ``texts``.

        Raises SpeechError where one is missing. Answered from the sizes of the files, which is
        all that a build without changes can afford.
        """
        return {text: self._recorded(text) for text in texts}

    def _is_recorded(self, key: str) -> bool:
        return (store.size_of(self.cache.recording(key)) or 0) > WAV_HEADER_BYTES

    def _recorded(self, text: str) -> Recorded:
        key = self.utterance(text).key
        path = self.cache.recording(key)
        size = store.size_of(path)
        if size is None:
            raise SpeechError(f"{path}: the recording of {text!r} is gone: build again")
        return Recorded(key=key, length_ms=length_ms((size - WAV_HEADER_BYTES) // 2))
