"""Files as content that is known by its hash, and that cannot change under whoever reads it.

A file that is held open can be read on after another was put in its place. Where open files cannot
be replaced (Windows), a file is known by name instead: once it was replaced, reading it fails.
"""

import gzip
import hashlib
import os
import stat
import weakref
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from voicecoach.errors import StorageError

CAN_HOLD = hasattr(os, "pread")
"""Whether open files can be replaced and read in parts side by side; not so on Windows."""
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_PLENTY = 100_000
Identity = tuple[int, int, int, int]
"""Device, inode, size and time of change: tells one writing of a file from the next."""


class ChangedError(StorageError):
    """A file is not any more what it was when it was verified."""


class Content(Protocol):
    """Bytes that are known by their hash."""

    sha256: str
    size: int

    def read(self, start: int, count: int) -> bytes:
        """``count`` bytes from ``start`` on, fewer at the end. Raises ChangedError."""


class Kept:
    """Content in memory."""

    def __init__(self, data: bytes) -> None:
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.size = len(data)
        self._data = data

    def read(self, start: int, count: int) -> bytes:
        """See :class:`Content`."""
        return self._data[start : start + count]


def compressed(content: Content) -> Kept:
    """``content`` as gzip, known by a hash of its own. Raises ChangedError."""
    return _gzip(content.read(0, content.size))


@lru_cache(maxsize=128)
def _gzip(data: bytes) -> Kept:
    return Kept(gzip.compress(data, mtime=0))


class Held:
    """A file, open for as long as anyone refers to this object; at once for many readers."""

    def __init__(self, path: Path, handle: int, *, hold: bool) -> None:
        """Reads the file behind ``handle``, and owns it from here on."""
        self._path = path
        self._handle = handle if hold else None
        self._close = weakref.finalize(self, os.close, handle)
        self.identity = identity_of(os.fstat(handle))
        with os.fdopen(handle, "rb", closefd=False) as file:
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self.size = self.identity[2]
        if not hold:
            self._close()

    def read(self, start: int, count: int) -> bytes:
        """See :class:`Content`."""
        try:
            data, identity = self._read(start, count)
        except OSError as error:
            raise ChangedError(f"{self._path}: cannot be read: {error.strerror}") from error
        if identity != self.identity:
            raise ChangedError(f"{self._path}: was changed; build again")
        return data

    def is_intact(self) -> bool:
        """Whether nobody has written into the file."""
        try:
            self.read(0, 0)
        except ChangedError:
            return False
        return True

    def _read(self, start: int, count: int) -> tuple[bytes, Identity]:
        if self._handle is not None:
            data = os.pread(self._handle, count, start)
            return data, identity_of(os.fstat(self._handle))
        with self._path.open("rb") as file:
            file.seek(start)
            return file.read(count), identity_of(os.fstat(file.fileno()))


def open_held(path: Path, *, hold: bool) -> Held:
    """The file ``path``, held open where ``hold``.

    It is not held where half of the files that may be open are: the rest is for connections.
    Raises OSError, also where it is a link, and StorageError where it is no file.
    """
    handle = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StorageError(f"{path}: is no file")
    few_are_open = handle < most_open_files() // 2  # a handle is the lowest number that is free
    return Held(path, handle, hold=hold and few_are_open)


def most_open_files() -> int:
    """How many files this process may have open at once."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return _PLENTY
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _PLENTY if soft == resource.RLIM_INFINITY else soft


def identity_of(status: os.stat_result) -> Identity:
    """What tells one writing of a file from the next."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
