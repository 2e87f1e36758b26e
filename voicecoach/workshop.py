"""Runs the units of work in parallel and says how far they are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Protocol

from voicecoach import pool
from voicecoach.errors import RenderError
from voicecoach.sound import Sound
from voicecoach.speech.speaker import Speaker
from voicecoach.store import Cache

_UTTERANCES_A_UNIT = 8


class Reporter(Protocol):
    """Whoever wants to know how long work goes."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Callable[[int, str], None]]:
        """Begins a stage of ``total`` steps. The function is told how many steps were done, and
        the name of the last."""


class Workshop:
    """Records utterances and renders sessions; its processes start when first needed."""

    def __init__(self, jobs: int, reporter: Reporter) -> None:
        self._jobs = jobs
        self._reporter = reporter
        self._stack = ExitStack()
        self._executor: Executor | None = None

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, traceback)

    def record(self, texts: Sequence[str], speaker: Speaker) -> None:
        """Has every one of ``texts`` spoken into the cache that is not there yet.

        Raises SpeechError, StorageError, RenderError.
        """
        missing = [speaker.utterance(text) for text in texts if not speaker.is_recorded(text)]
        if not missing:
            return
        from voicecoach import render  # numpy and pydub are slow to import, and seldom needed

        executor = self._workers()
        units = {}
        for first in range(0, len(missing), _UTTERANCES_A_UNIT):
            unit = missing[first : first + _UTTERANCES_A_UNIT]
            units[executor.submit(render.record, unit, speaker.cache)] = unit
        with self._reporter.stage("speaking", len(missing)) as done:
            for future in _completed(units):
                done(len(units[future]), units[future][-1].text)

    def render(self, sounds: Sequence[Sound], cache: Cache) -> None:
        """Has every one of ``sounds`` encoded into ``cache`` that is not there yet.

        Raises SpeechError, StorageError, RenderError.
        """
        missing = {sound.key: sound for sound in sounds if not cache.audio(sound.key).exists()}
        if not missing:
            return
        from voicecoach import render  # as above

        executor = self._workers()
        longest_first = sorted(missing.values(), key=lambda sound: -sound.timeline.duration_ms)
        units = {
            executor.submit(
                render.render, sound.timeline, sound.recording_keys, sound.key, cache
            ): sound
            for sound in longest_first
        }
        with self._reporter.stage("rendering", len(units)) as done:
            for future in _completed(units):
                done(1, units[future].timeline.title)

    def _workers(self) -> Executor:
        if self._executor is None:
            self._executor = self._stack.enter_context(pool.processes(self._jobs))
        return self._executor


def _completed(units: Iterable[Future[None]]) -> Iterator[Future[None]]:
    """The units as they end; raises what a unit raised."""
    for future in as_completed(units):
        try:
            future.result()
        except BrokenProcessPool as error:
            raise RenderError(
                "a rendering process was killed, perhaps for lack of memory: run the command"
                " again, with fewer --jobs"
            ) from error
        yield future
