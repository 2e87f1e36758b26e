"""Weeks -> packs on disk. Composes all rooms; renders only what no earlier build rendered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from voicecoach import __version__, manifest, playlist, recipe, scriptwriter, sound
from voicecoach.errors import StorageError
from voicecoach.plan import PlannedSession
from voicecoach.preset import NIGHT
from voicecoach.programme import Programme
from voicecoach.script import Say
from voicecoach.shelf import Digest, Shelf
from voicecoach.sound import PLAIN_DAY, Setting, Sound
from voicecoach.speech.speaker import Speaker
from voicecoach.track import Cover, TrackTags
from voicecoach.week import PlannedPack, PlannedTrack, folder_name, sources_of
from voicecoach.words import Translation
from voicecoach.workshop import Workshop

COVER_FILE = "cover.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPack:
    """What a build left in a folder."""

    folder: Path
    tracks: int
    duration_ms: int
    """All tracks together."""
    changed: tuple[str, ...]
    """Files that were written or removed; empty where nothing had to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track that is to stand in a pack."""

    planned: PlannedTrack
    sound: Sound
    tags: TrackTags
    cover: Cover
    key: str
    """A hash of all that shapes its bytes."""


def build(
    programme: Programme,
    words: Translation,
    packs: Sequence[PlannedPack],
    speaker: Speaker,
    out: Path,
    workshop: Workshop,
    setting: Setting = PLAIN_DAY,
) -> list[BuiltPack]:
    """Builds ``packs`` of ``programme`` below ``out`` and answers what changed.

    Raises BedError, SpeechError, RenderError, StorageError.
    """
    shelves = {
        pack.week: Shelf(out / words.folder / folder_name(pack.week), speaker.cache)
        for pack in packs
    }
    for shelf in shelves.values():
        shelf.check()
    workshop.prepare(setting, speaker.cache)
    sessions = dict.fromkeys(track.session for pack in packs for track in pack.tracks)
    scripts = {session: scriptwriter.write(session, words) for session in sessions}
    workshop.record(list(scripts.values()), speaker)
    sounds = {
        session: sound.prepare(written, speaker.recorded(written), setting)
        for session, written in scripts.items()
    }
    tracks = {
        pack.week: [_track(pack, n, sounds, programme, words) for n in range(len(pack.tracks))]
        for pack in packs
    }
    absent = {pack.week: _absent(tracks[pack.week], shelves[pack.week]) for pack in packs}
    rendering = workshop.render(_in_order(list(absent.values())), speaker.cache)
    built = []
    ready: set[str] = set()
    for pack in packs:  # a week is put on its shelf while those after it are still rendered
        wanted = {each.key for each in absent[pack.week]}
        while not wanted <= ready:
            ready.add(next(rendering))
        contents = _Contents(pack, tracks[pack.week], programme, words, speaker, workshop)
        built.append(contents.put_on(shelves[pack.week]))
    for _ in rendering:  # ends the report of progress
        pass
    return built


def _absent(tracks: Sequence[Track], shelf: Shelf) -> list[Sound]:
    """The sounds that have to be at hand to fill ``shelf``."""
    return [t.sound for t in tracks if not shelf.seems_to_hold(t.planned.file, t.key)]


def _in_order(sounds_of_weeks: list[list[Sound]]) -> list[Sound]:
    """The order to render in: two weeks at a time, so that they can be put on their shelves early,
    and the longest first, so that at the end no process is left alone with a long one."""
    ordered = []
    for first in range(0, len(sounds_of_weeks), 2):
        pair = [each for of_week in sounds_of_weeks[first : first + 2] for each in of_week]
        ordered += sorted(pair, key=lambda each: -each.timeline.duration_ms)
    return ordered


def _track(
    pack: PlannedPack,
    number: int,
    sounds: Mapping[PlannedSession, Sound],
    programme: Programme,
    words: Translation,
) -> Track:
    planned = pack.tracks[number]
    timeline = sounds[planned.session].timeline
    spoken = [event.sound.text for event in timeline.events if isinstance(event.sound, Say)]
    tags = TrackTags(
        title=planned.title,
        album=pack.album,
        artist=words.artist,
        number=number + 1,
        total=len(pack.tracks),
        week=pack.week,
        language_tag=words.language_tag,
        year=programme.edition,
        lyrics="\n".join(spoken),
        source_label=words.labels.source,
        source="; ".join(sources_of(planned.session, programme)),
        chapters=timeline.chapters,
    )
    cover = Cover(
        week_label=words.labels.week.format(week=pack.week),
        title=words.title,
        phase_number=pack.phase_number,
    )
    key = recipe.track_key(sounds[planned.session].key, tags, cover)
    return Track(planned=planned, sound=sounds[planned.session], tags=tags, cover=cover, key=key)


class _Contents:
    """What is to stand on the shelf of a pack."""

    def __init__(
        self,
        pack: PlannedPack,
        tracks: Sequence[Track],
        programme: Programme,
        words: Translation,
        speaker: Speaker,
        workshop: Workshop,
    ) -> None:
        self._pack = pack
        self._tracks = tracks
        self._programme = programme
        self._words = words
        self._speaker = speaker
        self._workshop = workshop

    def put_on(self, shelf: Shelf) -> BuiltPack:
        """Fills ``shelf``, unless all stands there already: tracks first, then what lists them,
        the manifest last."""
        if not self._stands_on(shelf):
            with shelf.locked():
                made = {name: shelf.put_made(name, key, make) for name, key, make in self._made()}
                for name, data in self._lists(made):
                    if name == manifest.FILE:
                        self._clear(shelf)
                    shelf.put(name, data)
        return BuiltPack(
            folder=shelf.folder,
            tracks=len(self._tracks),
            duration_ms=sum(track.sound.timeline.duration_ms for track in self._tracks),
            changed=shelf.changed,
        )

    def _stands_on(self, shelf: Shelf) -> bool:
        made = {name: shelf.standing(name, key) for name, key, _ in self._made()}
        known = {name: digest for name, digest in made.items() if digest is not None}
        return len(known) == len(made) and all(
            shelf.holds(name, data) for name, data in self._lists(known)
        )

    def _made(self) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
        """Name, key and maker of every file that is slow to make."""
        for track in self._tracks:
            yield track.planned.file, track.key, partial(self._track_bytes, track)
        cover = self._tracks[0].cover
        yield COVER_FILE, recipe.cover_key(cover), partial(_draw, cover)

    def _track_bytes(self, track: Track) -> bytes:
        from voicecoach import tags  # mutagen: slow to import, and seldom needed

        cache = self._speaker.cache
        for _ in self._workshop.render([track.sound], cache):
            pass
        path = cache.audio(track.sound.key)
        try:
            sound_bytes = path.read_bytes()
        except OSError as error:
            raise StorageError(f"{path}: cannot be read: {error.strerror}; build again") from error
        return tags.render(track.tags, _draw(track.cover)) + sound_bytes

    def _lists(self, made: Mapping[str, Digest]) -> Iterator[tuple[str, bytes]]:
        """Name and content of the playlists and, last, of the manifest."""
        entries = {track.planned.file: _entry(track) for track in self._tracks}
        for planned in self._pack.playlists:
            yield planned.file, playlist.write(planned.title, [entries[f] for f in planned.files])
        yield (
            manifest.FILE,
            manifest.write(
                {
                    "programme": self._programme.name,
                    "language": self._words.language,
                    "voice": self._speaker.voice.spec,
                    "week": self._pack.week,
                    "night": self._tracks[0].sound.setting.preset is NIGHT,
                    "version": __version__,
                },
                tracks=[_listing(track, made[track.planned.file]) for track in self._tracks],
                playlists=[
                    {"file": p.file, "title": p.title, "tracks": list(p.files)}
                    for p in self._pack.playlists
                ],
            ),
        )

    def _clear(self, shelf: Shelf) -> None:
        """Removes the tracks of an earlier build that this one does not have."""
        wanted = {track.planned.file for track in self._tracks}
        for name, sha256 in manifest.tracks_written(shelf.folder).items():
            if name not in wanted:
                shelf.remove(name, sha256)


def _draw(picture: Cover) -> bytes:
    from voicecoach import cover  # Pillow: as above

    return cover.draw(picture)


def _listing(track: Track, digest: Digest) -> dict[str, object]:
    """The track as the manifest lists it."""
    timeline = track.sound.timeline
    return {
        "file": track.planned.file,
        "title": track.planned.title,
        "session": track.planned.session.id,
        "guidance": track.planned.session.guidance,
        "days": list(track.planned.days),
        "duration_ms": timeline.duration_ms,
        "bytes": digest.bytes,
        "sha256": digest.sha256,
        "voices": list(track.sound.voices),
        "chapters": [asdict(chapter) for chapter in timeline.chapters],
    }


def _entry(track: Track) -> playlist.Entry:
    return playlist.Entry(
        file=track.planned.file,
        title=track.planned.title,
        duration_ms=track.sound.timeline.duration_ms,
    )
