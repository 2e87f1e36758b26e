"""A folder as a destination: a card, a stick, a mounted phone, a synced folder."""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from voicecoach import messages
from voicecoach.errors import SyncError
from voicecoach.messages import Message
from voicecoach.phone.sync import destination as trouble
from voicecoach.phone.sync.destination import (
    HAS_GONE,
    IS_FULL,
    IS_READ_ONLY,
    PART,
    Found,
    Kind,
    RenameRefusedError,
    Space,
)

_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})
_USUAL_BLOCK_BYTES = 32 * 1024
"""Block size of a card of 32 GB, assumed if the file system does not report one."""


class FolderDestination:
    """A folder below the existing folder ``mount``; see :class:`Destination`.

    If ``mount`` is suddenly another file system, the card was pulled out: nothing is written to
    the folder under the mount point.
    """

    def __init__(self, root: Path, mount: Path) -> None:
        self._root = root
        self._mount = mount
        with self._errors_explained(mount):
            self._device = mount.stat().st_dev

    @property
    def shown(self) -> str:
        """See :class:`voicecoach.phone.sync.destination.Destination`, as for all methods."""
        return str(self._root)

    @property
    def key(self) -> str:
        """The folder with links resolved."""
        return str(self._root.resolve())

    def look(self) -> tuple[Found, ...]:
        """Does not follow links."""
        with self._errors_explained(self._root):
            return tuple(self._below(self._root, "")) if self._root.exists() else ()

    def silenced_by(self, folders: Sequence[str]) -> tuple[str, ...]:
        """Searches up to the root of the file system."""
        with self._errors_explained(self._root):
            above = [folder for folder in self._root.parents if _device(folder) == self._device]
            places = [self._root / folder for folder in folders]
            return tuple(
                str(folder / ".nomedia")
                for folder in (*reversed(above), self._root, *places)
                if (folder / ".nomedia").exists()
            )

    def space(self) -> Space | None:
        """``None`` for mounted phones that report a size of zero."""
        with self._errors_explained(self._mount):
            usage = shutil.disk_usage(self._mount)
            if usage.total == 0:
                return None
            block = os.statvfs(self._mount).f_frsize if hasattr(os, "statvfs") else 0
            return Space(free_bytes=usage.free, block_bytes=block or _USUAL_BLOCK_BYTES)

    def read(self, path: str) -> bytes | None:
        """Only for small files."""
        with self._errors_explained(self._root / path):
            try:
                return (self._root / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def sha256(self, path: str) -> str:
        """Read from the medium rather than the page cache, if the system allows."""
        with self._errors_explained(self._root / path):
            return _sha256(self._root / path)

    def put(self, path: str, data: bytes, *, direct: bool) -> None:
        """The file is flushed to the medium and read back from it before it gets its name."""
        final = self._root / path
        part = final if direct else final.with_name(final.name + PART)
        with self._errors_explained(final):
            self._check_there()
            self._make(final.parent)
            if not (_written(part, data, once=not direct) or _written(part, data, once=True)):
                raise trouble.damaged(str(final))
            if not direct:
                self._rename(part, final)

    def remove(self, path: str) -> None:
        """Files only."""
        with self._errors_explained(self._root / path):
            self._check_there()
            (self._root / path).unlink(missing_ok=True)

    def remove_folder(self, path: str) -> None:
        """Ignores failures, because an empty folder is harmless."""
        with contextlib.suppress(OSError):
            (self._root / path).rmdir()

    def _below(self, folder: Path, prefix: str) -> Iterator[Found]:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    yield Found(path=path, kind=Kind.FOLDER)
                    yield from self._below(folder / entry.name, f"{path}/")
                elif entry.is_file(follow_symlinks=False):
                    size = entry.stat(follow_symlinks=False).st_size
                    yield Found(path=path, kind=Kind.FILE, bytes=size)
                else:
                    yield Found(path=path, kind=Kind.OTHER)

    def _check_there(self) -> None:
        if _device(self._mount) != self._device:
            raise trouble.gone(str(self._mount))

    def _make(self, folder: Path) -> None:
        """Creates ``folder``, but not the mount point."""
        if folder != self._mount and not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)

    def _rename(self, part: Path, final: Path) -> None:
        try:
            part.replace(final)
        except OSError as error:
            _discard(part)
            if error.errno in IS_FULL or _device(self._mount) != self._device:
                raise
            raise RenameRefusedError from error
        _sync_folder(final.parent)

    @contextmanager
    def _errors_explained(self, path: Path) -> Iterator[None]:
        """Turns an OSError into a SyncError, which says what to do."""
        try:
            yield
        except OSError as error:
            reason = messages.reason(error)
            if error.errno in IS_FULL:
                raise trouble.full(self.shown) from error
            if error.errno in HAS_GONE or _device(self._mount) != self._device:
                raise trouble.gone(str(self._mount)) from error
            if error.errno in IS_READ_ONLY:
                raise trouble.read_only(str(path), reason) from error
            raise SyncError(Message("errors.sync_failed", path=path, reason=reason)) from error


def _written(path: Path, data: bytes, *, once: bool) -> bool:
    """Writes ``data``, reads it back, and returns whether it is right; if not, removes the file.

    Raises OSError if it cannot be written; but returns ``False`` instead if another attempt may
    help, unless ``once``.
    """
    path.unlink(missing_ok=True)
    file = path.open("xb")  # never follows a link
    try:
        with file:
            file.write(data)
            file.flush()
            _sync(file.fileno())
        right = path.stat().st_size == len(data) and _sha256(path) == _sha256_of(data)
    except OSError as error:
        _discard(path)
        if once or error.errno in IS_FULL | IS_READ_ONLY:
            raise
        return False
    except BaseException:
        _discard(path)
        raise
    if not right:
        _discard(path)
    return right


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            with contextlib.suppress(OSError):  # without it, bytes may come from the page cache
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sync(handle: int) -> None:
    """Flushes a file to the medium, unless a mounted phone does not support that."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


def _sync_folder(folder: Path) -> None:
    """Flushes a folder's entries to the medium, if the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _discard(path: Path) -> None:
    with contextlib.suppress(OSError):  # the first error is the one to report
        path.unlink()


def _device(path: Path) -> int | None:
    """The file system of ``path``; ``None`` if the path is gone."""
    try:
        return path.stat().st_dev
    except OSError:
        return None
