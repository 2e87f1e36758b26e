"""A client's files, which only their owner can read: written completely, appended to, locked."""

import hashlib
import os
import shlex
import tempfile
from contextlib import AbstractContextManager, suppress
from datetime import date
from itertools import chain, count
from pathlib import Path

from voicecoach.cache import user_cache
from voicecoach.errors import StorageError
from voicecoach.messages import Message, reason

PROFILE, CHECK_INS = "voicecoach.yaml", "voicecoach-checkins.txt"
"""The files in which a client's answers are kept."""
UNFINISHED = "voicecoach-unfinished.yaml"
"""The answers of an interview that is not finished yet."""
_PART_PREFIX = ".voicecoach-own-"
_PART_SUFFIX = ".part"


def lock(path: Path) -> AbstractContextManager[None]:
    """Locks ``path``, by a lock whose name does not reveal it. Raises StorageError."""
    place = os.fsencode(path.resolve())
    return user_cache().lock(hashlib.sha256(place).hexdigest()[:32])


def refuse_open(path: Path) -> None:
    """Raises StorageError, with how to fix it, if others can read or change ``path``."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise StorageError(
            Message("errors.cannot_be_read", path=path, reason=reason(error))
        ) from error
    if _is_open(mode):
        raise StorageError(
            Message("errors.open_to_others", path=path, quoted=shlex.quote(str(path)))
        )


def write(path: Path, data: bytes) -> None:
    """Writes ``data`` to ``path``, which always has either its old or its new content, and is never
    readable by others. If it is a link, its target is written.

    Raises StorageError, also if the drive has no such permissions; then nothing has changed.
    """
    real = path.resolve()
    try:
        handle, part = tempfile.mkstemp(_PART_SUFFIX, _PART_PREFIX, real.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                _refuse_open_drive(path, handle)
                file.write(data)
                file.flush()
                os.fsync(handle)
            Path(part).replace(real)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _keep_name(real.parent)
    except OSError as error:
        raise StorageError(
            Message(
                "errors.private_cannot_be_written",
                path=path,
                reason=reason(error),
            )
        ) from error


def remove_parts(folder: Path) -> None:
    """Removes incomplete files of killed writers from ``folder``; none may be active there."""
    for path in folder.glob(f"{_PART_PREFIX}*{_PART_SUFFIX}"):
        path.unlink(missing_ok=True)


def put_aside(path: Path, on: date) -> None:
    """Renames ``path`` to its name and the day ``on``: ``voicecoach.yaml.2026-11-27``, or
    ``….2026-11-27-2`` if there is one. Does nothing if there is no ``path``.

    Whoever calls this holds a lock that keeps others from the same names. Raises StorageError.
    """
    if not os.path.lexists(path):
        return
    endings = chain([""], (f"-{number}" for number in count(2)))
    names = (path.with_name(f"{path.name}.{on}{ending}") for ending in endings)
    aside = next(name for name in names if not os.path.lexists(name))
    try:
        path.rename(aside)
        _keep_name(path.resolve().parent)
    except OSError as error:
        raise StorageError(
            Message("errors.private_cannot_be_written", path=aside, reason=reason(error))
        ) from error


def append(path: Path, line: bytes, head: bytes) -> None:
    """Appends ``line`` to ``path``; a new file begins with ``head``. If the last line is not
    terminated, a line break comes first. The line is on the disk when this returns; if this raises,
    nothing of it is left.

    Raises OSError; StorageError if others can read the file.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    is_new = not path.exists()
    handle = os.open(path, flags, 0o600)
    try:
        refuse_open(path)
        size = os.lseek(handle, 0, os.SEEK_END)
        data = line if size else head + line
        if size:
            os.lseek(handle, -1, os.SEEK_END)
            data = data if os.read(handle, 1) == b"\n" else b"\n" + data
        _write_or_take_back(handle, data)
    except BaseException:
        if is_new and not os.fstat(handle).st_size:
            path.resolve().unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    if not size:
        _keep_name(path.resolve().parent)


def _write_or_take_back(handle: int, data: bytes) -> None:
    """Appends ``data`` to an open file, completely or not at all."""
    start, left = os.lseek(handle, 0, os.SEEK_END), data
    try:
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    except BaseException:  # also on Ctrl-C, nothing may be left
        with suppress(OSError):  # an incomplete line is detected when the file is read
            os.lseek(handle, start, os.SEEK_SET)
            # A process with another cache has another lock, and may have appended a line since.
            if data.startswith(os.read(handle, len(data) + 1)):
                os.ftruncate(handle, start)
                os.fsync(handle)
        raise


def _is_open(mode: int) -> bool:
    """Whether others can access a file of this ``mode``; files on Windows have no such mode."""
    return os.name == "posix" and bool(mode & 0o077)


def _refuse_open_drive(path: Path, handle: int) -> None:
    if _is_open(os.fstat(handle).st_mode):
        raise StorageError(Message("errors.drive_not_private", path=path))


def _keep_name(folder: Path) -> None:
    """Flushes the folder, so that a new file survives a power failure. Raises OSError."""
    if os.name != "posix":
        return  # Windows cannot open a folder
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
