"""Keeps the packs of this week and the next made while they are served, in a process of its own.

So the phones are answered while weeks are made, and stopping the server stops the making. It begins
at launch, when the day changes, and when the client's files change; never because of a request.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Protocol

from voicecoach.messages import Message

_NICE = 10
"""How much the process lets others go first."""
_PATIENCE_S = 2.0
"""How long the process may take to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the making is."""

    stage: str
    done: int = 0
    total: int = 0
    """Of the stage; 0 before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    remark: str


class Shown(Protocol):
    """Shows on the terminal what the making reports."""

    def progress(self, progress: Progress | None) -> None:
        """Shows how far it is; ``None`` once it has ended."""

    def note(self, remark: str) -> None:
        """Shows a warning."""

    def made(self, remark: str) -> None:
        """Shows what was made."""


class Told:
    """A reporter for the renderer that tells the server's process."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, remark: str) -> None:
        """See :class:`voicecoach.rendering.renderer.Reporter`."""
        self._connection.send(remark)

    def made(self, remark: str) -> None:
        """Tells what was made."""
        self._connection.send(_Made(remark=remark))

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int, str], None]]:
        """See :class:`voicecoach.rendering.renderer.Reporter`."""
        done = 0

        def advance(steps: int, item: str) -> None:
            nonlocal done
            done += steps
            self._connection.send(Progress(stage=name, done=done, total=total))

        self._connection.send(Progress(stage=name, total=total))
        yield advance


Make = Callable[[Told], None]


class Upkeep:
    """Runs ``make`` at launch and whenever ``marks`` changes. Not thread-safe."""

    def __init__(self, make: Make, marks: Callable[[], object], shown: Shown) -> None:
        """``make`` can be pickled and makes what is missing or no longer right; ``marks`` is quick,
        and ``None`` while there is nobody to make weeks for."""
        self._make = make
        self._marks = marks
        self._shown = shown
        self._seen: object = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection | None = None
        self.progress: Progress | None = None
        """``None`` while nothing is being made."""
        self.runs = 0
        """How often something was made, or tried."""
        self.remarks: tuple[str, ...] = ()
        """What the last making warned of."""

    def tick(self) -> None:
        """Looks after it; called several times a second."""
        if self._process is not None:
            self._listen()
            return
        marks = self._marks()
        if marks is not None and marks != self._seen:
            self._seen = marks
            self._start()

    def stop(self) -> None:
        """Stops what is being made; what is done is kept."""
        process, self._process = self._process, None
        if process is None or process.pid is None:
            return
        process.terminate()  # its own processes end with it; files appear whole or not at all
        process.join(_PATIENCE_S)
        process.kill()
        process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(self._make, theirs))
        self._connection = ours
        self.remarks = ()
        self.progress = Progress(stage=Message("upkeep.begins"))
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for this process
        try:
            self._process.start()
        finally:
            signal.signal(signal.SIGINT, before)
        theirs.close()

    def _listen(self) -> None:
        assert self._process is not None and self._connection is not None
        try:
            while self._connection.poll():
                told = self._connection.recv()
                if isinstance(told, Progress):
                    self.progress = told
                    self._shown.progress(told)
                elif isinstance(told, _Made):
                    self._shown.made(told.remark)
                else:
                    self.remarks = (*self.remarks, told)
                    self._shown.note(told)
        except (EOFError, OSError):
            self._end()

    def _end(self) -> None:
        assert self._process is not None and self._connection is not None
        self._process.join()
        self._connection.close()
        if self._process.exitcode:
            remark = Message("upkeep.stopped")
            self.remarks = (*self.remarks, remark)
            self._shown.note(remark)
        self._process = self._connection = self.progress = None
        self.runs += 1
        self._shown.progress(None)


def _run(make: Make, connection: Connection) -> None:
    """The process, which leaves phones that listen the first turn."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_NICE)
    try:
        make(Told(connection))
    except BrokenPipeError:  # the server has ended
        os._exit(0)
    finally:
        connection.close()
