"""Where rendering runs: processes on this machine. Slow to import, so imported when needed."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import Any, TypeVar

from voicecoach import environment
from voicecoach.errors import ProcessLostError, RenderError
from voicecoach.messages import Message

T = TypeVar("T")
_THREADS = 2
"""So many an executor needs."""


class Processes:
    """``jobs`` processes of this machine, started when first needed. Fresh ones take the place of
    those that somebody killed. Safe to use from several threads."""

    def __init__(self, jobs: int, note: Callable[[str], None]) -> None:
        """``note`` is told where fresh processes took over."""
        self._jobs = jobs
        self._note = note
        self._executor: ProcessPoolExecutor | None = None
        self._were_lost = False
        self._lock = threading.Lock()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Waits for what is under way. On an error, or Ctrl-C, the processes are ended at once."""
        if kind is not None:
            _kill_children()
        if self._executor is not None:
            # Always waited for: a thread of it that ends as Python does may raise.
            self._executor.shutdown(cancel_futures=kind is not None)
        if self._were_lost:
            _kill_children()

    def submit(self, unit: Callable[..., Any], /, *arguments: object) -> "Future[Any]":
        """As an executor does. Raises ProcessLostError where no process can be started."""
        with self._lock:
            try:
                try:
                    return self._started().submit(_done, unit, *arguments)
                except BrokenProcessPool:
                    self._let_go()
                    self._note(Message("errors.process_replaced"))
                    return self._started().submit(_done, unit, *arguments)
            except BrokenProcessPool as error:
                self._let_go()
                raise DIED[BrokenProcessPool]() from error
            except _LACKING as error:
                self._let_go()
                _tell_lack(error)
                raise

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            _check_threads()
            self._executor = ProcessPoolExecutor(
                self._jobs,
                mp_context=multiprocessing.get_context(_start_method()),
                initializer=_prepare,
            )
        return self._executor

    def _let_go(self) -> None:
        self._were_lost = True
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = None


def _kill_children() -> None:
    for process in multiprocessing.active_children():
        process.kill()  # whatever it was writing is not visible yet


Died = Mapping[type[BaseException], Callable[[], RenderError]]
"""What a unit raises that was not done, and what to say then."""
DIED: Died = {BrokenProcessPool: lambda: ProcessLostError(Message("errors.process_killed"))}
"""Where processes of this machine were killed."""
_LACKING = (MemoryError, OSError, RuntimeError, ImportError)
"""What is raised where there is too little of something, among other things."""


def completed(units: "Iterable[Future[T]]", died: Died = DIED) -> "Iterator[Future[T]]":
    """The units as they end. Raises what a unit raised, and RenderError for what ``died``."""
    for future in as_completed(units):
        try:
            future.result()
        except tuple(died) as error:
            raise died[type(error)]() from error
        yield future


def _done(unit: Callable[..., T], *arguments: object) -> T:
    """Calls ``unit``; what libraries raise for lack of memory would only be known by loading them
    where the work was handed out."""
    try:
        return unit(*arguments)
    except _LACKING as error:
        _tell_lack(error)
        raise


def _tell_lack(error: BaseException) -> None:
    """Raises ProcessLostError where ``error`` comes of too little memory, or the like."""
    lack = environment.exhausted(error)
    if lack:
        raise ProcessLostError(
            f"a rendering process was killed, or could not be started, for lack of {lack}: close"
            " other programs, or allow more (ulimit -a), and run the command again, with fewer"
            " --jobs"
        ) from error


def _check_threads() -> None:
    """Raises RuntimeError where there is no room for the threads of an executor, which would wait
    for ever without them."""
    ended = threading.Event()
    threads = [threading.Thread(target=ended.wait) for _ in range(_THREADS)]
    try:
        for thread in threads:
            thread.start()
    finally:
        ended.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join()


def _start_method() -> str:
    """A fork is ten times faster than a fresh Python, but safe only from a single thread."""
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if can_fork else "spawn"


def _prepare() -> None:
    """Prepares a fresh process: Ctrl-C is for its parent to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or numpy takes memory for one a core
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries print where memory is short
        _end_with_parent()
    except (OSError, RuntimeError):
        os._exit(1)  # whoever handed out work says so


def _end_with_parent() -> None:
    """Ends this process as soon as its parent is gone, killed or not: a pool would wait forever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
