"""The inputs of packs, and tracks as the page, manifest and playlists of their pack list them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecoach import __version__, messages
from voicecoach.audio.signal import NIGHT
from voicecoach.cache import Cache
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.files import Digest
from voicecoach.pack import sidecars, verdict
from voicecoach.pack.greeting import Greeting
from voicecoach.pack.layout import PlannedPack, PlannedTrack, folder_name
from voicecoach.pack.manifest import (
    COVER_FILE,
    BuildOptions,
    DayEntry,
    FileEntry,
    Manifest,
    PlaylistEntry,
    TrackEntry,
)
from voicecoach.pack.views import Cover, Page, PageDay, PageTrack, TrackTags
from voicecoach.planning.plan import last_week
from voicecoach.planning.wording import prescribed_by
from voicecoach.rendering import job
from voicecoach.rendering.job import PLAIN_DAY, BedSource, Setting, Sound
from voicecoach.speech.speaker import Speaker
from voicecoach.speech.voices import name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The options that packs are asked to be made with. Those that name files also say where these
    are, which no pack does."""

    voices: tuple[str, ...]
    guidance: Guidance | None
    bed: BedSource | None
    content: Path | None
    """The folder of a programme that is not built in."""

    @property
    def options(self) -> BuildOptions:
        """What a pack says of them."""
        return BuildOptions(
            voices=tuple(map(name_of, self.voices)),
            guidance=self.guidance or "",
            bed=job.name_of(self.bed),
            is_built_in=self.content is None,
        )

    def paths(self, programme: Programme) -> dict[str, Path]:
        """Where the files are, by the names that a pack of ``programme`` gives them."""
        specs = {name_of(spec): spec for spec in self.voices}
        found = {n: Path(spec.partition(":")[2]) for n, spec in specs.items() if n != spec}
        if self.content is not None:
            found[programme.name] = self.content
        if self.bed is not None and not self.bed.is_built_in:
            found[self.bed.key] = Path(self.bed.name)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """A programme in a language, its speaker and sound settings, and the client's greeting."""

    programme: Programme
    words: Translation
    speaker: Speaker
    setting: Setting = PLAIN_DAY
    greeting: Greeting | None = None
    options: BuildOptions
    plan_key: str
    """The user's secret key of all digests of planned sessions."""


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
        prescribed=prescribed_by(
            (each for day in pack.days for each in day.prescribed), messages.words(words.language)
        ),
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
        next_week=f"../{folder_name(pack.week + 1)}" if pack.week < last_week(programme) else "",
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
        options=production.options,
        days=tuple(
            DayEntry(day=day.day, plan=verdict.digest_of_day(day, production.plan_key))
            for day in pack.days
        ),
        tracks=tuple(
            _listing(track, made[track.planned.file], production.plan_key) for track in tracks
        ),
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


def _listing(track: Track, digest: Digest, plan_key: str) -> TrackEntry:
    timeline, session = track.sound.timeline, track.planned.session
    return TrackEntry(
        file=track.planned.file,
        title=track.planned.title,
        session=session.id,
        kind=session.kind,
        guidance=session.guidance,
        days=track.planned.days,
        duration_ms=timeline.duration_ms,
        bytes=digest.bytes,
        sha256=digest.sha256,
        voices=track.sound.voices,
        chapters=timeline.chapters,
        asks=verdict.digest_of_session(session, plan_key),
    )
