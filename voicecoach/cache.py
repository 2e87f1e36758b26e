"""The cache of recordings and encoded audio, by hashes of everything that shaped them."""

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import environment, files
from voicecoach.errors import StorageError
from voicecoach.files import write_whole
from voicecoach.messages import Message, reason

if TYPE_CHECKING:
    import filelock

_NOT_WRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT})


_FILES = (
    "recordings/??/*.wav",
    "beds/*.pcm",
    "audio/*.mp3",
    "notes/??/*.json",
    "receipts/??/*.json",
    "locks/*.lock",
    f"**/{files.PART_PREFIX}*{files.PART_SUFFIX}",
)
"""Every file of a cache."""


class LockedError(StorageError):
    """Another process holds a lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """A folder of files named by a hash of everything that shaped them; all may be deleted.

    Each has a hash of its own path and bytes. One that does not match counts as missing.
    """

    root: Path
    _trouble: dict[str, Message | None] = field(default_factory=dict, repr=False, compare=False)
    """Problems that this process recovered from, by kind; ``None`` once reported."""

    def recording(self, key: str) -> Path:
        """The path of the recording of an utterance, a WAV file."""
        return self.root / "recordings" / key[:2] / f"{key}.wav"

    def bed(self, key: str) -> Path:
        """The path of the loop of a bed, samples without a header."""
        return self.root / "beds" / f"{key}.pcm"

    def audio(self, key: str) -> Path:
        """The path of the encoded sound of a session, MP3 without tags."""
        return self.root / "audio" / f"{key}.mp3"

    def note(self, key: str) -> Path:
        """The path of the size and hash of a finished file."""
        return self.root / "notes" / key[:2] / f"{key}.json"

    def receipt(self, key: str) -> Path:
        """The path of the receipt of a build."""
        return self.root / "receipts" / key[:2] / f"{key}.json"

    def read(self, path: Path) -> bytes | None:
        """The content of ``path``, a path of this cache; ``None`` if it is missing or damaged.
        Raises StorageError if no file can be opened."""
        try:
            return files.read_sealed(path, self._name(path))
        except files.DamagedError:
            self._trouble.setdefault("damaged", Message("errors.cache_damaged", root=self.root))
            return None

    def write(self, path: Path, data: bytes) -> None:
        """Writes ``data`` to ``path``, a path of this cache. Raises StorageError."""
        whole = files.sealed(self._name(path), data)
        try:
            write_whole(path, whole)
        except StorageError:
            if not self._made_way(path):
                raise
            write_whole(path, whole)

    def keep(self, path: Path, data: bytes) -> bool:
        """Writes ``data`` if possible, for optional files. Returns whether it was written."""
        try:
            self.write(path, data)
        except StorageError as error:
            not_kept = Message("errors.cache_not_kept", reason=error.message)
            self._trouble.setdefault("not kept", not_kept)
            return False
        return True

    def remarks(self) -> Iterator[str]:
        """Warnings about the cache, each only once."""
        for kind, remark in sorted(self._trouble.items()):
            if remark is not None:
                self._trouble[kind] = None
                yield remark

    @contextmanager
    def lock(self, name: str, *, waits: bool = True) -> Iterator[None]:
        """Locks ``name`` against other processes of this user with this cache.

        If the cache cannot be written, the lock is in the folder for temporary files. Raises
        StorageError if it cannot be taken, and LockedError if another process holds it and
        ``waits`` is ``False``.
        """
        import filelock  # slow to import, and a build without changes needs no lock

        path = self.root / "locks" / f"{name}.lock"
        try:
            held = self._held(path, waits=waits)
        except filelock.Timeout as error:
            raise LockedError(f"{path}: another process holds this lock") from error
        except OSError as error:
            raise StorageError(
                Message("errors.cannot_be_locked", path=path, reason=reason(error))
            ) from error
        try:
            yield
        finally:
            held.release()

    def clear(self) -> None:
        """Removes every file of this cache, and its folders unless something else is in them.
        Raises OSError."""
        for path in [path for pattern in _FILES for path in self.root.glob(pattern)]:
            path.unlink(missing_ok=True)
        folders = [path for path in self.root.rglob("*") if path.is_dir()]
        for folder in [*sorted(folders, reverse=True), self.root]:
            with suppress(OSError):  # something else is in it
                folder.rmdir()

    def _held(self, path: Path, *, waits: bool) -> "filelock.BaseFileLock":
        """The lock at ``path``, or its substitute. Raises OSError, filelock.Timeout."""
        timeout_s = -1 if waits else 0
        try:
            return _acquired(path, timeout_s)
        except OSError as error:
            if self._made_way(path):
                return _acquired(path, timeout_s)
            if error.errno not in _NOT_WRITABLE:
                raise
        return _acquired(_own_temporary_folder() / path.name, timeout_s)

    def _made_way(self, path: Path) -> bool:
        try:
            return files.make_way(path, self.root)
        except OSError:
            return False

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _acquired(path: Path, timeout_s: float) -> "filelock.BaseFileLock":
    import filelock  # as above

    held = filelock.FileLock(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    held.acquire(timeout=timeout_s)
    return held


def _own_temporary_folder() -> Path:
    """A folder for temporary files that only this user can use. Raises OSError."""
    user = os.getuid() if sys.platform != "win32" else 0  # Windows has one per user
    folder = Path(tempfile.gettempdir()) / f"voicecoach-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user:
        raise PermissionError(errno.EACCES, "belongs to somebody else", str(folder))
    return folder


def user_cache() -> Cache:
    """The cache of this user, or the folder that VOICECOACH_CACHE names."""
    return Cache(root=environment.user_cache_folder())
