"""One sync at a time to one destination."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from voicecoach.errors import StorageError, SyncError
from voicecoach.store import Cache


@contextmanager
def alone(key: str, shown: str, cache: Cache) -> Iterator[None]:
    """Holds the destination ``key`` against other syncs of this user. Raises SyncError where one
    is at work; StorageError where the lock cannot be taken."""
    import filelock  # slow to import

    name = hashlib.sha256(f"sync {key}".encode(errors="surrogateescape")).hexdigest()[:32]
    path = cache.root / "locks" / f"{name}.lock"
    held = filelock.FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held.acquire(timeout=0)
    except filelock.Timeout as error:
        raise SyncError(f"{shown}: another sync is at work there; wait for it to end") from error
    except OSError as error:
        raise StorageError(f"{path}: cannot be locked: {error.strerror or error}") from error
    try:
        yield
    finally:
        held.release()
