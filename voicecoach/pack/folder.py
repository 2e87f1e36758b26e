"""The folder of a pack: writes files completely, and only if they differ."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from voicecoach import environment, strict_json
from voicecoach.cache import Cache
from voicecoach.errors import StorageError
from voicecoach.files import (
    Digest,
    FileState,
    digest_of,
    digest_of_file,
    remove_parts,
    state_of,
    write_whole,
)
from voicecoach.messages import Message, reason
from voicecoach.pack.manifest import OUR_NAME
from voicecoach.pack.shared_files import SharedFiles


class PackFolder:
    """The folder of a pack during a build; remembers what was changed.

    ``cache`` keeps the digest of each made file by its key. The digest of a file with personal data
    is kept in the client's own cache, which the caller passes. If there are ``shared`` files, every
    other made file is one of them.
    """

    def __init__(self, path: Path, cache: Cache, shared: SharedFiles | None = None) -> None:
        self.path = path
        self._cache = cache
        self._shared = shared
        self._changed: list[str] = []
        self._known: dict[str, tuple[FileState, Digest]] = {}
        """The digests of files and their states at that time, so that none is read twice."""

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the files written or removed, in that order."""
        return tuple(self._changed)

    @property
    def states(self) -> dict[str, FileState]:
        """The state of each file when it was read or written."""
        return {name: state for name, (state, _) in self._known.items()}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Locks the folder against other builds, and removes what killed builds left."""
        try:
            place = os.fsencode(self.path.resolve())
        except OSError as error:
            raise StorageError(
                Message("errors.folder_not_found", folder=self.path, reason=reason(error))
            ) from error
        with self._cache.lock(hashlib.sha256(place).hexdigest()[:32]):
            remove_parts(self.path)
            yield

    def check(self) -> None:
        """Raises StorageError if the folder cannot be written to; called before the long work."""
        try:
            for folder in (self.path, *self.path.parents):
                if folder.is_dir():
                    if not os.access(folder, os.W_OK | os.X_OK):
                        tempfile.TemporaryFile(dir=folder).close()  # raises the reason
                    return
                if folder.exists() or folder.is_symlink():
                    raise StorageError(
                        Message(
                            "errors.file_not_folder",
                            folder=folder,
                        )
                    )
        except OSError as error:
            raise StorageError(
                Message(
                    "errors.folder_cannot_be_written",
                    folder=self.path,
                    reason=reason(error),
                )
            ) from error

    def digest_if_current(self, name: str, key: str, notes: Cache | None = None) -> Digest | None:
        """The digest of the file ``name`` if its content is that of ``key``."""
        noted = _noted(key, notes or self._cache)
        return noted if noted is not None and self._is_current(name, key, noted, notes) else None

    def holds(self, name: str, data: bytes) -> bool:
        """Whether the content of the file ``name`` is ``data``."""
        return self._digest(name) == digest_of(data)

    def put_made(
        self, name: str, key: str, make: Callable[[], bytes], notes: Cache | None = None
    ) -> Digest:
        """Writes the file with the content of ``key``, from ``make``, unless it is current."""
        noted = _noted(key, notes or self._cache)
        if noted is not None and self._is_current(name, key, noted, notes):
            return noted
        if self._shared is not None and notes is None:
            made = self._shared.put(self.path / name, key, noted, make)
            self._changed.append(name)
        else:
            data = make()
            made = digest_of(data)
            if self._digest(name) != made:
                self._write(name, data, is_personal=notes is not None)
        if noted != made:
            keeper = notes or self._cache
            keeper.keep(keeper.note(key), json.dumps(asdict(made)).encode())
        return made

    def put(self, name: str, data: bytes) -> None:
        """Writes a file that is quick to make, unless it is current."""
        if not self.holds(name, data):
            self._write(name, data)

    def remove(self, name: str, sha256: str) -> None:
        """Removes a file that we wrote, unless its content has changed since."""
        digest = self._digest(name)
        if digest is None or digest.sha256 != sha256:
            return
        try:
            (self.path / name).unlink()
        except OSError as error:
            raise StorageError(
                Message("errors.cannot_be_removed", name=self.path / name, reason=reason(error))
            ) from error
        del self._known[name]
        self._changed.append(name)

    def remove_last(self, name: str) -> None:
        """Removes a file that is ours whatever its content, then the folder if it is empty."""
        digest = self._digest(name)
        if digest is not None:
            self.remove(name, digest.sha256)
        with suppress(OSError):  # files of others are in it
            self.path.rmdir()

    def _is_current(self, name: str, key: str, noted: Digest, notes: Cache | None) -> bool:
        """Whether the file has the digest ``noted`` for ``key``."""
        shared = self._shared if notes is None else None
        if shared is not None and shared.is_at(self.path / name, key, noted):
            return True
        return self._digest(name) == noted

    def remove_unlisted(self, listed: Collection[str]) -> None:
        """Removes what a killed build left: files of tracks that are not ``listed``, but have bytes
        that we wrote."""
        for path in sorted(self.path.iterdir()):
            is_like_ours = OUR_NAME.fullmatch(path.name) and path.name not in listed
            digest = self._digest(path.name) if is_like_ours else None
            if digest is not None and self._cache.read(self._claim(digest)) is not None:
                self.remove(path.name, digest.sha256)

    def _claim(self, digest: Digest) -> Path:
        """Where it is noted that we wrote a file with this ``digest``."""
        return self._cache.note(environment.key_of(["written", digest.sha256]))

    def _write(self, name: str, data: bytes, *, is_personal: bool = False) -> None:
        if OUR_NAME.fullmatch(name) and not is_personal:  # pack.json lists it only in the end
            self._cache.keep(self._claim(digest_of(data)), b"")
        write_whole(self.path / name, data)
        self._known[name] = (state_of(self.path / name), digest_of(data))
        self._changed.append(name)

    def _digest(self, name: str) -> Digest | None:
        """The digest of the file; ``None`` if it is missing or unreadable."""
        path = self.path / name
        try:
            state = state_of(path)
            known = self._known.get(name)
            if known is not None and known[0] == state:
                return known[1]
            digest = digest_of_file(path)
        except OSError:
            return None  # it is replaced; if that fails too, the error is reported then
        if digest is not None:
            self._known[name] = (state, digest)
        return digest


def _noted(key: str, notes: Cache) -> Digest | None:
    data = notes.read(notes.note(key))
    return None if data is None else Digest(**strict_json.loads(data))
