"""What the bytes of a file are known by."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


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
