"""One sync at a time to one destination."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from voicecoach.errors import SyncError
from voicecoach.store import Cache, LockedError


@contextmanager
def alone(key: str, shown: str, cache: Cache) -> Iterator[None]:
    """Holds the destination ``key`` against other syncs of this user. Raises SyncError where one
    is at work; StorageError where the lock cannot be taken."""
    name = hashlib.sha256(f"sync {key}".encode(errors="surrogateescape")).hexdigest()[:32]
    with ExitStack() as stack:
        try:
            stack.enter_context(cache.lock(name, waits=False))
        except LockedError as error:
            message = f"{shown}: another sync is at work there; wait for it to end"
            raise SyncError(message) from error
        yield
