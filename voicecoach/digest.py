"""What the bytes of a file are known by."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

FileState = tuple[int, int, int, int, int]
"""Device, inode, size, and the times at which content and inode changed: while all are the same, so
is the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A hash and a size: what a file's bytes are known by."""

    sha256: str
    bytes: int


def digest_of(data: bytes) -> Digest:
    """What ``data`` is known by."""
    return Digest(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def digest_of_file(path: Path) -> Digest | None:
    """What ``path`` holds; ``None`` where there is none. Raises OSError."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return Digest(sha256=sha256, bytes=file.tell())
    except FileNotFoundError:
        return None


def state_of(path: Path) -> FileState:
    """The state of the file ``path``. Raises OSError."""
    found = path.stat()
    return (
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
    )
