"""Packs -> the files that a destination should hold, in the order in which they are copied."""

import hashlib
import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from voicecoach.errors import SyncError
from voicecoach.pack import manifest
from voicecoach.pack.manifest import FoundPack
from voicecoach.sync.ledger import Entry

_REBUILT = "is being built anew, or was changed; build it again, then sync"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file that should stand at the destination."""

    entry: Entry
    source: Path | bytes
    """Where it is read from; or what it holds."""


def files_of(packs: Iterable[FoundPack]) -> tuple[Wanted, ...]:
    """The files of ``packs``; in each the playlists last, and then pack.json.

    Raises SyncError where a file is missing, or two would be one on the card of a phone.
    """
    files = tuple(file for pack in packs for file in _pack_files(pack))
    for path, times in Counter(file.entry.path.casefold() for file in files).items():
        if times > 1:
            raise SyncError(
                f"{path}: stands twice, in capital and in small letters; a card cannot hold both,"
                " so rename the folder of one programme and build it again"
            )
    return files


def content(file: Wanted) -> bytes:
    """What is to be copied. Raises SyncError where it is no longer what the pack lists."""
    if isinstance(file.source, bytes):
        return file.source
    data = _read(file.source)
    if hashlib.sha256(data).hexdigest() != file.entry.sha256:
        raise SyncError(f"{file.source}: {_REBUILT}")
    return data


def _pack_files(pack: FoundPack) -> Iterable[Wanted]:
    playlists = {playlist.file for playlist in pack.manifest.playlists}
    listed = sorted(pack.manifest.all_files, key=lambda entry: entry.file in playlists)
    for entry in listed:
        source = pack.folder / entry.file
        size_bytes = _size(source)
        if size_bytes is None:
            raise SyncError(f"{source}: is missing; build this week again, then sync")
        if size_bytes != entry.bytes:
            raise SyncError(f"{source}: {_REBUILT}")
        yield _wanted(pack, source, entry.bytes, entry.sha256)
    source = pack.folder / manifest.FILE
    data = _read(source)
    if manifest.parse(data, source) != pack.manifest:
        raise SyncError(f"{source}: {_REBUILT}")
    yield _wanted(pack, source, len(data), hashlib.sha256(data).hexdigest())


def _wanted(pack: FoundPack, source: Path, size_bytes: int, sha256: str) -> Wanted:
    path = f"{pack.slug}/{pack.name}/{source.name}"
    return Wanted(entry=Entry(path=path, bytes=size_bytes, sha256=sha256), source=source)


def _size(source: Path) -> int | None:
    """The size of a plain file in bytes; ``None`` where there is none, also where it is a link."""
    try:
        status = source.lstat()
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise SyncError(
            f"{source}: cannot be read: {error.strerror}; build this week again, then sync"
        ) from error
