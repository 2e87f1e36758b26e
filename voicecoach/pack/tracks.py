"""The inputs of packs, and tracks as the page, manifest and playlists of their pack list them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicecoach import __version__
from voicecoach.audio.signal import NIGHT
from voicecoach.cache import Cache
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Translation
from voicecoach.files import Digest
from voicecoach.pack import sidecars
from voicecoach.pack.greeting import Greeting
from voicecoach.pack.layout import PlannedPack, PlannedTrack
from voicecoach.pack.manifest import COVER_FILE, FileEntry, Manifest, PlaylistEntry, TrackEntry
from voicecoach.pack.views import Cover, Page, PageDay, PageTrack, TrackTags
from voicecoach.rendering.job import PLAIN_DAY, Setting, Sound
from voicecoach.speech.speaker import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """A programme in a language, its speaker and sound settings, and the client's greeting."""

    programme: Programme
    words: Translation
    speaker: Speaker
    setting: Setting = PLAIN_DAY
    greeting: Greeting | None = None


Made = Mapping[str, Digest]
"""Digests of the files in the folder of a pack, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track of a pack to be built."""

    planned: PlannedTrack
    sound: Sound
    tags: TrackTags
    cover: Cover
    key: str
    """A hash of everything that shapes its bytes."""
    own_cache: Cache | None
    """The client's own cache, with the track's sound, if the track holds anything personal."""


def page_of(pack: PlannedPack, tracks: Sequence[Track], production: Production, made: Made) -> Page:
    """The content of ``pack``'s page; ``made`` must have every track."""
    programme, words = production.programme, production.words
    return Page(
        language=words.language,
        title=pack.album,
        artist=words.artist,
        week=pack.week,
        cover=COVER_FILE,
        safety=() if programme.safety is None else words.talks[programme.safety].text,
        tracks=tuple(
            PageTrack(
                file=track.planned.file,
                sha256=made[track.planned.file].sha256,
                title=track.planned.title,
                days=track.planned.days,
                timeline=track.sound.timeline,
            )
            for track in tracks
        ),
        days=tuple(
            PageDay(day=playlist.day, title=playlist.title, files=playlist.files)
            for playlist in pack.playlists
            if playlist.day is not None
        ),
    )


def manifest_of(
    pack: PlannedPack, tracks: Sequence[Track], production: Production, made: Made
) -> Manifest:
    """The manifest of ``pack``; ``made`` must have every file except pack.json."""
    names = {track.planned.file for track in tracks}
    return Manifest(
        programme=production.programme.name,
        edition=production.programme.edition,
        language=production.words.language,
        title=pack.album,
        artist=production.words.artist,
        voice=production.speaker.voice.spec,
        week=pack.week,
        night=production.setting.preset is NIGHT,
        version=__version__,
        tracks=tuple(_listing(track, made[track.planned.file]) for track in tracks),
        playlists=tuple(
            PlaylistEntry(file=planned.file, title=planned.title, tracks=planned.files)
            for planned in pack.playlists
        ),
        files=tuple(
            FileEntry(file=name, bytes=digest.bytes, sha256=digest.sha256)
            for name, digest in made.items()
            if name not in names
        ),
    )


def playlists_of(pack: PlannedPack, tracks: Sequence[Track]) -> dict[str, bytes]:
    """The playlists of ``pack``, by file name."""
    entries = {
        track.planned.file: sidecars.Entry(
            file=track.planned.file,
            title=track.planned.title,
            duration_ms=track.sound.timeline.duration_ms,
        )
        for track in tracks
    }
    return {
        planned.file: sidecars.m3u8(planned.title, [entries[file] for file in planned.files])
        for planned in pack.playlists
    }


def _listing(track: Track, digest: Digest) -> TrackEntry:
    timeline = track.sound.timeline
    return TrackEntry(
        file=track.planned.file,
        title=track.planned.title,
        session=track.planned.session.id,
        kind=track.planned.session.kind,
        guidance=track.planned.session.guidance,
        days=track.planned.days,
        duration_ms=timeline.duration_ms,
        bytes=digest.bytes,
        sha256=digest.sha256,
        voices=track.sound.voices,
        chapters=timeline.chapters,
    )
