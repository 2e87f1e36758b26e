"""A planned week and its sounds -> every file of its pack, and the order they are put there in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from voicecoach import __version__, captions, effort, manifest, playlist, recipe
from voicecoach.errors import StorageError
from voicecoach.exercise import Prescription
from voicecoach.manifest import (
    COVER_FILE,
    PAGE_FILE,
    FileEntry,
    Manifest,
    PlaylistEntry,
    TrackEntry,
)
from voicecoach.planned_day import PlannedSession
from voicecoach.preset import NIGHT
from voicecoach.programme import Programme
from voicecoach.script import Say
from voicecoach.shelf import Digest, Shelf, digest_of
from voicecoach.sound import Sound
from voicecoach.speech.speaker import Speaker
from voicecoach.track import Cover, Page, PageDay, PageTrack, TrackTags
from voicecoach.week import PlannedPack, PlannedTrack, sources_of
from voicecoach.words import Translation
from voicecoach.workshop import Workshop

Made = Mapping[str, Digest]
"""What stands on the shelf, by file name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track that is to stand in a pack."""

    planned: PlannedTrack
    sound: Sound
    tags: TrackTags
    cover: Cover
    key: str
    """A hash of all that shapes its bytes."""


class Contents:
    """What is to stand on the shelf of a pack."""

    def __init__(
        self,
        pack: PlannedPack,
        sounds: Mapping[PlannedSession, Sound],
        programme: Programme,
        words: Translation,
        speaker: Speaker,
        workshop: Workshop,
    ) -> None:
        """``sounds`` has that of every session of ``pack``."""
        self._pack = pack
        self._programme = programme
        self._words = words
        self._speaker = speaker
        self._workshop = workshop
        self._cover = _cover(pack, words)
        self.tracks = [
            self._track(number, planned, sounds[planned.session])
            for number, planned in enumerate(pack.tracks, 1)
        ]

    def absent_from(self, shelf: Shelf) -> list[Sound]:
        """The sounds that have to be at hand to fill ``shelf``."""
        return [t.sound for t in self.tracks if not shelf.seems_to_hold(t.planned.file, t.key)]

    def put_on(self, shelf: Shelf) -> None:
        """Fills ``shelf``, unless all stands there already: tracks first, then what is worked out
        of them, the manifest last."""
        if self._stand_on(shelf):
            return
        with shelf.locked():
            made = {name: shelf.put_made(name, key, make) for name, key, make in self._made()}
            for name, data in self._written.items():
                shelf.put(name, data)
            page = self._page(made)
            made[PAGE_FILE] = shelf.put_made(PAGE_FILE, recipe.page_key(page), partial(_html, page))
            self._clear(shelf)
            shelf.put(manifest.FILE, self._manifest(made))

    def _stand_on(self, shelf: Shelf) -> bool:
        standing = {name: shelf.standing(name, key) for name, key, _ in self._made()}
        made = {name: digest for name, digest in standing.items() if digest is not None}
        if len(made) < len(standing):
            return False
        page = shelf.standing(PAGE_FILE, recipe.page_key(self._page(made)))
        if page is None:
            return False
        written = {**self._written, manifest.FILE: self._manifest({**made, PAGE_FILE: page})}
        return all(shelf.holds(name, data) for name, data in written.items())

    def _made(self) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
        """Name, key and maker of every file that is slow to make."""
        for track in self.tracks:
            yield track.planned.file, track.key, partial(self._track_bytes, track)
        yield COVER_FILE, recipe.cover_key(self._cover), partial(_folder_cover, self._cover)

    @cached_property
    def _written(self) -> dict[str, bytes]:
        """Every file that is quick to make, by name: what is said in each track, the playlists."""
        files = {}
        for track in self.tracks:
            stem, timeline, tags = track.planned.stem, track.sound.timeline, track.tags
            files[f"{stem}.vtt"] = captions.web_vtt(timeline, self._words.language)
            files[f"{stem}.lrc"] = captions.lyrics(
                timeline,
                title=tags.title,
                artist=tags.artist,
                album=tags.album,
                language=self._words.language,
            )
        entries = {track.planned.file: _entry(track) for track in self.tracks}
        for planned in self._pack.playlists:
            files[planned.file] = playlist.write(planned.title, [entries[f] for f in planned.files])
        return files

    def _track(self, number: int, planned: PlannedTrack, sound: Sound) -> Track:
        timeline = sound.timeline
        spoken = [event.sound.text for event in timeline.events if isinstance(event.sound, Say)]
        tags = TrackTags(
            title=planned.title,
            album=self._pack.album,
            artist=self._words.artist,
            number=number,
            total=len(self._pack.tracks),
            week=self._pack.week,
            language_tag=self._words.language_tag,
            year=self._programme.edition,
            lyrics="\n".join(spoken),
            source_label=self._words.labels.source,
            source="; ".join(sources_of(planned.session, self._programme)),
            chapters=timeline.chapters,
        )
        key = recipe.track_key(sound.key, tags, self._cover)
        return Track(planned=planned, sound=sound, tags=tags, cover=self._cover, key=key)

    def _track_bytes(self, track: Track) -> bytes:
        from voicecoach import cover, tags  # Pillow, mutagen: slow to import, and seldom needed

        cache = self._speaker.cache
        for _ in self._workshop.render([track.sound], cache):
            pass
        path = cache.audio(track.sound.key)
        try:
            sound_bytes = path.read_bytes()
        except OSError as error:
            raise StorageError(f"{path}: cannot be read: {error.strerror}; build again") from error
        return tags.render(track.tags, cover.draw(track.cover, cover.EMBEDDED_PX)) + sound_bytes

    def _page(self, made: Made) -> Page:
        return Page(
            language=self._words.language,
            title=self._pack.album,
            artist=self._words.artist,
            week=self._pack.week,
            cover=COVER_FILE,
            safety=self._safety,
            tracks=tuple(
                PageTrack(
                    file=track.planned.file,
                    sha256=made[track.planned.file].sha256,
                    title=track.planned.title,
                    days=track.planned.days,
                    timeline=track.sound.timeline,
                )
                for track in self.tracks
            ),
            days=tuple(
                PageDay(day=playlist.day, title=playlist.title, files=playlist.files)
                for playlist in self._pack.playlists
                if playlist.day is not None
            ),
        )

    @property
    def _safety(self) -> tuple[str, ...]:
        """When to stop and when to call, in paragraphs."""
        talk = self._programme.safety
        return () if talk is None else self._words.talks[talk].text

    def _manifest(self, made: Made) -> bytes:
        tracks = {track.planned.file for track in self.tracks}
        others = {name: digest for name, digest in made.items() if name not in tracks}
        others |= {name: digest_of(data) for name, data in self._written.items()}
        listed = Manifest(
            programme=self._programme.name,
            edition=self._programme.edition,
            language=self._words.language,
            title=self._pack.album,
            artist=self._words.artist,
            voice=self._speaker.voice.spec,
            week=self._pack.week,
            night=self.tracks[0].sound.setting.preset is NIGHT,
            version=__version__,
            tracks=tuple(_listing(track, made[track.planned.file]) for track in self.tracks),
            playlists=tuple(
                PlaylistEntry(file=planned.file, title=planned.title, tracks=planned.files)
                for planned in self._pack.playlists
            ),
            files=tuple(
                FileEntry(file=name, bytes=digest.bytes, sha256=digest.sha256)
                for name, digest in others.items()
            ),
        )
        return manifest.write(listed)

    def _clear(self, shelf: Shelf) -> None:
        """Removes what an earlier build wrote and this one does not have."""
        wanted = {track.planned.file for track in self.tracks} | set(self._written)
        for name, sha256 in manifest.files_written(shelf.folder).items():
            if name not in wanted:
                shelf.remove(name, sha256)


def _cover(pack: PlannedPack, words: Translation) -> Cover:
    doses = [
        part.dose
        for track in pack.tracks
        for part in track.session.parts
        if isinstance(part, Prescription)
    ]
    return Cover(
        week=pack.week,
        week_label=words.labels.week.format(week=pack.week),
        title=words.title,
        phase_number=pack.phase_number,
        figure=effort.figure(effort.main_dose(doses)),
    )


def _folder_cover(picture: Cover) -> bytes:
    from voicecoach import cover  # Pillow: as above

    return cover.draw(picture, cover.FOLDER_PX)


def _html(content: Page) -> bytes:
    from voicecoach import page  # Jinja: as above

    return page.html_page(content)


def _listing(track: Track, digest: Digest) -> TrackEntry:
    """The track as the manifest lists it."""
    timeline = track.sound.timeline
    return TrackEntry(
        file=track.planned.file,
        title=track.planned.title,
        session=track.planned.session.id,
        guidance=track.planned.session.guidance,
        days=track.planned.days,
        duration_ms=timeline.duration_ms,
        bytes=digest.bytes,
        sha256=digest.sha256,
        voices=track.sound.voices,
        chapters=timeline.chapters,
    )


def _entry(track: Track) -> playlist.Entry:
    return playlist.Entry(
        file=track.planned.file,
        title=track.planned.title,
        duration_ms=track.sound.timeline.duration_ms,
    )
