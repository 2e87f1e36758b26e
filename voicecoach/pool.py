"""Where rendering runs: processes on this machine. Slow to import, so imported when needed."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection

from voicecoach.errors import RenderError


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """``jobs`` processes. On an error, or Ctrl-C, they are ended at once."""
    executor = ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context(_start_method()), initializer=_prepare
    )
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()  # whatever it was writing is not visible yet
        raise
    executor.shutdown()


Died = Mapping[type[BaseException], str]
"""What a unit raises that somebody stopped, and what to say then."""
DIED: Died = {
    BrokenProcessPool: "a rendering process was killed, perhaps for lack of memory: run the command"
    " again, with fewer --jobs"
}
"""Where processes of this machine were killed."""


def completed(units: Iterable[Future[None]], died: Died = DIED) -> Iterator[Future[None]]:
    """The units as they end. Raises what a unit raised, RenderError for what ``died``."""
    for future in as_completed(units):
        try:
            future.result()
        except tuple(died) as error:
            raise RenderError(died[type(error)]) from error
        yield future


def _start_method() -> str:
    """A fork is ten times faster than a fresh Python, but safe only from a single thread."""
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if can_fork else "spawn"


def _prepare() -> None:
    """Prepares a fresh process: Ctrl-C is for its parent to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()


def _end_with_parent() -> None:
    """Ends this process as soon as its parent is gone, killed or not: a pool would wait forever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
