"""Files that many packs share: stored once, with a hard link in each pack.

Without hard links in the file system, each pack has a copy.
"""

import errno
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from voicecoach import files
from voicecoach.errors import StorageError
from voicecoach.files import Digest, digest_of, digest_of_file, part_beside, state_of, write_whole
from voicecoach.messages import Message, reason

_READ_ONLY = 0o444 if os.name == "posix" else 0o666
"""Read-only, because a change in place would change the file in every pack. Not on Windows, where a
read-only file cannot be replaced."""
_DAY_S = 86_400
_Place = tuple[int, ...]
"""The state of a file without the time of its last change of status, which every new link
updates."""


class SharedFiles:
    """The store below ``root``, whose files are named by the keys of their content."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[Path, tuple[_Place, Digest]] = {}
        """The digests read, and the states of the files at that time."""

    def is_at(self, path: Path, key: str, digest: Digest) -> bool:
        """Whether ``path`` is a link to the store's file for ``key``, and has ``digest``."""
        stored = self._stored(key)
        try:
            return path.samefile(stored) and self._digest(stored) == digest
        except OSError:
            return False

    def put(self, path: Path, key: str, digest: Digest | None, make: Callable[[], bytes]) -> Digest:
        """Links the store's file for ``key`` at ``path``; calls ``make`` unless the store has it
        with ``digest``. Raises StorageError; then ``path`` is unchanged."""
        stored = self._stored(key)
        try:
            found = self._digest(stored)
            if found is None or found != digest:
                data = make()
                files.make_way(stored, self._root)
                write_whole(stored, data, mode=_READ_ONLY)
                found = digest_of(data)
                self._read[stored] = (_place_of(stored), found)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._link(stored, path)
        except OSError as error:
            raise StorageError(
                Message("errors.cannot_be_written", path=path, reason=reason(error))
            ) from error
        return found

    def remove_unused(self) -> None:
        """Removes files that no pack has had for a day. Raises StorageError."""
        too_old_s = time.time() - _DAY_S
        for path in self._root.glob("*/*"):
            with suppress(FileNotFoundError):  # another batch may be removing files too
                found = path.stat()
                if found.st_nlink == 1 and found.st_ctime < too_old_s:
                    path.unlink()

    def _stored(self, key: str) -> Path:
        return self._root / key[:2] / key

    def _digest(self, stored: Path) -> Digest | None:
        """The digest of a file of the store; ``None`` if it cannot be read. Read once, and again
        only if it was changed."""
        try:
            place = _place_of(stored)
            known = self._read.get(stored)
            if known is None or known[0] != place:
                digest = digest_of_file(stored) if stored.is_file() else None
                if digest is None:
                    return None
                known = self._read[stored] = (place, digest)
            return known[1]
        except OSError:
            return None

    def _link(self, stored: Path, path: Path) -> None:
        part = part_beside(path)
        try:
            try:
                os.link(stored, part)
            except OSError as error:
                if error.errno != errno.EMLINK:
                    raise
                write_whole(stored, stored.read_bytes(), mode=_READ_ONLY)
                os.link(
                    stored, part
                )  # fails if the file has too many links; then a new one is stored
        except OSError:
            write_whole(path, stored.read_bytes())
            return
        part.replace(path)
        part.unlink(missing_ok=True)  # renaming does nothing if both are the same file


def _place_of(path: Path) -> _Place:
    return state_of(path)[:-1]
