"""Removes from the packs of a client what is not permitted to her.

In each pack, playlists and page are replaced first and pack.json last, as in a build. Until then
pack.json lists the files to remove, so that the next call finishes what a killed process left.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from voicecoach import messages
from voicecoach.cache import Cache
from voicecoach.errors import StorageError
from voicecoach.messages import Message, reason
from voicecoach.pack import manifest, remaining
from voicecoach.pack.folder import PackFolder
from voicecoach.pack.manifest import OUR_NAME, PAGE_FILE, FoundPack, Manifest
from voicecoach.pack.remaining import Permits


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """The result of removing tracks."""

    sessions: int = 0
    packs: tuple[str, ...] = ()
    """Folder names of the changed packs, such as ``week-03``."""
    doubts: tuple[str, ...] = ()
    """Messages about packs that may still have what is forbidden, and what to do."""


def withdraw(outs: Iterable[Path], cache: Cache, permits: Permits) -> Withdrawn:
    """Removes all tracks that ``permits`` does not permit from the packs below ``outs``.

    A pack that fails does not affect the others; StorageError is raised at the end.
    """
    sessions, names, errors = 0, [], []
    doubts: list[str] = []

    def doubt(remark: str) -> None:
        doubts.append(Message("withdrawn.doubt", remark=remark))

    for out in outs:
        packs = manifest.find_packs(out, doubt)
        listed = {p.folder: {each.file for each in p.manifest.all_files} for p in packs}
        for path in manifest.folders_of_packs(out):
            _remove_unlisted(path, listed.get(path, ()), cache)
        for pack in packs:
            if remaining.is_permitted(pack.manifest, permits):
                continue
            try:
                taken = _take_out(pack, cache, doubts, permits)
            except StorageError as error:
                errors.append(error.message)
                continue
            if taken:
                sessions += taken
                names.append(pack.name)
    if errors:
        raise StorageError(messages.lines(errors))
    return Withdrawn(sessions=sessions, packs=tuple(dict.fromkeys(names)), doubts=tuple(doubts))


def sentence(withdrawn: Withdrawn, place: str = "") -> Message:
    """A sentence about what was withdrawn; ``place`` is where, such as PHONE."""
    packs = ", ".join(withdrawn.packs)
    if place:
        return Message("withdrawn.from_place", count=withdrawn.sessions, packs=packs, place=place)
    return Message("withdrawn.from_packs", count=withdrawn.sessions, packs=packs)


def _remove_unlisted(path: Path, listed: Collection[str], cache: Cache) -> None:
    """Removes the tracks that a killed build left in the folder ``path``; ``listed`` are not."""
    names = (each.name for each in path.iterdir())
    if any(OUR_NAME.fullmatch(name) and name not in listed for name in names):
        folder = PackFolder(path, cache)
        with folder.locked():  # a build may have listed them meanwhile
            folder.remove_unlisted(manifest.files_written(path))


def _take_out(pack: FoundPack, cache: Cache, doubts: list[str], permits: Permits) -> int:
    """Removes tracks from ``pack``; returns the number of sessions removed."""
    folder = PackFolder(pack.folder, cache)
    with folder.locked():
        if not (pack.folder / manifest.FILE).exists():
            return 0  # another process was quicker
        listed = manifest.read(pack.folder)
        left = remaining.permitted(listed, _page(pack.folder, listed), permits)
        if not left.gone:
            return 0
        for name, data in left.files.items():
            if name != manifest.FILE:
                folder.put(name, data)
        for entry in left.gone:
            folder.remove(entry.file, entry.sha256)
            if (pack.folder / entry.file).exists() and entry.file.endswith(".mp3"):
                doubts.append(Message("withdrawn.stays", path=pack.folder / entry.file))
        if left.is_empty:
            folder.remove_last(manifest.FILE)
        else:
            folder.put(manifest.FILE, left.files[manifest.FILE])
    return left.sessions


def _page(folder: Path, listed: Manifest) -> bytes | None:
    """The page, if the pack has one."""
    if all(entry.file != PAGE_FILE for entry in listed.files):
        return None
    try:
        return (folder / PAGE_FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(
            Message("errors.page_cannot_be_read", path=folder / PAGE_FILE, reason=reason(error))
        ) from error
