"""Files that appear whole or not at all, and the cache of recordings and encoded audio."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import platformdirs

from voicecoach.errors import StorageError

CACHE_VARIABLE = "VOICECOACH_CACHE"
"""Environment variable that names another folder for the cache."""
DATA_VARIABLE = "VOICECOACH_DATA"
"""Environment variable that names another folder for what is kept for good."""
PART_PREFIX, PART_SUFFIX = ".voicecoach-", ".part"
"""Around the names of files that are not whole yet."""
_DAY_S = 86_400
_HOMELESS = "this user has no home folder, so there is no place for what voicecoach keeps"


def write_whole(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Writes ``data`` to ``path``, which holds its old content or all of the new, never a part.
    Of ``mode`` the user's umask is taken away.

    Raises StorageError where it cannot be written; then nothing has changed.
    """
    part = part_beside(path)
    try:
        file = _created(part, mode)
        try:
            with file:
                file.write(data)
            part.replace(path)
        except BaseException:
            part.unlink()
            raise
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(
            f"{path}: cannot be written: {reason}; free some space, or choose another folder with"
            f" --out (for the cache: with {CACHE_VARIABLE})"
        ) from error


def part_beside(path: Path) -> Path:
    """A new name for what is to become ``path`` once it is whole."""
    return path.with_name(f"{PART_PREFIX}{os.urandom(16).hex()}{PART_SUFFIX}")


def _created(path: Path, mode: int) -> BinaryIO:
    """A new file; its folder is made where it is missing."""
    try:
        return open(path, "xb", opener=partial(os.open, mode=mode))
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "xb", opener=partial(os.open, mode=mode))


def remove_parts(folder: Path) -> None:
    """Removes what killed writers left in ``folder``; no other writer may be at work there."""
    for path in folder.glob(f"{PART_PREFIX}*{PART_SUFFIX}"):
        path.unlink(missing_ok=True)


def size_of(path: Path) -> int | None:
    """The size of a file in bytes; ``None`` where there is none. Raises StorageError."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be read: {error.strerror}; {CACHE_VARIABLE} names another folder for"
            " the cache"
        ) from error


def remove_old_parts(root: Path) -> None:
    """Removes what writers killed more than a day ago left anywhere below ``root``."""
    too_old_s = time.time() - _DAY_S
    for path in root.rglob(f"{PART_PREFIX}*{PART_SUFFIX}"):
        with suppress(FileNotFoundError):  # another process may be tidying up too
            if path.stat().st_mtime < too_old_s:
                path.unlink()


class LockedError(StorageError):
    """Another process holds a lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """A folder of files named by a hash of everything that shaped them; any may be deleted."""

    root: Path

    def recording(self, key: str) -> Path:
        """Where the recording of an utterance lies, a WAV file."""
        return self.root / "recordings" / key[:2] / f"{key}.wav"

    def bed(self, key: str) -> Path:
        """Where the loop of a bed lies, samples without a header."""
        return self.root / "beds" / f"{key}.pcm"

    def audio(self, key: str) -> Path:
        """Where the encoded sound of a session lies, MP3 without tags."""
        return self.root / "audio" / f"{key}.mp3"

    def note(self, key: str) -> Path:
        """Where size and hash of a finished file are noted."""
        return self.root / "notes" / key[:2] / f"{key}.json"

    @contextmanager
    def lock(self, name: str, *, waits: bool = True) -> Iterator[None]:
        """Holds the lock ``name`` against other processes that use this cache.

        Raises StorageError where it cannot be taken, and LockedError where another process holds it
        and it is not waited for.
        """
        import filelock  # slow to import, and a build without changes needs no lock

        path = self.root / "locks" / f"{name}.lock"
        held = filelock.FileLock(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            held.acquire(timeout=-1 if waits else 0)
        except filelock.Timeout as error:
            raise LockedError(f"{path}: another process holds this lock") from error
        except OSError as error:
            raise StorageError(f"{path}: cannot be locked: {error.strerror or error}") from error
        try:
            yield
        finally:
            held.release()


def user_cache() -> Cache:
    """The cache of this user, or the folder that VOICECOACH_CACHE names."""
    named = os.environ.get(CACHE_VARIABLE)
    root = Path(named) if named else _of_user(platformdirs.user_cache_path, CACHE_VARIABLE)
    return Cache(root=root)


def user_data() -> Path:
    """The folder of this user for what is kept for good, or the one that VOICECOACH_DATA names; it
    may not exist yet."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else _of_user(platformdirs.user_data_path, DATA_VARIABLE)


def _of_user(folder: Callable[[str], Path], variable: str) -> Path:
    """A folder of this user. Raises StorageError where nobody knows where hers are."""
    try:
        found = folder("voicecoach")
    except RuntimeError as error:
        raise StorageError(f"{_HOMELESS}; name one with {variable}") from error
    if not found.is_absolute():
        raise StorageError(f"{_HOMELESS}; name one with {variable}")
    return found
