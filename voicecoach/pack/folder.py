"""The folder of a pack: files are put into it whole, and only when they differ."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from voicecoach import store, strict_json
from voicecoach.digest import Digest, digest_of, digest_of_file
from voicecoach.errors import StorageError
from voicecoach.pack.shared_files import SharedFiles
from voicecoach.store import Cache

_WAY_OUT = "choose another folder with --out"


class Shelf:
    """A pack's folder while a build works on it; remembers what it changed.

    What is slow to make is noted by its key: in ``cache``, or in ``own`` where it is about her.
    Where there are ``shared`` files, all else that is slow to make is one of them.
    """

    def __init__(
        self,
        folder: Path,
        cache: Cache,
        own: Cache | None = None,
        shared: SharedFiles | None = None,
    ) -> None:
        self.folder = folder
        self._cache = cache
        self._own = cache if own is None else own
        self._shared = shared
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

    def seems_to_hold(self, name: str, key: str, *, is_hers: bool = False) -> bool:
        """Whether the file has the size that ``key`` stands for: quick, and all but certain."""
        expected = self._noted(key, is_hers=is_hers)
        try:
            return expected is not None and (self.folder / name).stat().st_size == expected.bytes
        except OSError:
            return False

    def standing(self, name: str, key: str, *, is_hers: bool = False) -> Digest | None:
        """The digest of the file, if it holds what ``key`` stands for."""
        noted = self._noted(key, is_hers=is_hers)
        shared = None if is_hers else self._shared
        return noted if noted is not None and self._stands(name, key, noted, shared) else None

    def holds(self, name: str, data: bytes) -> bool:
        """Whether the file holds ``data``."""
        return self._digest(name) == digest_of(data)

    def put_made(
        self, name: str, key: str, make: Callable[[], bytes], *, is_hers: bool = False
    ) -> Digest:
        """Puts the file that ``key`` stands for; ``make`` is called only if it is not there."""
        noted = self._noted(key, is_hers=is_hers)
        shared = None if is_hers else self._shared
        if noted is not None and self._stands(name, key, noted, shared):
            return noted
        if shared is not None:
            made = shared.put(self.folder / name, key, noted, make)
            self._changed.append(name)
        else:
            data = make()
            made = digest_of(data)
            if self._digest(name) != made:
                self._write(name, data)
        if noted != made:
            notes = self._notes(is_hers=is_hers)
            notes.keep(notes.note(key), json.dumps(asdict(made)).encode())
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

    def remove_last(self, name: str) -> None:
        """Removes the file that is ours whatever it holds, and the folder if it is empty then."""
        digest = self._digest(name)
        if digest is not None:
            self.remove(name, digest.sha256)
        with suppress(OSError):  # something of somebody else's is in it
            self.folder.rmdir()

    def _stands(self, name: str, key: str, noted: Digest, shared: SharedFiles | None) -> bool:
        """Whether the file holds what is ``noted`` of ``key``."""
        if shared is not None and shared.is_at(self.folder / name, key, noted):
            return True
        return self._digest(name) == noted

    def _write(self, name: str, data: bytes) -> None:
        store.write_whole(self.folder / name, data)
        self._changed.append(name)

    def _digest(self, name: str) -> Digest | None:
        """What the file holds; ``None`` where there is none that can be read."""
        try:
            return digest_of_file(self.folder / name)
        except OSError:
            return None  # it is replaced, or why it cannot be is told

    def _notes(self, *, is_hers: bool) -> Cache:
        return self._own if is_hers else self._cache

    def _noted(self, key: str, *, is_hers: bool) -> Digest | None:
        notes = self._notes(is_hers=is_hers)
        data = notes.read(notes.note(key))
        return None if data is None else Digest(**strict_json.loads(data))
