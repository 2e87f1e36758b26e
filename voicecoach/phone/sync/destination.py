"""What a place that packs are copied to can do, and what is said when it cannot."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from voicecoach.errors import SyncError
from voicecoach.messages import Message

PART = ".voicecoach.part"
"""End of the name of a file that is still being written. Whatever is named so is ours."""
IS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
IS_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
HAS_GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOTCONN, errno.ESTALE})


class Kind(Enum):
    """What stands at a path."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"
    """A link or something stranger; never followed, never ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands at the destination."""

    path: str
    """Below the destination's root, with ``/``, spelt as it is there."""
    kind: Kind
    bytes: int = 0
    sha256: str | None = None
    """``None`` where it was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Room at the destination."""

    free_bytes: int
    block_bytes: int
    """Every file takes a multiple of this."""


class RenameRefusedError(Exception):
    """The destination cannot rename a file; nothing under a final name has changed."""


class Destination(Protocol):
    """A place for packs. Paths are those below its root; every method raises SyncError."""

    @property
    def shown(self) -> str:
        """The root, as a person may read it."""

    @property
    def key(self) -> str:
        """The same for the same place, however it was named."""

    def look(self) -> tuple[Found, ...]:
        """Everything below the root; nothing where the root does not exist yet."""

    def silenced_by(self, folders: Sequence[str]) -> tuple[str, ...]:
        """Every ``.nomedia`` in ``folders``, in the root and above it. Players pass them over."""

    def space(self) -> Space | None:
        """How much room is left; ``None`` where the place does not say."""

    def read(self, path: str) -> bytes | None:
        """What a small file holds; ``None`` where there is none."""

    def sha256(self, path: str) -> str:
        """The hash of the bytes that are there."""

    def put(self, path: str, data: bytes, *, direct: bool) -> None:
        """Puts a file whole: written under another name, read back, and renamed. ``direct``: under
        its own name, and removed again where it does not come out right.

        Raises RenameRefusedError where it cannot be renamed.
        """

    def remove(self, path: str) -> None:
        """Removes a file, if it is there."""

    def remove_folder(self, path: str) -> None:
        """Removes a folder, if it is there and empty."""


def full(shown: str) -> SyncError:
    """There is no room left."""
    return SyncError(Message("errors.sync_full", shown=shown))


def read_only(shown: str, reason: str) -> SyncError:
    """Nothing may be written."""
    return SyncError(
        Message(
            "errors.sync_cannot_be_written",
            shown=shown,
            reason=reason,
        )
    )


def gone(shown: str) -> SyncError:
    """It was there, and does not answer any more."""
    return SyncError(Message("errors.sync_gone", shown=shown))


def damaged(shown: str) -> SyncError:
    """What is read back is not what was written."""
    return SyncError(Message("errors.sync_reads_otherwise", shown=shown))
