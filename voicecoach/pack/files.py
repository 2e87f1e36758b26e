"""A planned week and its sounds -> the files of its pack, in the order of writing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from voicecoach.cache import Cache
from voicecoach.content.exercise import Prescription
from voicecoach.content.translation import Translation
from voicecoach.files import Digest, digest_of
from voicecoach.pack import manifest, sidecars, views
from voicecoach.pack.folder import PackFolder
from voicecoach.pack.greeting import SESSION, with_greeting
from voicecoach.pack.layout import PlannedPack, PlannedTrack, sources_of
from voicecoach.pack.manifest import COVER_FILE, PAGE_FILE
from voicecoach.pack.tracks import Made, Production, Track, manifest_of, page_of, playlists_of
from voicecoach.pack.views import Cover, Page, TrackTags
from voicecoach.planning.planned import PlannedSession
from voicecoach.rendering.job import Sound
from voicecoach.script import curves
from voicecoach.script.script import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class _MadeFile:
    """A file that is slow to make, so is looked up by a key."""

    name: str
    key: str
    """A hash of everything that shapes its bytes."""
    make: Callable[[], bytes]
    notes: Cache | None = None
    """The client's own cache, if the file holds anything personal."""


class PackFiles:
    """The files of a pack. Renders nothing: all sounds must be in the cache before
    :meth:`put_in`."""

    def __init__(
        self,
        pack: PlannedPack,
        sounds: Mapping[PlannedSession, Sound],
        production: Production,
        encoded: Callable[[Sound, Cache], bytes],
    ) -> None:
        """``sounds`` has the sound of every session of ``pack``. ``encoded`` returns the MP3 of a
        sound that was rendered into a cache."""
        self._production = production
        self._words = production.words
        self._greeting = production.greeting
        self._pack = with_greeting(pack, self._greeting)
        self._encoded = encoded
        self._cover = _cover(pack, self._words)
        self._total = len(pack.tracks)
        if self._greeting is not None:
            sounds = {**sounds, SESSION: self._greeting.sound}
        # a greeting gets number 0, so that it renumbers no track
        first = 1 + self._total - len(self._pack.tracks)
        self.tracks = [
            self._track(number, planned, sounds[planned.session])
            for number, planned in enumerate(self._pack.tracks, first)
        ]

    def missing_from(self, folder: PackFolder) -> list[Sound]:
        """The sounds of tracks missing from ``folder``, except the greeting."""
        return [
            track.sound
            for track in self.tracks
            if track.own_cache is None
            and folder.digest_if_current(track.planned.file, track.key) is None
        ]

    def put_in(self, folder: PackFolder) -> None:
        """Writes the files that ``folder`` lacks: tracks first, then the files that list them, the
        manifest last, so that whatever is listed exists."""
        if self._is_complete(folder):
            return
        with folder.locked():  # checked again: another build may have come first
            made = {file.name: _put(file, folder) for file in self._made_files()}
            for name, data in self._quick_files.items():
                folder.put(name, data)
            page = self._page_file(made)
            made[page.name] = _put(page, folder)
            self._clear(folder)
            folder.put(manifest.FILE, self._manifest(made))

    def _is_complete(self, folder: PackFolder) -> bool:
        made: dict[str, Digest] = {}
        for file in self._made_files():
            digest = folder.digest_if_current(file.name, file.key, file.notes)
            if digest is None:
                return False
            made[file.name] = digest
        page = self._page_file(made)
        digest = folder.digest_if_current(page.name, page.key, page.notes)
        if digest is None:
            return False
        quick = {**self._quick_files, manifest.FILE: self._manifest({**made, page.name: digest})}
        return all(folder.holds(name, data) for name, data in quick.items())

    def _made_files(self) -> Iterator[_MadeFile]:
        """The files that are slow to make, except the page, which depends on them."""
        for track in self.tracks:
            yield _MadeFile(
                name=track.planned.file,
                key=track.key,
                make=partial(self._track_bytes, track),
                notes=track.own_cache,
            )
        key = views.cover_key(self._cover)
        yield _MadeFile(name=COVER_FILE, key=key, make=partial(_folder_cover, self._cover))

    def _page_file(self, made: Made) -> _MadeFile:
        page = page_of(self._pack, self.tracks, self._production, made)
        return _MadeFile(
            name=PAGE_FILE,
            key=views.page_key(page),
            make=partial(_html, page),
            notes=self._notes_on_page(page),
        )

    def _notes_on_page(self, page: Page) -> Cache | None:
        """Where it is noted which page is made; a page that no other client can have is shared
        with none."""
        if self._greeting is not None:
            return self._greeting.own
        return self._production.speaker.cache if page.prescribed else None

    @cached_property
    def _quick_files(self) -> dict[str, bytes]:
        """The files that are quick to make, by name: captions, lyrics and playlists."""
        files = {}
        for track in self.tracks:
            stem, timeline, tags = track.planned.stem, track.sound.timeline, track.tags
            files[f"{stem}.vtt"] = sidecars.web_vtt(timeline, self._words.language)
            files[f"{stem}.lrc"] = sidecars.lyrics(
                timeline,
                title=tags.title,
                artist=tags.artist,
                album=tags.album,
                language=self._words.language,
            )
        return {**files, **playlists_of(self._pack, self.tracks)}

    def _track(self, number: int, planned: PlannedTrack, sound: Sound) -> Track:
        timeline, programme = sound.timeline, self._production.programme
        spoken = [event.sound.text for event in timeline.events if isinstance(event.sound, Say)]
        tags = TrackTags(
            title=planned.title,
            album=self._pack.album,
            artist=self._words.artist,
            number=number,
            total=self._total,
            week=self._pack.week,
            language_tag=self._words.language_tag,
            year=programme.edition,
            lyrics="\n".join(spoken),
            source_label=self._words.labels.source,
            source="; ".join(sources_of(planned.session, programme)),
            chapters=timeline.chapters,
        )
        greeting = self._greeting if planned.session is SESSION else None
        return Track(
            planned=planned,
            sound=sound,
            tags=tags,
            cover=self._cover,
            key=views.track_key(sound.key, tags, self._cover),
            own_cache=None if greeting is None else greeting.own,
        )

    def _track_bytes(self, track: Track) -> bytes:
        from voicecoach.pack import tags  # Pillow, mutagen: slow to import, and rarely needed

        mp3 = self._encoded(track.sound, track.own_cache or self._production.speaker.cache)
        return tags.render(track.tags, tags.draw_cover(track.cover, tags.EMBEDDED_PX)) + mp3

    def _manifest(self, made: Made) -> bytes:
        quick = {name: digest_of(data) for name, data in self._quick_files.items()}
        listed = manifest_of(self._pack, self.tracks, self._production, {**made, **quick})
        return manifest.write(listed)

    def _clear(self, folder: PackFolder) -> None:
        """Removes files of an earlier build that this one does not have."""
        wanted = {track.planned.file for track in self.tracks} | set(self._quick_files)
        for name, sha256 in manifest.files_written(folder.path).items():
            if name not in wanted:
                folder.remove(name, sha256)


def _put(file: _MadeFile, folder: PackFolder) -> Digest:
    return folder.put_made(file.name, file.key, file.make, file.notes)


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
        figure=curves.figure(curves.main_dose(doses)),
    )


def _folder_cover(picture: Cover) -> bytes:
    from voicecoach.pack import tags  # Pillow: as above

    return tags.draw_cover(picture, tags.FOLDER_PX)


def _html(content: Page) -> bytes:
    from voicecoach.pack import page  # Jinja: as above

    return page.html_page(content)
