"""The secret part of the address under which a folder of packs is served.

Each folder has its own, so that who knows the address of one client's packs hears no other's. It is
kept among the user's own data and not in the folder, which may be copied, shared or read-only; and
under a hash of the folder's path, from which nobody can read the name of a client.
"""

import hashlib
import os
import re
import secrets
from pathlib import Path

from voicecoach import store
from voicecoach.errors import ServeError, StorageError
from voicecoach.store import DATA_VARIABLE

_BYTES = 16
"""128 random bits: nobody guesses them."""
_KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")


def obtain(out: Path, *, new: bool) -> str:
    """The key of the folder ``out``, as in earlier runs; a new one where there is none yet, or
    where ``new``. However a folder is named, it is the same; moved elsewhere, it is another one.

    Only its owner can read it. Raises ServeError where it cannot be kept or read.
    """
    place = os.fsencode(out.resolve())
    path = store.user_data() / "serve" / hashlib.sha256(place).hexdigest()[:32]
    try:
        return (None if new else _read(path)) or _made(path, new=new)
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


def _made(path: Path, *, new: bool) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    part = store.part_beside(path)
    try:
        store.write_whole(part, f"{secrets.token_urlsafe(_BYTES)}\n".encode(), mode=0o600)
        if not new:
            _put_first(part, path)
        else:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    key = _read(path)
    assert key is not None
    return key


def _put_first(part: Path, path: Path) -> None:
    """Puts ``part`` at ``path``, unless another server that starts now has been faster."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    except OSError:  # a drive without links
        part.replace(path)
