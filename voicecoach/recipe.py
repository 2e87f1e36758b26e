"""Hashes of everything that shapes a sound or a file: equal hash, equal bytes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from voicecoach import versions
from voicecoach.preset import Preset
from voicecoach.script import Say, Tone
from voicecoach.timeline import Event, Timeline
from voicecoach.track import Cover, Page, PageTrack, TrackTags

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
_TAG_SOURCES = ("tags.py", "cover.py", "drawing.py")
_TAG_LIBRARIES = ("mutagen", "pillow")
_PAGE_SOURCES = (
    "page.py",
    "page_words.py",
    "templating.py",
    "track.py",
    "moments.py",
    *(f"templates/page{part}" for part in (".html", ".css", ".js", "_memory.js", "_moments.js")),
    "templates/page_picture.js",
)
_PAGE_LIBRARIES = ("jinja2",)


def audio_key(
    timeline: Timeline, recording_keys: Mapping[str, str], preset: Preset, bed: str | None
) -> str:
    """The hash of the encoded sound of ``timeline``; ``recording_keys`` by utterance text, ``bed``
    the key of the loop under it."""
    events = [_event(event, recording_keys) for event in timeline.events]
    makers = versions.makers(_SOUND_SOURCES, _SOUND_LIBRARIES)
    return _hash([makers, preset, bed, timeline.duration_ms, events])


def bed_key(origin: str) -> str:
    """The hash of a bed's loop; ``origin`` is its name, or a hash of its file."""
    return _hash([versions.makers(_BED_SOURCES, _BED_LIBRARIES), origin])


def track_key(audio: str, tags: TrackTags, cover: Cover) -> str:
    """The hash of a tagged track: the key of its ``audio`` and what a player shows."""
    return _hash([versions.makers(_TAG_SOURCES, _TAG_LIBRARIES), audio, tags, cover])


def cover_key(cover: Cover) -> str:
    """The hash of a cover picture."""
    return _hash([versions.makers(_TAG_SOURCES, _TAG_LIBRARIES), cover])


def page_key(page: Page) -> str:
    """The hash of a pack's page."""
    parts = {f.name: getattr(page, f.name) for f in fields(page) if f.name != "tracks"}
    tracks = [_page_track(track) for track in page.tracks]
    return _hash([versions.makers(_PAGE_SOURCES, _PAGE_LIBRARIES), parts, tracks])


def _page_track(track: PageTrack) -> list[object]:
    timeline = track.timeline
    return [
        track.file,
        track.sha256,
        track.title,
        track.days,
        timeline.duration_ms,
        timeline.blocks,
        timeline.chapters,
        [_shown(event) for event in timeline.events],
    ]


def _shown(event: Event) -> list[object]:
    sound, where = event.sound, event.sound.where
    words = sound.text if isinstance(sound, Say) else None
    place = [where.block, where.set_number, where.rep]
    return [event.start_ms, event.end_ms, sound.cue, words, place]


def _event(event: Event, recording_keys: Mapping[str, str]) -> list[object]:
    match event.sound:
        case Say(text=text):
            return [event.start_ms, event.end_ms, "speech", recording_keys[text]]
        case Tone(cue=cue, length_ms=length_ms):
            return [event.start_ms, event.end_ms, cue, length_ms]


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, default=_by_field).encode()).hexdigest()


def _by_field(value: Any) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
