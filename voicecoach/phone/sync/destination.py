"""The interface of places that packs are copied to, and their common errors."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from voicecoach.errors import SyncError
from voicecoach.messages import Message

PART = ".voicecoach.part"
"""Suffix of files that are still being written. All files with this suffix are ours."""
IS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
IS_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
HAS_GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOTCONN, errno.ESTALE})


class Kind(Enum):
    """The kind of entry at a path."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"
    """A link or special file; never followed, never ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry at the destination."""

    path: str
    """Relative to the destination's root, with ``/``, spelt as it is there."""
    kind: Kind
    bytes: int = 0
    sha256: str | None = None
    """``None`` unless it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Free space at the destination."""

    free_bytes: int
    block_bytes: int
    """Files take multiples of this size."""


class RenameRefusedError(Exception):
    """The destination cannot rename a file; no file with a final name has changed."""


class Destination(Protocol):
    """A place for packs. Paths are relative to its root; every method may raise SyncError."""

    @property
    def shown(self) -> str:
        """The root, for display."""

    @property
    def key(self) -> str:
        """Identifies the place, however the user named it."""

    def look(self) -> tuple[Found, ...]:
        """All entries below the root; none if the root does not exist yet."""

    def silenced_by(self, folders: Sequence[str]) -> tuple[str, ...]:
        """Every ``.nomedia`` file in ``folders``, in the root and above it: players ignore folders
        that have one."""

    def space(self) -> Space | None:
        """The free space; ``None`` if unknown."""

    def read(self, path: str) -> bytes | None:
        """The content of a small file; ``None`` if there is no file."""

    def sha256(self, path: str) -> str:
        """The hash of the bytes at the destination."""

    def put(self, path: str, data: bytes, *, direct: bool) -> None:
        """Writes a file under a temporary name, reads it back, and renames it. With ``direct`` it
        is written under its final name, and removed if what is read back differs.

        Raises RenameRefusedError if the destination cannot rename.
        """

    def remove(self, path: str) -> None:
        """Removes a file, if it exists."""

    def remove_folder(self, path: str) -> None:
        """Removes a folder, if it exists and is empty."""


def full(shown: str) -> SyncError:
    """The error for a full destination."""
    return SyncError(Message("errors.sync_full", shown=shown))


def read_only(shown: str, reason: str) -> SyncError:
    """The error for a destination that cannot be written to."""
    return SyncError(
        Message(
            "errors.sync_cannot_be_written",
            shown=shown,
            reason=reason,
        )
    )


def gone(shown: str) -> SyncError:
    """The error for a destination that has disappeared."""
    return SyncError(Message("errors.sync_gone", shown=shown))


def damaged(shown: str) -> SyncError:
    """The error if what is read back is not what was written."""
    return SyncError(Message("errors.sync_reads_otherwise", shown=shown))
