"""Runs rendering in processes on this machine, or on the workers of a Dask cluster, which must all
share the cache. Slow to import, so imported when needed.
"""

import logging
import multiprocessing
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection
from typing import Any, TypeVar

from voicecoach import environment
from voicecoach.cache import Cache
from voicecoach.errors import ProcessLostError, RenderError
from voicecoach.files import write_whole
from voicecoach.messages import Message
from voicecoach.rendering import tasks

T = TypeVar("T")
_THREADS = 2
"""The threads that an executor needs."""
_PATIENCE_S = 10
_START = "start them with: dask scheduler, and on each machine: dask worker ADDRESS"
_AGAIN = "run the command again: what is done is kept"


class Processes:
    """``jobs`` processes, started when first needed, replaced if they are killed; thread-safe."""

    def __init__(self, jobs: int, note: Callable[[str], None]) -> None:
        """``note`` receives a message when killed processes were replaced."""
        self._jobs = jobs
        self._note = note
        self._executor: ProcessPoolExecutor | None = None
        self._were_lost = False
        self._lock = threading.Lock()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Waits for running units. On an error, or Ctrl-C, kills the processes at once."""
        if kind is not None:
            _kill_children()
        if self._executor is not None:
            # Always wait: a thread of the pool that ends while Python exits may raise.
            self._executor.shutdown(cancel_futures=kind is not None)
        if self._were_lost:
            _kill_children()

    def submit(self, unit: Callable[..., Any], /, *arguments: object) -> "Future[Any]":
        """Like Executor.submit. Raises ProcessLostError if no process can be started."""
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
                _raise_if_exhausted(error)
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
        process.kill()  # safe: files appear only once they are complete


Died = Mapping[type[BaseException], Callable[[], RenderError]]
"""What a unit raises that was not done, and what to say then."""
DIED: Died = {BrokenProcessPool: lambda: ProcessLostError(Message("errors.process_killed"))}
"""Where processes of this machine were killed."""
_LACKING = (MemoryError, OSError, RuntimeError, ImportError)
"""What is raised where there is too little of something, among other things."""


def completed(units: "Iterable[Future[T]]", died: Died = DIED) -> "Iterator[Future[T]]":
    """The units as they complete. Raises what a unit raised; RenderError for exceptions in
    ``died``, which mean that a worker was killed."""
    for future in as_completed(units):
        try:
            future.result()
        except tuple(died) as error:
            raise died[type(error)]() from error
        yield future


def _done(unit: Callable[..., T], *arguments: object) -> T:
    """Calls ``unit``. Out-of-memory errors of libraries are translated here, because the parent
    would have to import those libraries to recognise them."""
    try:
        return unit(*arguments)
    except _LACKING as error:
        _raise_if_exhausted(error)
        raise


def _raise_if_exhausted(error: BaseException) -> None:
    """Raises ProcessLostError if ``error`` means too little memory, threads or processes."""
    lack = environment.exhausted(error)
    if lack:
        raise ProcessLostError(
            f"a rendering process was killed, or could not be started, for lack of {lack}: close"
            " other programs, or allow more (ulimit -a), and run the command again, with fewer"
            " --jobs"
        ) from error


def _check_threads() -> None:
    """Raises RuntimeError if the threads of an executor cannot start; it would hang without
    them."""
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
    """``fork`` is ten times faster than a fresh Python, but safe only from a single thread."""
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if can_fork else "spawn"


def _prepare() -> None:
    """Prepares a fresh process: Ctrl-C is for its parent to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or numpy reserves some per thread
    try:
        # hides what libraries print when memory is short
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        _end_with_parent()
    except (OSError, RuntimeError):
        os._exit(1)  # the parent reports it


def _end_with_parent() -> None:
    """Ends this process once its parent is gone, even if killed; a pool would wait forever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


class Cluster:
    """The workers of a scheduler, each checked to be able to do our work."""

    def __init__(self, address: str, client: Any) -> None:
        self._address = address
        self._client = client
        self.executor: Executor = client.get_executor(pure=False)

    def require(self, lack_of: Callable[..., str | None], *arguments: object) -> None:
        """Raises RenderError with every worker on which ``lack_of`` returns a reason."""
        try:
            found = self._client.run(lack_of, *arguments, on_error="return")
        except OSError as error:
            raise RenderError(f"{self._address}: the scheduler is gone; {_AGAIN}") from error
        lacking = [f"worker {name}: {_said(lack)}" for name, lack in sorted(found.items()) if lack]
        if lacking:
            raise RenderError("\n".join(lacking))


@contextmanager
def connected(address: str, cache: Cache) -> Iterator[tuple[Cluster, Died]]:
    """The cluster whose scheduler is at ``address``; its workers see ``cache``.

    Raises RenderError if there is none, it has no workers, or one of them cannot do our work.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise RenderError(
            "a Dask cluster needs one more library; install it with: pip install 'voicecoach[dask]'"
        ) from error
    logging.disable()  # we report each error once ourselves
    try:
        client = Client(address, timeout=_PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        logging.disable(logging.NOTSET)
        raise RenderError(f"{address}: no Dask scheduler answers; {_START}") from error
    gone = f"{address}: the scheduler is gone; start it, and {_AGAIN}"
    killed = f"{address}: several workers were killed at the same work, perhaps for lack of memory"
    died: Died = {
        CancelledError: lambda: RenderError(gone),
        KilledWorker: lambda: ProcessLostError(f"{killed}; {_AGAIN}"),
    }
    try:
        cluster = Cluster(address, client)
        _require_workers(cluster, client, address, cache)
        yield cluster, died
    finally:
        client.close(timeout=_PATIENCE_S)
        logging.disable(logging.NOTSET)


def _require_workers(cluster: Cluster, client: Any, address: str, cache: Cache) -> None:
    if not client.nthreads():
        raise RenderError(f"{address}: this scheduler has no workers; {_START}")
    mark = cache.root / "marks" / secrets.token_hex(8)
    write_whole(mark, b"")
    try:
        cluster.require(tasks.lack_of_worker, mark, tasks.what_sounds_depend_on())
    finally:
        mark.unlink(missing_ok=True)


def _said(lack: object) -> str:
    """What a worker lacks; if it could not even check, it has no voicecoach, or an older one."""
    is_foreign = isinstance(lack, BaseException)
    return f"voicecoach is not installed there as it is here ({lack})" if is_foreign else str(lack)
