"""Weeks -> packs on disk; renders only what no earlier build rendered."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from voicecoach.pack.files import PackFiles
from voicecoach.pack.folder import PackFolder
from voicecoach.pack.layout import PlannedPack, folder_name
from voicecoach.pack.receipt import BuiltPack
from voicecoach.pack.tracks import Production
from voicecoach.rendering.job import Sound
from voicecoach.rendering.renderer import Renderer, longest_first
from voicecoach.script import writer

_PACKERS = 2
"""Threads that write packs: hashing, writing and compressing, most of the work, run in parallel."""


def build(
    production: Production, packs: Sequence[PlannedPack], out: Path, renderer: Renderer
) -> list[BuiltPack]:
    """Builds ``packs`` below ``out`` and returns what changed.

    Raises BedError, SpeechError, RenderError, StorageError.
    """
    words, speaker = production.words, production.speaker
    folders = [
        PackFolder(out / words.folder / folder_name(pack.week), speaker.cache) for pack in packs
    ]
    for folder in folders:
        folder.check()
    sessions = list(dict.fromkeys(track.session for pack in packs for track in pack.tracks))
    scripts = [writer.write(session, words) for session in sessions]
    timed = renderer.timed(scripts, speaker, production.setting)
    sounds = dict(zip(sessions, timed, strict=True))
    weeks = [PackFiles(pack, sounds, production, renderer.encoded) for pack in packs]
    with ThreadPoolExecutor(_PACKERS) as packers:
        missing = list(packers.map(PackFiles.missing_from, weeks, folders))
        rendering = renderer.render(_in_order(missing), speaker.cache)
        ready: set[str] = set()
        puts = []
        for files, folder, needed in zip(weeks, folders, missing, strict=True):
            keys = {sound.key for sound in needed}
            while not keys <= ready:
                ready.add(next(rendering))
            puts.append(packers.submit(files.put_in, folder))  # while later weeks are rendered
        for _ in rendering:  # runs to the end, which completes the progress display
            pass
        for put in puts:
            put.result()
    greeting = production.greeting
    renderer.note_caches(speaker.cache, *([] if greeting is None else [greeting.own]))
    return [_built(files, folder) for files, folder in zip(weeks, folders, strict=True)]


def _built(files: PackFiles, folder: PackFolder) -> BuiltPack:
    return BuiltPack(
        folder=folder.path,
        tracks=len(files.tracks),
        duration_ms=sum(track.sound.timeline.duration_ms for track in files.tracks),
        changed=folder.changed,
        states=folder.states,
    )


def _in_order(sounds_of_weeks: list[list[Sound]]) -> list[Sound]:
    """The rendering order: two weeks at a time, so that their files can be written early."""
    ordered = []
    for first in range(0, len(sounds_of_weeks), 2):
        pair = [each for of_week in sounds_of_weeks[first : first + 2] for each in of_week]
        ordered += longest_first(pair)
    return ordered
