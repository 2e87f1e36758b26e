"""Runs rendering on the workers of a Dask cluster. The only importer of distributed.

The workers write to the cache, which they must all share.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from functools import partial
from typing import Any

from voicecoach.cache import Cache
from voicecoach.errors import ProcessLostError, RenderError
from voicecoach.files import write_whole
from voicecoach.rendering import tasks
from voicecoach.rendering.pool import Died

_PATIENCE_S = 10
_START = "start them with: dask scheduler, and on each machine: dask worker ADDRESS"
_AGAIN = "run the command again: what is done is kept"


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
    died: Died = {
        CancelledError: partial(
            RenderError, f"{address}: the scheduler is gone; start it, and {_AGAIN}"
        ),
        KilledWorker: partial(
            ProcessLostError,
            f"{address}: several workers were killed at the same work, perhaps for lack of memory;"
            f" {_AGAIN}",
        ),
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
    if isinstance(lack, BaseException):
        return f"voicecoach is not installed there as it is here ({lack})"
    return str(lack)
