"""Hashes of everything that shapes a sound: equal hash, equal bytes."""

from collections.abc import Mapping

from voicecoach import environment
from voicecoach.audio.signal import Preset
from voicecoach.script.script import Say, Tone
from voicecoach.script.timeline import Event, Timeline

_SOUND_SOURCES = (
    "audio/signal.py",
    "audio/loudness.py",
    "audio/dynamics.py",
    "audio/tones.py",
    "audio/bed.py",
    "audio/mix.py",
    "sound.py",
    "audio/encode.py",
)
_SOUND_LIBRARIES = ("numpy", "pydub", "lameenc")
_BED_SOURCES = (
    "audio/signal.py",
    "audio/loudness.py",
    "audio/dynamics.py",
    "audio/bed.py",
    "audio/bed_loops.py",
    "audio/decode.py",
)
_BED_LIBRARIES = ("numpy", "soundfile", "soxr")


def audio_key(
    timeline: Timeline, recording_keys: Mapping[str, str], preset: Preset, bed: str | None
) -> str:
    """The hash of the encoded sound of ``timeline``; ``recording_keys`` by utterance text, ``bed``
    the key of the loop under it."""
    events = [_event(event, recording_keys) for event in timeline.events]
    makers = environment.makers_hash(_SOUND_SOURCES, _SOUND_LIBRARIES)
    return environment.key_of([makers, preset, bed, timeline.duration_ms, events])


def bed_key(origin: str) -> str:
    """The hash of a bed's loop; ``origin`` is its name, or a hash of its file."""
    return environment.key_of([environment.makers_hash(_BED_SOURCES, _BED_LIBRARIES), origin])


def _event(event: Event, recording_keys: Mapping[str, str]) -> list[object]:
    match event.sound:
        case Say(text=text):
            return [event.start_ms, event.end_ms, "speech", recording_keys[text]]
        case Tone(cue=cue, length_ms=length_ms):
            return [event.start_ms, event.end_ms, cue, length_ms]
