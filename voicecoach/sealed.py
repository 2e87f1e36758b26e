"""Files that end with a hash of their name and bytes, so that damage is detected on reading.

Readers of WAV and MP3 ignore the hash at the end.
"""

import errno
import hashlib
import os
import stat
from pathlib import Path

from voicecoach.errors import StorageError
from voicecoach.messages import Message, reason

_VERSION = 1
"""The version of the format; increase it when the meaning of the content changes."""
_SEAL_BYTES = 65
"""A line feed and a SHA-256 in hexadecimal digits."""
_OUT_OF = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})


class DamagedError(Exception):
    """A file exists, but is not what was written under its name."""


def sealed(name: str, data: bytes) -> bytes:
    """``data`` followed by the hash for ``name``."""
    return data + _seal(name, data)


def read(path: Path, name: str) -> bytes | None:
    """The data that was sealed as ``name``; ``None`` if ``path`` does not exist.

    Raises DamagedError if ``path`` is anything else, or cannot be read; StorageError if this
    process cannot open any files.
    """
    try:
        with open(path, "rb", opener=_opened) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise DamagedError
            data = file.read(max(0, found.st_size - _SEAL_BYTES))
            if file.read() != _seal(name, data):
                raise DamagedError
            return data
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno in _OUT_OF:
            raise StorageError(
                Message("errors.cannot_be_read", path=path, reason=reason(error))
            ) from error
        if not os.path.lexists(path):
            return None  # its folder may not be searched
        raise DamagedError from error


def make_way(path: Path, root: Path) -> bool:
    """Moves away whatever prevents writing to ``path``, below ``root``: a folder of that name, or a
    file or broken link where a folder should be. Returns whether there was anything."""
    in_the_way = [path] if path.is_dir() and not path.is_symlink() else []
    for folder in path.parents:
        if folder == root:
            break
        if os.path.lexists(folder) and not folder.is_dir():
            in_the_way.append(folder)
    for place in in_the_way:
        place.rename(place.with_name(f"{place.name}.moved-{os.urandom(4).hex()}"))
    return bool(in_the_way)


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # does not block on a named pipe


def _seal(name: str, data: bytes) -> bytes:
    digest = hashlib.sha256(f"{_VERSION} {name}\n".encode())
    digest.update(data)
    return f"\n{digest.hexdigest()}".encode()
