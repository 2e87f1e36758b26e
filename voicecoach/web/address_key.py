"""The secret part of the address under which packs are served; it stays the same between runs."""

import re
import secrets
from pathlib import Path

from voicecoach import store
from voicecoach.errors import ServeError, StorageError
from voicecoach.store import DATA_VARIABLE

_BYTES = 16
"""128 random bits: nobody guesses them."""
_KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")


def obtain(*, new: bool) -> str:
    """The key of earlier runs; a new one where there is none yet, or where ``new``.

    It lies where only its owner can read it. Raises ServeError where it cannot be kept or read.
    """
    path = store.user_data() / "serve" / "address"
    try:
        return _made(path) if new else (_read(path) or _made(path))
    except (OSError, StorageError) as error:
        reason = error.strerror if isinstance(error, OSError) else error.__cause__
        raise ServeError(
            f"{path}: the address cannot be kept: {reason or error}; {DATA_VARIABLE} names another"
            " folder for it"
        ) from error


def _read(path: Path) -> str | None:
    try:
        key = path.read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        key = ""
    if not _KEY.fullmatch(key):
        raise ServeError(
            f"{path}: holds no address of ours; `voicecoach serve --new-address` makes a new one"
        )
    return key


def _made(path: Path) -> str:
    key = secrets.token_urlsafe(_BYTES)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)  # nobody else sees the file, not even while it is written
    store.write_whole(path, f"{key}\n".encode())
    path.chmod(0o600)
    return key
