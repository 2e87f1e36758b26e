"""Weeks -> packs on disk; renders only what no earlier build rendered. Makes packs again."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from voicecoach.audio.signal import DAY, NIGHT
from voicecoach.cache import user_cache
from voicecoach.content.programme import Programme
from voicecoach.content.reading import programme as programme_reader
from voicecoach.content.translation import Translation
from voicecoach.errors import (
    BedError,
    ContentError,
    NotInProgrammeError,
    SpeechError,
    StorageError,
)
from voicecoach.messages import Message
from voicecoach.pack import greeting, layout, manifest, verdict
from voicecoach.pack.files import PackFiles
from voicecoach.pack.folder import PackFolder
from voicecoach.pack.layout import PlannedPack, folder_name
from voicecoach.pack.manifest import BuildOptions, DayEntry, FoundPack, Manifest
from voicecoach.pack.places import Places
from voicecoach.pack.receipt import BuiltPack
from voicecoach.pack.tracks import Production
from voicecoach.pack.verdict import Judge
from voicecoach.planning import plan, prescribed_limits
from voicecoach.rendering import job
from voicecoach.rendering.job import BedSource, Setting, Sound
from voicecoach.rendering.renderer import Renderer, longest_first
from voicecoach.script import writer
from voicecoach.speech.voices import open_speaker, usual

_PACKERS = 2
"""Threads that write packs: hashing, writing and compressing, most of the work, run in parallel."""


def build(
    production: Production, packs: Sequence[PlannedPack], out: Path, renderer: Renderer
) -> list[BuiltPack]:
    """Builds ``packs`` below ``out`` and returns what changed.

    Raises BedError, SpeechError, RenderError, StorageError.
    """
    words, speaker = production.words, production.speaker
    if production.setting.preset is NIGHT:
        packs = [layout.for_the_night(pack, words) for pack in packs]
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


def wrong_packs(
    judge: Judge, outs: Iterable[Path], weeks: Collection[int] | None = None
) -> list[FoundPack]:
    """The packs below ``outs``, of ``weeks`` or any, that are not as planned. Raises
    StorageError."""
    return [
        pack
        for out in dict.fromkeys(each.resolve() for each in outs)
        for pack in manifest.find_packs(out, _reported_before)
        if (weeks is None or pack.manifest.week in weeks) and not judge.is_right(pack.manifest)
    ]


def missing_packs(out: Path, pattern: FoundPack, weeks: Iterable[int]) -> list[FoundPack]:
    """Those of ``weeks`` that have no pack below ``out``, with the options of ``pattern``, for
    :func:`remake`."""
    folders = [(week, out / pattern.slug / folder_name(week)) for week in weeks]
    return [
        FoundPack(
            folder=folder,
            slug=pattern.slug,
            name=folder.name,
            manifest=replace(pattern.manifest, week=week),
        )
        for week, folder in folders
        if not (folder / manifest.FILE).exists()
    ]


def pattern_of(programme: Programme, words: Translation, *, is_built_in: bool) -> FoundPack:
    """A pack with the usual options, which is on no disk, for :func:`missing_packs`."""
    listed = Manifest(
        programme=programme.name,
        edition=programme.edition,
        language=words.language,
        title=words.title,
        artist=words.artist,
        voice="",
        week=1,
        night=False,
        version="",
        tracks=(),
        playlists=(),
        files=(),
        options=BuildOptions(is_built_in=is_built_in),
        days=(DayEntry(day=1, plan=""),),
    )
    return FoundPack(folder=Path(), slug=words.folder, name="", manifest=listed)


def remake(
    wrong: Iterable[FoundPack],
    judge: Judge,
    places: Places,
    renderers: tuple[Renderer, Renderer],
    note: Callable[[str], None],
) -> list[BuiltPack]:
    """Makes packs again as they are planned now, with the options they were made with. ``note``
    receives the reason why some cannot be. The second of ``renderers`` makes what is personal.

    Raises RenderError.
    """
    built = []
    for packs in _alike(wrong):
        try:
            built += _made_again(packs, judge, places, renderers, note)
        except (BedError, ContentError, NotInProgrammeError, SpeechError, StorageError) as error:
            names = ", ".join(pack.name for pack in packs)
            note(Message("build.not_made_again", packs=names, reason=error.message))
    return built


def _alike(packs: Iterable[FoundPack]) -> Iterator[list[FoundPack]]:
    """``packs`` that are made with the same options."""

    def options(pack: FoundPack) -> tuple[str, ...]:
        listed = pack.manifest
        return (
            str(pack.folder.parent),
            *map(str, (listed.options, listed.language, listed.night, listed.voice)),
        )

    for _, alike in groupby(sorted(packs, key=options), options):
        yield list(alike)


def _made_again(
    packs: Sequence[FoundPack],
    judge: Judge,
    places: Places,
    renderers: tuple[Renderer, Renderer],
    note: Callable[[str], None],
) -> list[BuiltPack]:
    listed, out, profile = packs[0].manifest, packs[0].folder.parents[1], judge.hers.profile
    folder = judge.folder_of(listed)
    if folder is None:
        raise StorageError(Message("errors.programme_not_known", name=listed.programme))
    programme = programme_reader.read(folder)
    prescribed_limits.refuse(programme, judge.hers.situation)
    words = programme.words_in(listed.language)
    if words.folder != packs[0].slug:
        raise StorageError(Message("errors.programme_not_known", name=listed.programme))
    weeks = [pack.manifest.week for pack in packs]
    plan.weeks_asked(programme, range(min(weeks), max(weeks) + 1))
    voices = _voices(listed, places) or profile.voices or usual(words)
    speaker = open_speaker(voices, words, user_cache(), note)
    bed = _bed(listed, places)
    setting = Setting(preset=NIGHT if listed.night else DAY, bed=bed)
    renderer, greeter = renderers
    production = Production(
        programme=programme,
        words=words,
        speaker=speaker,
        setting=setting,
        greeting=greeting.make(profile.name, words, speaker, setting, out, greeter),
        options=replace(listed.options, bed=job.name_of(bed)),
        plan_key=verdict.obtain_key(),
    )
    guidance = verdict.guidance_of(listed, judge.hers)
    planned = layout.plan_packs(programme, words, weeks, guidance, judge.hers.situation)
    return build(production, planned, out, renderer)


def _voices(listed: Manifest, places: Places) -> tuple[str, ...]:
    """The voices asked for; of a pack of an older version, the one that spoke."""
    named = listed.options.voices if listed.days else (listed.voice,)
    return tuple(
        f"{spec.partition(':')[0]}:{places.paths[spec]}" if spec in places.paths else spec
        for spec in named
    )


def _bed(listed: Manifest, places: Places) -> BedSource | None:
    name = listed.options.bed
    return job.find_bed(str(places.paths.get(name, name))) if name else None


def _reported_before(remark: str) -> None:
    """What cannot be read has been reported where packs were withdrawn."""
