"""The folder of a pack: files are put into it whole, and only when they differ."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from voicecoach import store
from voicecoach.errors import StorageError
from voicecoach.store import Cache

_WAY_OUT = "choose another folder with --out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a file's bytes are known by."""

    sha256: str
    bytes: int


class Shelf:
    """A pack's folder while a build works on it; remembers what it changed."""

    def __init__(self, folder: Path, cache: Cache) -> None:
        self.folder = folder
        self._cache = cache
        self._changed: list[str] = []

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the files written or removed, in that order."""
        return tuple(self._changed)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other builds of the same folder waiting, and clears what killed ones left."""
        try:
            place = os.fsencode(self.folder.resolve())
        except OSError as error:
            raise StorageError(f"{self.folder}: cannot be found: {error.strerror}") from error
        with self._cache.lock(hashlib.sha256(place).hexdigest()[:32]):
            store.remove_parts(self.folder)
            yield

    def check(self) -> None:
        """Raises StorageError where files can't be put here: told before the long work begins."""
        try:
            for folder in (self.folder, *self.folder.parents):
                if folder.is_dir():
                    if not os.access(folder, os.W_OK | os.X_OK):
                        tempfile.TemporaryFile(dir=folder).close()  # raises the reason
                    return
                if folder.exists() or folder.is_symlink():
                    raise StorageError(f"{folder}: this is a file, not a folder; {_WAY_OUT}")
        except OSError as error:
            raise StorageError(
                f"{self.folder}: cannot be written: {error.strerror}; {_WAY_OUT}"
            ) from error

    def seems_to_hold(self, name: str, key: str) -> bool:
        """Whether the file has the size that ``key`` stands for: quick, and all but certain."""
        expected = self._noted(key)
        try:
            return expected is not None and (self.folder / name).stat().st_size == expected.bytes
        except OSError:
            return False

    def standing(self, name: str, key: str) -> Digest | None:
        """The digest of the file, if it holds what ``key`` stands for."""
        noted = self._noted(key)
        return noted if noted is not None and self._digest(name) == noted else None

    def holds(self, name: str, data: bytes) -> bool:
        """Whether the file holds ``data``."""
        return self._digest(name) == digest_of(data)

    def put_made(self, name: str, key: str, make: Callable[[], bytes]) -> Digest:
        """Puts the file that ``key`` stands for; ``make`` is called only if it is not there."""
        standing = self.standing(name, key)
        if standing is not None:
            return standing
        data = make()
        made = digest_of(data)
        if self._digest(name) != made:
            self._write(name, data)
        if self._noted(key) != made:
            store.write_whole(self._cache.note(key), json.dumps(asdict(made)).encode())
        return made

    def put(self, name: str, data: bytes) -> None:
        """Puts a file that is quick to make, unless it is there."""
        if not self.holds(name, data):
            self._write(name, data)

    def remove(self, name: str, sha256: str) -> None:
        """Removes a file we wrote, unless its content is no longer what we wrote."""
        digest = self._digest(name)
        if digest is None or digest.sha256 != sha256:
            return
        try:
            (self.folder / name).unlink()
        except OSError as error:
            raise StorageError(
                f"{self.folder / name}: cannot be removed: {error.strerror}; close the player that"
                " has it open and build again"
            ) from error
        self._changed.append(name)

    def _write(self, name: str, data: bytes) -> None:
        store.write_whole(self.folder / name, data)
        self._changed.append(name)

    def _digest(self, name: str) -> Digest | None:
        """What the file holds; ``None`` where there is none."""
        try:
            with (self.folder / name).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                return Digest(sha256=sha256, bytes=file.tell())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(f"{self.folder / name}: cannot be read: {error.strerror}") from error

    def _noted(self, key: str) -> Digest | None:
        path = self._cache.note(key)
        try:
            return Digest(**json.loads(path.read_bytes()))
        except (FileNotFoundError, ValueError, RecursionError, TypeError):
            return None
        except OSError as error:
            raise StorageError(f"{path}: cannot be read: {error.strerror}") from error


def digest_of(data: bytes) -> Digest:
    """What ``data`` is known by."""
    return Digest(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
