"""The ledger: a file at a destination that lists which files there are ours. No I/O."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from voicecoach import strict_json
from voicecoach.errors import SyncError
from voicecoach.messages import Message
from voicecoach.pack.manifest import NAME

FILES = ("voicecoach-sync.json", "voicecoach-sync-2.json")
"""Paths of the ledger. The second is used if files cannot be renamed: then the one that is not
being written is always complete."""
FORMAT = 1
_PATH = re.compile(f"{NAME}/{NAME}/{NAME}")
"""Programme, week and file: paths in a ledger never lead out of its folder."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SERIALS = range(10**12)
"""Enough for a ledger that is written every second for 30,000 years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of ours, with its size and hash."""

    path: str
    """``<programme>/week-NN/<file>``."""
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The source of a pack."""

    pack: str
    """``<programme>/week-NN``."""
    output: str
    """Identifies an output folder on a computer, without naming either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The files that are ours, in order of path."""

    files: tuple[Entry, ...] = ()
    """Files that were written completely."""
    pending: tuple[Entry, ...] = ()
    """Files that were about to be written: each may be complete, missing, or unchanged."""
    direct: bool = False
    """Whether pending files were written under their final names, so may also be incomplete."""
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The ledger found at a destination."""

    ledger: Ledger = Ledger()
    slot: int = 0
    """Index of its file in FILES."""
    serial: int = 0
    """Increases with every write; the greater one is valid."""


def pack_of(path: str) -> str:
    """The pack a file belongs to."""
    return path.rpartition("/")[0]


def write(ledger: Ledger, serial: int) -> bytes:
    """The ledger as JSON."""
    content = {"format": FORMAT, "serial": serial, **asdict(ledger)}
    return (json.dumps(content, indent=1) + "\n").encode()


def newest(slots: Iterable[bytes | None], shown: str) -> Standing:
    """The valid ledger of the contents of FILES; an empty one if none is complete.

    Raises SyncError if a later version wrote it.
    """
    standing = Standing()
    for slot, data in enumerate(slots):
        read = _read(data, slot, shown) if data is not None else None
        if read is not None and read.serial > standing.serial:
            standing = read
    return standing


def _read(data: bytes, slot: int, shown: str) -> Standing | None:
    try:
        content = strict_json.loads(data)
        if not isinstance(content, dict):
            return None
        version = content["format"]
        if type(version) is int and version > FORMAT:
            raise SyncError(Message("errors.sync_later_version", shown=shown))
        ledger = Ledger(
            files=_entries(content["files"]),
            pending=_entries(content["pending"]),
            direct=content["direct"] is True,
            origins=tuple(
                Origin(pack=str(origin["pack"]), output=str(origin["output"]))
                for origin in content["origins"]
            ),
        )
        serial = int(content["serial"])
        if serial not in _SERIALS:
            return None  # out of range: not written by us
        return Standing(ledger=ledger, slot=slot, serial=serial)
    except (ValueError, KeyError, TypeError):
        return None  # incomplete; the other one is complete


def _entries(listed: list[dict[str, Any]]) -> tuple[Entry, ...]:
    entries = tuple(
        Entry(path=str(e["path"]), bytes=int(e["bytes"]), sha256=str(e["sha256"])) for e in listed
    )
    for entry in entries:
        if not _PATH.fullmatch(entry.path) or not _SHA256.fullmatch(entry.sha256):
            raise ValueError(entry.path)
    return entries
