"""Content of files, identified by its hash, that cannot change while it is read.

A file that is held open stays readable after it was replaced. Open files cannot be replaced on
Windows, so there a file is opened for each read, which fails once it was replaced.
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
"""Whether open files can be replaced, and read by several threads; not on Windows."""
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_PLENTY = 100_000
Identity = tuple[int, int, int, int]
"""Device, inode, size and time of change, which identify one version of a file."""


class ChangedError(StorageError):
    """A file has changed since it was verified."""


class Content(Protocol):
    """Bytes identified by their hash."""

    sha256: str
    size: int

    def read(self, start: int, count: int) -> bytes:
        """``count`` bytes from ``start``, or fewer at the end. Raises ChangedError."""


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
    """``content`` as gzip, with its own hash. Raises ChangedError."""
    return _gzip(content.read(0, content.size))


@lru_cache(maxsize=128)
def _gzip(data: bytes) -> Kept:
    return Kept(gzip.compress(data, mtime=0))


class Held:
    """A file that stays open as long as this object exists; for many readers at once."""

    def __init__(self, path: Path, handle: int, *, hold: bool) -> None:
        """Hashes the file of ``handle``, and takes ownership of it."""
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
        """Whether the file is unchanged."""
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
    """The file ``path``, held open if ``hold``.

    It is not held if half of the file handles are in use: the rest is for connections. Raises
    OSError, also if it is a link, and StorageError if it is not a regular file.
    """
    handle = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StorageError(f"{path}: is not a file")
    few_are_open = handle < most_open_files() // 2  # the system assigns the lowest free handle
    return Held(path, handle, hold=hold and few_are_open)


def most_open_files() -> int:
    """The limit of open files of this process."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return _PLENTY
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _PLENTY if soft == resource.RLIM_INFINITY else soft


def identity_of(status: os.stat_result) -> Identity:
    """The identity of a version of a file."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
