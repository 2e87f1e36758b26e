"""The files that a destination should have, the steps of a sync, and the space they take."""

import hashlib
import stat
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from voicecoach.errors import StorageError, SyncError
from voicecoach.messages import Message, reason
from voicecoach.pack import manifest
from voicecoach.pack.manifest import FoundPack
from voicecoach.phone.sync.ledger import Entry, Ledger, pack_of
from voicecoach.phone.web.day_file import DayFile


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredFile:
    """A file that the destination should have."""

    entry: Entry
    source: Path | bytes | DayFile
    """The file to copy, its content, or what it is joined from."""


def files_of(packs: Iterable[FoundPack]) -> tuple[DesiredFile, ...]:
    """The files of ``packs``; of each, playlists come last, and then pack.json.

    Raises SyncError if a file is missing, or two names differ only in case.
    """
    files = tuple(file for pack in packs for file in _pack_files(pack))
    for path, times in Counter(file.entry.path.casefold() for file in files).items():
        if times > 1:
            raise SyncError(
                f"{path}: is there twice, in upper and lower case; a card cannot hold both,"
                " so rename the folder of one programme and build it again"
            )
    return files


def content_of(file: DesiredFile) -> bytes:
    """The content of ``file``. Raises SyncError if it is no longer what the pack lists."""
    if isinstance(file.source, bytes):
        return file.source
    named = file.source if isinstance(file.source, Path) else file.entry.path
    data = _joined(file.source) if isinstance(file.source, DayFile) else _read(file.source)
    if hashlib.sha256(data).hexdigest() != file.entry.sha256:
        raise SyncError(Message("errors.sync_rebuilt", source=named))
    return data


def _joined(source: DayFile) -> bytes:
    try:
        return source.read(0, source.size)
    except StorageError as error:
        raise SyncError(error.message) from error


def _pack_files(pack: FoundPack) -> Iterable[DesiredFile]:
    playlists = {playlist.file for playlist in pack.manifest.playlists}
    listed = sorted(pack.manifest.all_files, key=lambda entry: entry.file in playlists)
    for entry in listed:
        source = pack.folder / entry.file
        size_bytes = _size(source)
        if size_bytes is None:
            raise SyncError(Message("errors.sync_missing", source=source))
        if size_bytes != entry.bytes:
            raise SyncError(Message("errors.sync_rebuilt", source=source))
        yield _wanted(pack, source, entry.bytes, entry.sha256)
    source = pack.folder / manifest.FILE
    data = _read(source)
    if manifest.parse(data, source) != pack.manifest:
        raise SyncError(Message("errors.sync_rebuilt", source=source))
    yield _wanted(pack, source, len(data), hashlib.sha256(data).hexdigest())


def _wanted(pack: FoundPack, source: Path, size_bytes: int, sha256: str) -> DesiredFile:
    path = f"{pack.slug}/{pack.name}/{source.name}"
    return DesiredFile(entry=Entry(path=path, bytes=size_bytes, sha256=sha256), source=source)


def _size(source: Path) -> int | None:
    """The size of a regular file in bytes; ``None`` if there is none, or if it is a link."""
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
            Message("errors.sync_cannot_be_read", source=source, reason=reason(error))
        ) from error


_SPARE_BYTES = 256 * 1024
"""Space for the ledger and the folders themselves."""


class Act(Enum):
    """The kind of a step."""

    COPY = "copy"
    REPLACE = "replace"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file to copy, replace or delete."""

    act: Act
    path: str
    bytes: int
    """The new size; of a deleted file, its old size."""
    before_bytes: int = 0
    """The size of the replaced file."""
    wanted: DesiredFile | None = None
    """The file to copy; ``None`` for a deletion."""

    @property
    def pack(self) -> str:
        """The pack of the file."""
        return pack_of(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredState:
    """What the destination should have."""

    files: tuple[DesiredFile, ...]
    packs: tuple[str, ...]
    """Packs that are synced: other files of ours in them are deleted."""
    gone: frozenset[str]
    """Packs of ours to be deleted completely."""
    output: str
    """The source of the packs; see :class:`voicecoach.phone.sync.ledger.Origin`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps, in order, and the ledgers before and after."""

    steps: tuple[Step, ...]
    conflicts: tuple[str, ...]
    """Paths we need at which there is something that is not ours. If any, nothing is done."""
    kept: tuple[str, ...]
    """Files that are no longer expected, but stay because somebody changed them."""
    before: Ledger
    """Lists the files about to be written; written before the first step."""
    after: Ledger

    def of(self, act: Act, pack: str | None = None) -> tuple[Step, ...]:
        """The steps of one kind, of all packs or one."""
        return tuple(s for s in self.steps if s.act is act and pack in (None, s.pack))


def needed_bytes(steps: Sequence[Step], block_bytes: int) -> int:
    """The greatest space that the steps take while they are done in order. A replaced file stays
    until the new one is complete."""
    held = most = 0
    for step in steps:
        size = _in_blocks(step.bytes, block_bytes)
        if step.act is Act.DELETE:
            held -= size
            continue
        most = max(most, held + size)
        held += size - _in_blocks(step.before_bytes, block_bytes)
    return most + _SPARE_BYTES if any(s.act is not Act.DELETE for s in steps) else 0


def _in_blocks(size_bytes: int, block_bytes: int) -> int:
    return -(-size_bytes // block_bytes) * block_bytes
