"""What is ours at a destination, as it stands there in a file of its own. No I/O."""

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
"""Where the ledger stands. The second is used where files cannot be renamed: the one that is not
being written is whole at any time."""
FORMAT = 1
_PATH = re.compile(f"{NAME}/{NAME}/{NAME}")
"""Programme, week and file: a ledger never leads out of the folder it stands in."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SERIALS = range(10**12)
"""One that is written each second does not get beyond them in 30,000 years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of ours and what its bytes are known by."""

    path: str
    """``<programme>/week-NN/<file>``."""
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a pack came from."""

    pack: str
    """``<programme>/week-NN``."""
    output: str
    """Stands for an output folder on a computer; names neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What is ours. All in order of path."""

    files: tuple[Entry, ...] = ()
    """Files that were put there whole."""
    pending: tuple[Entry, ...] = ()
    """Files that were about to be put there. Each is there, or is not, or holds what it held."""
    direct: bool = False
    """The pending ones were written under their own names: they may also be there in part."""
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The ledger that stands at a destination."""

    ledger: Ledger = Ledger()
    slot: int = 0
    """Which of FILES holds it."""
    serial: int = 0
    """Grows with every writing; the greater one counts."""


def pack_of(path: str) -> str:
    """The pack a file belongs to."""
    return path.rpartition("/")[0]


def write(ledger: Ledger, serial: int) -> bytes:
    """The ledger as JSON."""
    content = {"format": FORMAT, "serial": serial, **asdict(ledger)}
    return (json.dumps(content, indent=1) + "\n").encode()


def newest(slots: Iterable[bytes | None], shown: str) -> Standing:
    """The ledger to go by, of what stands in FILES; an empty one where none is whole.

    Raises SyncError where a later version wrote it.
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
            return None  # no writing of ours got so far, and the next could not be told from it
        return Standing(ledger=ledger, slot=slot, serial=serial)
    except (ValueError, KeyError, TypeError):
        return None  # torn while it was written; the other one is whole


def _entries(listed: list[dict[str, Any]]) -> tuple[Entry, ...]:
    entries = tuple(
        Entry(path=str(e["path"]), bytes=int(e["bytes"]), sha256=str(e["sha256"])) for e in listed
    )
    for entry in entries:
        if not _PATH.fullmatch(entry.path) or not _SHA256.fullmatch(entry.sha256):
            raise ValueError(entry.path)
    return entries
