"""The engines of this process."""

import functools

from voicecoach.speech import espeak_voices
from voicecoach.speech.espeak import EspeakEngine
from voicecoach.speech.recording import Engine

_ENGINES = {espeak_voices.NAME: EspeakEngine}


@functools.cache
def engine_of(name: str) -> Engine:
    """The engine ``name``, started when first used. A Voice names none that is not here."""
    return _ENGINES[name]()
