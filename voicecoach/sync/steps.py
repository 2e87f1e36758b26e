"""The steps of a sync, and the room they take. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from voicecoach.sync.ledger import Ledger, pack_of
from voicecoach.sync.wanted import Wanted

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
    """Where the packs come from; see :class:`voicecoach.sync.ledger.Origin`."""


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
