"""Hashes of everything that shapes a sound or a file: equal hash, equal bytes."""

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from voicecoach import versions
from voicecoach.script import Say, Tone
from voicecoach.timeline import Event, Timeline
from voicecoach.track import Cover, TrackTags

_SOUND_SOURCES = ("tones.py", "mix.py", "sound.py", "encode.py")
_SOUND_LIBRARIES = ("numpy", "pydub", "lameenc")
_TAG_SOURCES = ("tags.py", "cover.py")
_TAG_LIBRARIES = ("mutagen", "pillow")


def audio_key(timeline: Timeline, recording_keys: Mapping[str, str]) -> str:
    """The hash of the encoded sound of ``timeline``; ``recording_keys`` by utterance text."""
    events = [_event(event, recording_keys) for event in timeline.events]
    return _hash([_makers(_SOUND_SOURCES, _SOUND_LIBRARIES), timeline.duration_ms, events])


def track_key(audio: str, tags: TrackTags, cover: Cover) -> str:
    """The hash of a tagged track: the key of its ``audio`` and what a player shows."""
    return _hash([_makers(_TAG_SOURCES, _TAG_LIBRARIES), audio, asdict(tags), asdict(cover)])


def cover_key(cover: Cover) -> str:
    """The hash of a cover picture."""
    return _hash([_makers(_TAG_SOURCES, _TAG_LIBRARIES), asdict(cover)])


def _event(event: Event, recording_keys: Mapping[str, str]) -> list[object]:
    match event.sound:
        case Say(text=text):
            return [event.start_ms, event.end_ms, "speech", recording_keys[text]]
        case Tone(cue=cue, length_ms=length_ms):
            return [event.start_ms, event.end_ms, cue, length_ms]


@functools.cache
def _makers(sources: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """Code and libraries that make the bytes: a change in either must not find old bytes."""
    here = Path(__file__).parent
    code = [hashlib.sha256((here / name).read_bytes()).hexdigest() for name in sources]
    return _hash([code, versions.installed(*libraries)])


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
