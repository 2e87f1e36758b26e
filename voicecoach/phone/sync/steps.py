"""The files a destination should hold, the steps of a sync, and the space they take. No I/O."""

import hashlib
import stat
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from voicecoach.errors import SyncError
from voicecoach.messages import Message, reason
from voicecoach.pack import manifest
from voicecoach.pack.manifest import FoundPack
from voicecoach.phone.sync.ledger import Entry, Ledger, pack_of


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


def content_of(file: Wanted) -> bytes:
    """What is to be copied. Raises SyncError where it is no longer what the pack lists."""
    if isinstance(file.source, bytes):
        return file.source
    data = _read(file.source)
    if hashlib.sha256(data).hexdigest() != file.entry.sha256:
        raise SyncError(Message("errors.sync_rebuilt", source=file.source))
    return data


def _pack_files(pack: FoundPack) -> Iterable[Wanted]:
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
            Message("errors.sync_cannot_be_read", source=source, reason=reason(error))
        ) from error


_SPARE_BYTES = 256 * 1024
"""Room for the ledger and for the folders themselves."""


class Act(Enum):
    """What is done to a file."""

    COPY = "copy"
    REPLACE = "replace"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file to copy, replace or delete."""

    act: Act
    path: str
    bytes: int
    """The size that it will have; of a deleted file, the size that it has."""
    before_bytes: int = 0
    """The size of what is replaced."""
    wanted: Wanted | None = None
    """What is copied; ``None`` for a deletion."""

    @property
    def pack(self) -> str:
        """The pack the file belongs to."""
        return pack_of(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the destination should hold."""

    files: tuple[Wanted, ...]
    packs: tuple[str, ...]
    """Packs that are synced: of these nothing else of ours stays."""
    gone: frozenset[str]
    """Packs of ours to be deleted whole."""
    output: str
    """Where the packs come from; see :class:`voicecoach.phone.sync.ledger.Origin`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done, in order, and what our ledger says before and after."""

    steps: tuple[Step, ...]
    conflicts: tuple[str, ...]
    """Paths we need that hold what is not ours. Nothing may be done while there are any."""
    kept: tuple[str, ...]
    """Files that are no longer wanted, but have been changed by somebody else: they stay."""
    before: Ledger
    """Says what is about to be put there. Is written before the first step."""
    after: Ledger

    def of(self, act: Act, pack: str | None = None) -> tuple[Step, ...]:
        """The steps of one kind, of all packs or of one."""
        return tuple(s for s in self.steps if s.act is act and pack in (None, s.pack))


def needed_bytes(steps: Sequence[Step], block_bytes: int) -> int:
    """The room that the steps take at most while they are done, one after the other. A file that
    is replaced stays until the new one is whole."""
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
