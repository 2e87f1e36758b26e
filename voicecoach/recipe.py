"""Hashes of everything that shapes a sound or a file: equal hash, equal bytes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from voicecoach import versions
from voicecoach.preset import Preset
from voicecoach.script import Say, Tone
from voicecoach.timeline import Event, Timeline
from voicecoach.track import Cover, TrackTags

_SOUND_SOURCES = (
    "pcm.py",
    "loudness.py",
    "limiter.py",
    "tones.py",
    "bed.py",
    "mix.py",
    "sound.py",
    "encode.py",
)
_SOUND_LIBRARIES = ("numpy", "pydub", "lameenc")
_BED_SOURCES = ("pcm.py", "loudness.py", "limiter.py", "bed.py", "bed_loops.py", "sound_file.py")
_BED_LIBRARIES = ("numpy", "soundfile", "soxr")
_TAG_SOURCES = ("tags.py", "cover.py")
_TAG_LIBRARIES = ("mutagen", "pillow")


def audio_key(
    timeline: Timeline, recording_keys: Mapping[str, str], preset: Preset, bed: str | None
) -> str:
    """The hash of the encoded sound of ``timeline``; ``recording_keys`` by utterance text, ``bed``
    the key of the loop under it."""
    events = [_event(event, recording_keys) for event in timeline.events]
    makers = versions.makers(_SOUND_SOURCES, _SOUND_LIBRARIES)
    return _hash([makers, asdict(preset), bed, timeline.duration_ms, events])


def bed_key(origin: str) -> str:
    """The hash of a bed's loop; ``origin`` is its name, or a hash of its file."""
    return _hash([versions.makers(_BED_SOURCES, _BED_LIBRARIES), origin])


def track_key(audio: str, tags: TrackTags, cover: Cover) -> str:
    """The hash of a tagged track: the key of its ``audio`` and what a player shows."""
    return _hash(
        [versions.makers(_TAG_SOURCES, _TAG_LIBRARIES), audio, asdict(tags), asdict(cover)]
    )


def cover_key(cover: Cover) -> str:
    """The hash of a cover picture."""
    return _hash([versions.makers(_TAG_SOURCES, _TAG_LIBRARIES), asdict(cover)])


def _event(event: Event, recording_keys: Mapping[str, str]) -> list[object]:
    match event.sound:
        case Say(text=text):
            return [event.start_ms, event.end_ms, "speech", recording_keys[text]]
        case Tone(cue=cue, length_ms=length_ms):
            return [event.start_ms, event.end_ms, cue, length_ms]


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
