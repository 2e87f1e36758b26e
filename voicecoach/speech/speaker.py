"""A voice, and its recordings in the cache."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voicecoach import store
from voicecoach.errors import SpeechError
from voicecoach.script import Script
from voicecoach.speech.pronunciation import respelt
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
    respellings: Mapping[str, str]
    """How words that the voice says badly are to be spelt."""
    cache: Cache

    def utterance(self, text: str, rate_wpm: int) -> Utterance:
        """``text`` as this speaker says it."""
        spelt = respelt(text, self.respellings)
        return Utterance(text=spelt, voice=self.voice, rate_wpm=rate_wpm)

    def missing(self, scripts: Iterable[Script]) -> list[Utterance]:
        """The utterances of ``scripts`` that the cache does not have, each once."""
        utterances = (u for script in scripts for u in self._utterances(script).values())
        return [u for u in dict.fromkeys(utterances) if not self._is_recorded(u.key)]

    def recorded(self, script: Script) -> dict[str, Recorded]:
        """Key and length of the recording of each text of ``script``.

        Raises SpeechError where one is missing. Answered from the sizes of the files, which is
        all that a build without changes can afford.
        """
        return {text: self._recorded(u) for text, u in self._utterances(script).items()}

    def _utterances(self, script: Script) -> dict[str, Utterance]:
        """The texts of ``script`` as this speaker says them."""
        return {text: self.utterance(text, script.rate_wpm) for text in script.texts}

    def _is_recorded(self, key: str) -> bool:
        return (store.size_of(self.cache.recording(key)) or 0) > WAV_HEADER_BYTES

    def _recorded(self, utterance: Utterance) -> Recorded:
        key = utterance.key
        path = self.cache.recording(key)
        size = store.size_of(path)
        if size is None:
            raise SpeechError(f"{path}: the recording of {utterance.text!r} is gone: build again")
        return Recorded(key=key, length_ms=length_ms((size - WAV_HEADER_BYTES) // 2))
