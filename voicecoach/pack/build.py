"""Weeks -> packs on disk. Composes all rooms; renders only what no earlier build rendered."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from voicecoach.pack.files import Contents
from voicecoach.pack.folder import Shelf
from voicecoach.pack.layout import PlannedPack, folder_name
from voicecoach.pack.tracks import Production
from voicecoach.rendering import job
from voicecoach.rendering.job import Sound
from voicecoach.rendering.renderer import Workshop
from voicecoach.script import writer

_PACKERS = 2
"""So many threads put weeks on their shelves: most of that is hashing, writing and compressing,
which threads can do at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPack:
    """What a build left in a folder."""

    folder: Path
    tracks: int
    duration_ms: int
    """All tracks together."""
    changed: tuple[str, ...]
    """Files that were written or removed; empty where nothing had to be."""


def build(
    production: Production, packs: Sequence[PlannedPack], out: Path, workshop: Workshop
) -> list[BuiltPack]:
    """Builds ``packs`` below ``out`` and answers what changed.

    Raises BedError, SpeechError, RenderError, StorageError.
    """
    words, speaker, setting = production.words, production.speaker, production.setting
    own = None if production.greeting is None else production.greeting.own
    shelves = {
        pack.week: Shelf(out / words.folder / folder_name(pack.week), speaker.cache, own)
        for pack in packs
    }
    for shelf in shelves.values():
        shelf.check()
    workshop.prepare(setting, speaker.cache)
    sessions = dict.fromkeys(track.session for pack in packs for track in pack.tracks)
    scripts = {session: writer.write(session, words) for session in sessions}
    workshop.record(list(scripts.values()), speaker)
    sounds = {
        session: job.prepare(written, speaker.recorded(written), setting)
        for session, written in scripts.items()
    }
    contents = {pack.week: Contents(pack, sounds, production, workshop) for pack in packs}
    absent = {week: contents[week].absent_from(shelves[week]) for week in contents}
    rendering = workshop.render(_in_order(list(absent.values())), speaker.cache)
    ready: set[str] = set()
    with ThreadPoolExecutor(_PACKERS) as packers:
        puts = []
        for week, shelf in shelves.items():  # put on its shelf while others are rendered
            wanted = {each.key for each in absent[week]}
            while not wanted <= ready:
                ready.add(next(rendering))
            puts.append(packers.submit(contents[week].put_on, shelf))
        for _ in rendering:  # ends the report of progress
            pass
        for put in puts:
            put.result()
    workshop.tell_of(speaker.cache, *([own] if own else []))
    return [_built(contents[week], shelf) for week, shelf in shelves.items()]


def _built(contents: Contents, shelf: Shelf) -> BuiltPack:
    return BuiltPack(
        folder=shelf.folder,
        tracks=len(contents.tracks),
        duration_ms=sum(track.sound.timeline.duration_ms for track in contents.tracks),
        changed=shelf.changed,
    )


def _in_order(sounds_of_weeks: list[list[Sound]]) -> list[Sound]:
    """The order to render in: two weeks at a time, so that they can be put on their shelves early,
    and the longest first, so that at the end no process is left alone with a long one."""
    ordered = []
    for first in range(0, len(sounds_of_weeks), 2):
        pair = [each for of_week in sounds_of_weeks[first : first + 2] for each in of_week]
        ordered += sorted(pair, key=lambda each: -each.timeline.duration_ms)
    return ordered
