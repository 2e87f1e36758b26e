"""Finds the destination that the user named, and locks it against other syncs."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from voicecoach.cache import Cache, LockedError
from voicecoach.errors import SyncError
from voicecoach.messages import Message, reason
from voicecoach.phone.sync.destination import Destination


@contextmanager
def alone(key: str, shown: str, cache: Cache) -> Iterator[None]:
    """Locks the destination ``key`` against other syncs of this user. Raises SyncError if one is
    running; StorageError if the lock cannot be taken."""
    name = hashlib.sha256(f"sync {key}".encode(errors="surrogateescape")).hexdigest()[:32]
    with ExitStack() as stack:
        try:
            stack.enter_context(cache.lock(name, waits=False))
        except LockedError as error:
            message = Message("errors.sync_elsewhere", shown=shown)
            raise SyncError(message) from error
        yield


ADB = "adb:"
MUSIC, OURS = "Music", "voicecoach"
"""The folder in which phones look for music; elsewhere files count as podcasts, or are ignored."""


def find(named: str, out: Path) -> Destination:
    """The destination ``named``: a folder, ``adb:`` or ``adb:SERIAL``.

    Raises SyncError if it does not exist, or overlaps with the packs in ``out``.
    """
    if named.startswith(ADB):
        from voicecoach.phone.sync.adb import connect

        return connect(named.removeprefix(ADB) or None)
    return _folder(Path(named), out)


def _folder(mount: Path, out: Path) -> Destination:
    from voicecoach.phone.sync.folder import FolderDestination

    try:
        root = _root(mount)
        packs = out.resolve()
        if root.is_relative_to(packs) or packs.is_relative_to(root):
            raise SyncError(Message("errors.sync_to_itself", path=mount))
    except OSError as error:
        raise SyncError(
            Message("errors.sync_place_cannot_be_read", path=mount, reason=reason(error))
        ) from error
    return FolderDestination(root=root, mount=mount.resolve())


def _root(mount: Path) -> Path:
    """Our folder on ``mount``, with links resolved."""
    if not mount.exists():
        raise SyncError(Message("errors.sync_no_folder", path=mount))
    if not mount.is_dir():
        raise SyncError(Message("errors.sync_to_file", path=mount))
    here = mount.resolve()
    names = [part.casefold() for part in here.parts]
    if MUSIC.casefold() not in names:
        return _inside(_inside(here, MUSIC), OURS)
    return here if names[-1] == OURS else _inside(here, OURS)


def _inside(folder: Path, name: str) -> Path:
    """The folder ``name`` in ``folder``, in the spelling that exists there."""
    spelt = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    fitting = sorted(found for found in spelt if found.casefold() == name.casefold())
    inside = folder / (name if name in spelt or not fitting else fitting[0])
    if inside.exists() and not inside.is_dir():
        raise SyncError(Message("errors.sync_file_in_the_way", path=inside))
    return inside.resolve()
