"""Scripts -> sounds in the cache: runs the units of work in parallel, and reports progress."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from voicecoach.cache import Cache
from voicecoach.errors import StorageError
from voicecoach.files import remove_old_parts
from voicecoach.messages import Message
from voicecoach.rendering import job
from voicecoach.rendering.job import BedSource, Setting, Sound
from voicecoach.script.script import Script
from voicecoach.speech.speaker import Speaker, Utterance, Voice

if TYPE_CHECKING:
    from concurrent.futures import Future

    from voicecoach.rendering.pool import Cluster, Died


class Reporter(Protocol):
    """Receives progress and non-fatal warnings."""

    def note(self, remark: str) -> None:
        """Receives a warning, a whole sentence."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Callable[[int, str], None]]:
        """Begins a stage of ``total`` steps. Call the function with the number of steps done and
        the name of the last one."""


class Executor(Protocol):
    """Where units of work run."""

    def submit(self, unit: Callable[..., Any], /, *arguments: Any) -> "Future[Any]":
        """Schedules a call of ``unit``, like Executor.submit of concurrent.futures."""


class Renderer:
    """Records utterances and renders sounds, in processes that start when first needed.

    These are ``jobs`` processes of this machine, or the workers of the Dask cluster of which
    ``scheduler`` is the address.
    """

    def __init__(self, jobs: int, reporter: Reporter, scheduler: str | None = None) -> None:
        self._jobs = jobs
        self._scheduler = scheduler
        self._reporter = reporter
        self._stack = ExitStack()
        self._executor: Executor | None = None
        self._single: Executor | None = None
        self._cluster: Cluster | None = None
        self._died: Died = {}
        self._heard: set[Voice] = set()
        """Voices that every worker of the cluster has."""
        self._unkept: dict[Path, bytes] = {}
        """Encoded sounds by their place in a cache that cannot be written."""

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(self, *raised: Any) -> None:
        self._stack.__exit__(*raised)

    def warm_up(self, cache: Cache) -> None:
        """Starts the processes now if ``cache`` is empty: there will be work for them, and they
        can start up while the content is being read."""
        if os.access(cache.root / "recordings", os.F_OK):
            return
        from voicecoach.rendering import tasks  # as below

        executor = self._workers(cache)
        for _ in range(self._jobs):
            executor.submit(tasks.warm_up)

    def produce(self, scripts: Sequence[Script], speaker: Speaker, setting: Setting) -> list[Sound]:
        """The sound of each of ``scripts``, in the cache for :meth:`encoded`. What is missing is
        spoken and rendered, the longest first.

        Raises BedError, SpeechError, StorageError, RenderError.
        """
        sounds = self.timed(scripts, speaker, setting)
        for _ in self.render(longest_first(sounds), speaker.cache):
            pass
        return sounds

    def timed(self, scripts: Sequence[Script], speaker: Speaker, setting: Setting) -> list[Sound]:
        """Each of ``scripts`` timed; missing recordings are spoken, but nothing is rendered.

        Raises BedError, SpeechError, StorageError, RenderError.
        """
        self.make_bed(setting.bed, speaker.cache)
        self._record(scripts, speaker)
        return [job.prepare(script, speaker.recorded(script), setting) for script in scripts]

    def make_bed(self, bed: BedSource | None, cache: Cache) -> None:
        """Makes the loop of ``bed`` if ``cache`` does not have it yet.

        Raises BedError, StorageError, RenderError.
        """
        if bed is None or cache.read(cache.bed(bed.key)) is not None:
            return
        self.note_caches(cache)
        from voicecoach.rendering import tasks  # slow to import, and seldom needed

        for _ in self._completed([self._workers(cache).submit(tasks.make_bed, bed, cache)]):
            pass

    def _record(self, scripts: Sequence[Script], speaker: Speaker) -> None:
        self._note_share(scripts, speaker)
        missing = speaker.missing(scripts)
        self.note_caches(speaker.cache)
        if not missing:
            return
        remove_old_parts(speaker.cache.root)
        from voicecoach.rendering import tasks  # slow to import, and seldom needed

        units = {}
        for unit in tasks.units(missing):
            executor = self._for_voice(unit[0], speaker.cache)
            units[executor.submit(tasks.record, unit, speaker.cache)] = unit
        with self._reporter.stage(Message("terminal.speaking"), len(missing)) as done:
            for future in self._completed(units):
                done(len(units[future]), units[future][-1].text)

    def _note_share(self, scripts: Sequence[Script], speaker: Speaker) -> None:
        if speaker.voices[0].speaks_any_text:
            return
        texts = [text for script in scripts for text in script.texts]
        for remark in speaker.voices[0].misfiled(texts):
            self._reporter.note(remark)
        spoken, of_all = speaker.share_of_first(texts)
        others = ", ".join(each.voice.spec for each in speaker.voices[1:])
        who = (
            Message("errors.others_speak", others=others, spoken=of_all - spoken)
            if spoken < of_all
            else Message("errors.voice_is_whole")
        )
        self._reporter.note(
            Message(
                "errors.share_of_voice",
                spec=speaker.voice.spec,
                spoken=spoken,
                of_all=of_all,
                who=who,
            )
        )

    def render(self, sounds: Sequence[Sound], cache: Cache) -> Iterator[str]:
        """Encodes ``sounds`` into ``cache`` and yields their keys as they become available: first
        those already there, then the others, roughly in the order given.

        Raises SpeechError, StorageError, RenderError.
        """
        missing = {}
        for sound in sounds:
            if self._kept(sound, cache) is None:
                missing[sound.key] = sound
            else:
                yield sound.key
        self.note_caches(cache)
        if not missing:
            return
        from voicecoach.rendering import tasks  # as above

        executor = self._workers(cache)
        units = {executor.submit(tasks.render, sound, cache): sound for sound in missing.values()}
        with self._reporter.stage(Message("terminal.rendering"), len(units)) as done:
            for future in self._completed(units):
                sound, unkept = units[future], future.result()
                if unkept is not None and not cache.keep(cache.audio(sound.key), unkept):
                    self._unkept[cache.audio(sound.key)] = unkept
                done(1, sound.timeline.title)
                yield sound.key

    def encoded(self, sound: Sound, cache: Cache) -> bytes:
        """The MP3 of ``sound``, which was rendered into ``cache``. Raises StorageError."""
        data = self._kept(sound, cache)
        if data is None:
            raise StorageError(Message("errors.removed_just_now", path=cache.audio(sound.key)))
        return data

    def note(self, remark: str) -> None:
        """Shows the user ``remark``."""
        self._reporter.note(remark)

    def note_caches(self, *caches: Cache) -> None:
        """Shows the warnings about ``caches`` that were not shown yet."""
        for cache in caches:
            for remark in cache.remarks():
                self._reporter.note(remark)

    def _kept(self, sound: Sound, cache: Cache) -> bytes | None:
        path = cache.audio(sound.key)
        return self._unkept[path] if path in self._unkept else cache.read(path)

    def _completed(self, units: "Iterable[Future[Any]]") -> "Iterator[Future[Any]]":
        from voicecoach.rendering import pool  # as above

        return pool.completed(units, self._died or pool.DIED)

    def _workers(self, cache: Cache) -> Executor:
        from voicecoach.rendering import pool  # as above

        if self._executor is None and self._scheduler is not None:
            from voicecoach.rendering import pool

            connection = pool.connected(self._scheduler, cache)
            self._cluster, self._died = self._stack.enter_context(connection)
            self._executor = self._cluster.executor
        elif self._executor is None:
            self._executor = self._stack.enter_context(
                pool.Processes(self._jobs, self._reporter.note)
            )
        return self._executor

    def _for_voice(self, utterance: Utterance, cache: Cache) -> Executor:
        """The workers that speak ``utterance``; a single process for an engine that uses all cores
        itself. Raises RenderError if a worker lacks the voice."""
        from voicecoach.rendering import pool, tasks  # as above

        voice = utterance.voice
        if self._scheduler is None and voice.uses_all_cores:
            if self._single is None:
                self._single = self._stack.enter_context(pool.Processes(1, self._reporter.note))
            return self._single
        executor = self._workers(cache)
        if self._cluster is not None and voice not in self._heard:
            self._cluster.require(tasks.lack_of_voice, utterance)
            self._heard.add(voice)
        return executor


def longest_first(sounds: Sequence[Sound]) -> list[Sound]:
    """``sounds``, longest first, so that no process is left alone with a long one at the end."""
    return sorted(sounds, key=lambda each: -each.timeline.duration_ms)
