"""Files which only their owner can read: written completely, appended to, locked; and secrets."""

import hashlib
import os
import re
import secrets
import shlex
import tempfile
from contextlib import AbstractContextManager, suppress
from datetime import date
from itertools import chain, count
from pathlib import Path

from voicecoach.cache import user_cache
from voicecoach.errors import StorageError
from voicecoach.files import part_beside, write_whole
from voicecoach.messages import Message, reason

PROFILE, CHECK_INS = "voicecoach.yaml", "voicecoach-checkins.txt"
"""The files in which a client's answers are kept."""
PRESCRIPTION = "prescription.yaml"
"""The file with what a clinician prescribed for her."""
PLACES = ".voicecoach-places.json"
"""The file in which her folder remembers where her packs are."""
UNFINISHED = "voicecoach-unfinished.yaml"
"""The answers of an interview that is not finished yet."""
_PART_PREFIX = ".voicecoach-own-"
_PART_SUFFIX = ".part"


_PUT_ASIDE = re.compile(r"\.[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]+)?")
"""What the name of a file gets when it is put aside: a day, and a number if that is taken."""


def kept_in(folder: Path) -> list[Path]:
    """The files in ``folder`` that hold a client's answers, also those put aside. Raises
    StorageError."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise StorageError(
            Message("errors.folder_cannot_be_read", folder=folder, reason=reason(error))
        ) from error
    return [
        folder / name
        for own in (CHECK_INS, PRESCRIPTION, PROFILE, UNFINISHED)
        for name in names
        if name == own or (name.startswith(own) and _PUT_ASIDE.fullmatch(name[len(own) :]))
    ]


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


_SECRET_BYTES = 16
"""128 random bits, too many to guess."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,128}")


def why(error: OSError | StorageError) -> str:
    """The reason in ``error``, of the system where it has one."""
    cause = error if isinstance(error, OSError) else error.__cause__
    return reason(cause) if isinstance(cause, OSError) else str(error)


def obtain_secret(path: Path, *, new: bool = False) -> str:
    """The secret text in ``path``; a new one if there is none yet, or if ``new``. Only the user can
    read it.

    Raises ValueError if the file holds no secret; OSError or StorageError if it cannot be read or
    written.
    """
    return (None if new else _read_secret(path)) or _make_secret(path, new=new)


def _read_secret(path: Path) -> str | None:
    try:
        secret = path.read_text("ascii").strip()
    except FileNotFoundError:
        return None
    if not _SECRET.fullmatch(secret):
        raise ValueError("not a secret of ours")
    return secret


def _make_secret(path: Path, *, new: bool) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    part = part_beside(path)
    try:
        write_whole(part, f"{secrets.token_urlsafe(_SECRET_BYTES)}\n".encode(), mode=0o600)
        if new:
            part.replace(path)
        else:
            _put_first(part, path)
    finally:
        part.unlink(missing_ok=True)
    secret = _read_secret(path)
    assert secret is not None
    return secret


def _put_first(part: Path, path: Path) -> None:
    """Links ``part`` as ``path``, unless a process that started at the same time was faster."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        part.replace(path)


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
