"""Weeks -> packs on disk. Composes all rooms; renders only what no earlier build rendered."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from voicecoach import __version__, manifest, playlist, recipe, script, sound
from voicecoach.errors import StorageError
from voicecoach.plan import PlannedSession
from voicecoach.programme import Programme, Translation
from voicecoach.script import Say
from voicecoach.shelf import Digest, Shelf
from voicecoach.sound import Sound
from voicecoach.speech.speaker import Speaker
from voicecoach.store import Cache
from voicecoach.track import Cover, TrackTags
from voicecoach.week import PlannedPack, PlannedTrack, folder_name, plan_pack, sources_of
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
    weeks: Sequence[int],
    speaker: Speaker,
    out: Path,
    workshop: Workshop,
) -> list[BuiltPack]:
    """Builds the packs of ``weeks`` below ``out`` and answers what changed.

    ``weeks`` must be among those of the programme. Raises SpeechError, RenderError, StorageError.
    """
    packs = [plan_pack(programme, words, week) for week in weeks]
    sessions = dict.fromkeys(track.session for pack in packs for track in pack.tracks)
    scripts = {session: script.write(session, words) for session in sessions}
    texts = script.all_texts(scripts.values())
    workshop.record(texts, speaker)
    recorded = speaker.recorded(texts)
    sounds = {session: sound.prepare(written, recorded) for session, written in scripts.items()}
    tracks = {
        pack.week: [_track(pack, n, sounds, programme, words) for n in range(len(pack.tracks))]
        for pack in packs
    }
    shelves = {
        pack.week: Shelf(out / words.folder / folder_name(pack.week), speaker.cache)
        for pack in packs
    }
    absent = [
        track.sound
        for pack in packs
        for track in tracks[pack.week]
        if not shelves[pack.week].seems_to_hold(track.planned.file, track.key)
    ]
    workshop.render(absent, speaker.cache)
    return [
        _assemble(
            pack, tracks[pack.week], shelves[pack.week], programme, words, speaker, workshop
        )
        for pack in packs
    ]


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
    return Track(
        planned=planned, sound=sounds[planned.session], tags=tags, cover=cover, key=key
    )


def _assemble(
    pack: PlannedPack,
    tracks: Sequence[Track],
    shelf: Shelf,
    programme: Programme,
    words: Translation,
    speaker: Speaker,
    workshop: Workshop,
) -> BuiltPack:
    """Puts the files of a pack: tracks first, then what lists them, the manifest last."""
    with shelf.locked():
        listed = []
        for track in tracks:
            digest = shelf.put_made(
                track.planned.file, track.key, lambda t=track: _bytes(t, speaker.cache, workshop)
            )
            listed.append(_listing(track, digest, speaker))
        shelf.put_made(COVER_FILE, recipe.cover_key(tracks[0].cover), lambda: _cover(tracks[0]))
        entries = {track.planned.file: _entry(track) for track in tracks}
        for planned in pack.playlists:
            playlist_bytes = playlist.write(planned.title, [entries[f] for f in planned.files])
            shelf.put(planned.file, playlist_bytes)
        for name, sha256 in manifest.tracks_written(shelf.folder).items():
            if name not in entries:
                shelf.remove(name, sha256)
        shelf.put(
            manifest.FILE,
            manifest.write(
                programme=programme.name,
                language=words.language,
                voice=speaker.voice.spec,
                week=pack.week,
                version=__version__,
                tracks=listed,
                playlists=[
                    {"file": p.file, "title": p.title, "tracks": list(p.files)}
                    for p in pack.playlists
                ],
            ),
        )
    return BuiltPack(
        folder=shelf.folder,
        tracks=len(tracks),
        duration_ms=sum(track.sound.timeline.duration_ms for track in tracks),
        changed=shelf.changed,
    )


def _bytes(track: Track, cache: Cache, workshop: Workshop) -> bytes:
    """The track's tag and sound."""
    from voicecoach import cover, tags  # mutagen and Pillow: slow to import, seldom needed

    workshop.render([track.sound], cache)
    path = cache.audio(track.sound.key)
    try:
        sound_bytes = path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}; build again") from error
    return tags.render(track.tags, cover.draw(track.cover)) + sound_bytes


def _cover(track: Track) -> bytes:
    from voicecoach import cover  # as above

    return cover.draw(track.cover)


def _listing(track: Track, digest: Digest, speaker: Speaker) -> dict[str, object]:
    """The track as the manifest lists it."""
    timeline = track.sound.timeline
    return {
        "file": track.planned.file,
        "title": track.planned.title,
        "session": track.planned.session.id,
        "days": list(track.planned.days),
        "duration_ms": timeline.duration_ms,
        "bytes": digest.bytes,
        "sha256": digest.sha256,
        "voices": [speaker.voice.spec],
        "chapters": [asdict(chapter) for chapter in timeline.chapters],
    }


def _entry(track: Track) -> playlist.Entry:
    return playlist.Entry(
        file=track.planned.file,
        title=track.planned.title,
        duration_ms=track.sound.timeline.duration_ms,
    )
