"""Hashes of everything that shapes a file of a pack: equal hash, equal bytes."""

from dataclasses import fields

from voicecoach import environment
from voicecoach.script.script import Say
from voicecoach.script.timeline import Event
from voicecoach.track import Cover, Page, PageTrack, TrackTags

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


def track_key(audio: str, tags: TrackTags, cover: Cover) -> str:
    """The hash of a tagged track: the key of its ``audio`` and what a player shows."""
    return environment.key_of(
        [environment.makers_hash(_TAG_SOURCES, _TAG_LIBRARIES), audio, tags, cover]
    )


def cover_key(cover: Cover) -> str:
    """The hash of a cover picture."""
    return environment.key_of([environment.makers_hash(_TAG_SOURCES, _TAG_LIBRARIES), cover])


def page_key(page: Page) -> str:
    """The hash of a pack's page."""
    parts = {f.name: getattr(page, f.name) for f in fields(page) if f.name != "tracks"}
    tracks = [_page_track(track) for track in page.tracks]
    return environment.key_of(
        [environment.makers_hash(_PAGE_SOURCES, _PAGE_LIBRARIES), parts, tracks]
    )


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
