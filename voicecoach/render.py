"""The units of work: utterances -> recordings, a timeline -> encoded sound, both in the cache.

Each can run in any process on any machine that shares the cache, and may run twice. Whoever hands
out the work imports this module and never does it: so numpy, pydub and the encoder are imported
where they are used.
"""

import functools
from collections.abc import Sequence
from io import BytesIO

from voicecoach import store
from voicecoach.speech.recording import Recording, Utterance
from voicecoach.store import Cache
from voicecoach.timeline import Timeline


def warm_up() -> None:
    """Imports what the units of work need."""
    from voicecoach import encode, mix
    from voicecoach.speech import engines

    del encode, mix, engines


def record(utterances: Sequence[Utterance], cache: Cache) -> None:
    """Speaks ``utterances`` into ``cache``. Raises SpeechError, StorageError."""
    from voicecoach.speech import engines, wav

    for utterance in utterances:
        recording = engines.engine_of(utterance.voice.engine).speak(utterance)
        file = BytesIO()
        wav.write(recording, file)
        store.write_whole(cache.recording(utterance.key), file.getvalue())


def render(timeline: Timeline, recording_keys: dict[str, str], key: str, cache: Cache) -> None:
    """Mixes and encodes ``timeline`` into ``cache`` under ``key``.

    ``recording_keys`` has the key of the recording of each of its utterances, by text. Raises
    SpeechError where a recording cannot be read, StorageError.
    """
    from voicecoach import encode, mix

    blocks = mix.mix(timeline, lambda text: _recording(recording_keys[text], cache))
    store.write_whole(cache.audio(key), encode.encode(blocks))


@functools.lru_cache(maxsize=256)
def _recording(key: str, cache: Cache) -> Recording:
    """A recording of the cache; the same cues come back in every session."""
    from voicecoach.speech import wav

    return wav.read(cache.recording(key))
