"""Files that appear whole or not at all, and files sealed with a hash of their name and bytes."""

import errno
import hashlib
import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from voicecoach.environment import CACHE_VARIABLE
from voicecoach.errors import StorageError
from voicecoach.messages import Message, reason

_VERSION = 1
"""The version of the format; increase it when the meaning of the content changes."""
_SEAL_BYTES = 65
"""A line feed and a SHA-256 in hexadecimal digits."""
_OUT_OF = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})


class DamagedError(Exception):
    """A file exists, but is not what was written under its name."""


def sealed(name: str, data: bytes) -> bytes:
    """``data`` followed by the hash for ``name``."""
    return data + _seal(name, data)


def read_sealed(path: Path, name: str) -> bytes | None:
    """The data that was sealed as ``name``; ``None`` if ``path`` does not exist.

    Raises DamagedError if ``path`` is anything else, or cannot be read; StorageError if this
    process cannot open any files.
    """
    try:
        with open(path, "rb", opener=_opened) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise DamagedError
            data = file.read(max(0, found.st_size - _SEAL_BYTES))
            if file.read() != _seal(name, data):
                raise DamagedError
            return data
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno in _OUT_OF:
            raise StorageError(
                Message("errors.cannot_be_read", path=path, reason=reason(error))
            ) from error
        if not os.path.lexists(path):
            return None  # its folder may not be searched
        raise DamagedError from error


def make_way(path: Path, root: Path) -> bool:
    """Moves away whatever prevents writing to ``path``, below ``root``: a folder of that name, or a
    file or broken link where a folder should be. Returns whether there was anything."""
    in_the_way = [path] if path.is_dir() and not path.is_symlink() else []
    for folder in path.parents:
        if folder == root:
            break
        if os.path.lexists(folder) and not folder.is_dir():
            in_the_way.append(folder)
    for place in in_the_way:
        place.rename(place.with_name(f"{place.name}.moved-{os.urandom(4).hex()}"))
    return bool(in_the_way)


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # does not block on a named pipe


def _seal(name: str, data: bytes) -> bytes:
    digest = hashlib.sha256(f"{_VERSION} {name}\n".encode())
    digest.update(data)
    return f"\n{digest.hexdigest()}".encode()


PART_PREFIX, PART_SUFFIX = ".voicecoach-", ".part"
"""Prefix and suffix of the names of incomplete files."""
_DAY_S = 86_400


def write_whole(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Writes ``data`` to ``path``, which always has either its old or its new content, never a
    part. The user's umask applies to ``mode``.

    Raises StorageError if it cannot be written; then nothing has changed.
    """
    try:
        try:
            _write(path, data, mode)
        except FileNotFoundError:  # a build with another cache took the part for a killed build's
            _write(path, data, mode)
    except OSError as error:
        raise StorageError(
            Message("errors.no_room", path=path, reason=reason(error), variable=CACHE_VARIABLE)
        ) from error


def _write(path: Path, data: bytes, mode: int) -> None:
    part = part_beside(path)
    file = _created(part, mode)
    try:
        with file:
            file.write(data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def part_beside(path: Path) -> Path:
    """A new temporary name for a file that is renamed to ``path`` once complete."""
    return path.with_name(f"{PART_PREFIX}{os.urandom(16).hex()}{PART_SUFFIX}")


def _created(path: Path, mode: int) -> BinaryIO:
    """A new open file; creates its folder if missing."""
    try:
        return open(path, "xb", opener=partial(os.open, mode=mode))
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "xb", opener=partial(os.open, mode=mode))


def remove_parts(folder: Path) -> None:
    """Removes incomplete files of killed writers from ``folder``; no other writer may be active
    there."""
    for path in folder.glob(f"{PART_PREFIX}*{PART_SUFFIX}"):
        path.unlink(missing_ok=True)


def remove_old_parts(root: Path) -> None:
    """Removes incomplete files older than a day anywhere below ``root``."""
    too_old_s = time.time() - _DAY_S
    for path in root.rglob(f"{PART_PREFIX}*{PART_SUFFIX}"):
        with suppress(OSError):  # another process removed it, or it cannot be removed
            if path.stat().st_mtime < too_old_s:
                path.unlink()


FileState = tuple[int, int, int, int, int]
"""Device, inode, size, and the times at which content and inode changed: while all are equal, the
content is the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The hash and size of a content."""

    sha256: str
    bytes: int


def digest_of(data: bytes) -> Digest:
    """The digest of ``data``."""
    return Digest(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def digest_of_file(path: Path) -> Digest | None:
    """The digest of the file ``path``; ``None`` if there is no file. Raises OSError."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return Digest(sha256=sha256, bytes=file.tell())
    except FileNotFoundError:
        return None


def state_or_none(path: Path) -> FileState | None:
    """The state of the file ``path``; ``None`` if there is none that can be looked at."""
    try:
        return state_of(path)
    except OSError:
        return None


def state_of(path: Path) -> FileState:
    """The state of the file ``path``. Raises OSError."""
    found = path.stat()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
