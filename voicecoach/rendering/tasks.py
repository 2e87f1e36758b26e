"""The units of work: utterances -> recordings, a bed -> its loop, a sound -> MP3, all in the cache.

Each can run in any process on any machine that shares the cache, and may run twice. The parent
process imports this module without doing the work, so numpy, pydub and the encoder are imported
where they are used.
"""

import functools
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import __version__, environment
from voicecoach.audio.signal import Recording
from voicecoach.cache import Cache
from voicecoach.environment import CACHE_VARIABLE
from voicecoach.errors import SpeechError, StorageError
from voicecoach.messages import Message
from voicecoach.rendering.job import BedSource, Sound
from voicecoach.speech.speaker import Utterance, Voice

if TYPE_CHECKING:
    from voicecoach.audio.bed import Loop


_LIBRARIES = (
    "numpy",
    "pydub",
    "lameenc",
    "soundfile",
    "soxr",
    "pyttsx3",
    "espeakng-loader",
    "piper-tts",
    "onnxruntime",
    "av",
)
_UTTERANCES, _UTTERANCES_OF_ONE_PROCESS = 8, 64
"""How many utterances make a unit of work: few, so that all processes have some, or many where one
process speaks all."""


def warm_up() -> None:
    """Imports what the units of work need."""
    from voicecoach.audio import mix
    from voicecoach.speech import engines

    del mix, engines


def what_sounds_depend_on() -> list[str]:
    """Versions that must be equal on all workers for a sound to have the same bytes."""
    return [__version__, *environment.installed_versions(*_LIBRARIES)]


def lack_of_worker(mark: Path, wanted: list[str]) -> str | None:
    """Why this process cannot do the work, or ``None``: it does not see ``mark``, a file of the
    cache, or has other versions than ``wanted``."""
    if not mark.exists():
        return (
            f"does not see the cache, {mark.parent.parent}; name a folder that all machines share"
            f" with {CACHE_VARIABLE}"
        )
    own = what_sounds_depend_on()
    other = [f"{has} (here: {want})" for has, want in zip(own, wanted, strict=True) if has != want]
    return f"has other versions: {', '.join(other)}; install the same everywhere" if other else None


def lack_of_voice(utterance: Utterance) -> str | None:
    """Why the voice of ``utterance`` cannot speak it here; ``None`` if it can."""
    from voicecoach.speech import engines

    try:
        for _ in engines.speak_all([utterance]):
            pass
    except SpeechError as error:
        return f"lacks the voice {utterance.voice.spec}: {error}"
    return None


def units(utterances: Sequence[Utterance]) -> Iterator[list[Utterance]]:
    """``utterances`` in units of work of one voice each; larger if one process speaks all."""
    by_voice: dict[Voice, list[Utterance]] = {}
    for utterance in utterances:
        by_voice.setdefault(utterance.voice, []).append(utterance)
    for voice, spoken in by_voice.items():
        size = _UTTERANCES_OF_ONE_PROCESS if voice.uses_all_cores else _UTTERANCES
        for first in range(0, len(spoken), size):
            yield spoken[first : first + size]


def record(utterances: Sequence[Utterance], cache: Cache) -> None:
    """Speaks ``utterances``, all of one voice, into ``cache``. Raises SpeechError, StorageError."""
    from voicecoach.audio import recordings
    from voicecoach.speech import engines

    for utterance, recording in zip(utterances, engines.speak_all(utterances), strict=True):
        file = BytesIO()
        recordings.write(recordings.levelled(recording), file)
        cache.write(cache.recording(utterance.key), file.getvalue())


def make_bed(source: BedSource, cache: Cache) -> None:
    """Makes the loop of ``source`` in ``cache``. Raises BedError, StorageError."""
    from voicecoach.audio import bed, bed_loops

    name = source.name
    loop = bed_loops.made(name) if source.is_built_in else bed_loops.from_file(Path(name))
    cache.write(cache.bed(source.key), bed.stored(loop))


def render(sound: Sound, cache: Cache) -> bytes | None:
    """Mixes and encodes ``sound`` into ``cache``; returns the MP3 if it could not be kept there.

    Raises StorageError if a recording or the bed is not in ``cache``.
    """
    from voicecoach.audio import mix

    keys, bed = sound.recording_keys, sound.setting.bed
    blocks = mix.mix(
        sound.timeline,
        lambda text: _recording(keys[text], cache),
        sound.setting.preset,
        None if bed is None else _loop(bed.key, cache),
    )
    encoded = mix.encode(blocks)
    return None if cache.keep(cache.audio(sound.key), encoded) else encoded


def _loop(key: str, cache: Cache) -> "Loop":
    from voicecoach.audio import bed

    return bed.opened(_content(cache.bed(key), cache))


@functools.lru_cache(maxsize=256)
def _recording(key: str, cache: Cache) -> Recording:
    """A recording from the cache; kept in memory, because sessions share most cues."""
    from voicecoach.audio import recordings

    path = cache.recording(key)
    return recordings.parse(_content(path, cache), name=str(path))


def _content(path: Path, cache: Cache) -> bytes:
    """The content of ``path``, which was complete before this unit was submitted."""
    data = cache.read(path)
    if data is None:
        raise StorageError(Message("errors.damaged_just_now", path=path))
    return data
