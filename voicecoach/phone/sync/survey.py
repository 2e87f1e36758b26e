"""Surveys a destination: its entries, its ledger, and the plan for the packs."""

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import SyncError
from voicecoach.messages import Message
from voicecoach.pack.manifest import FoundPack
from voicecoach.phone.sync import ledger as ledgers
from voicecoach.phone.sync import plan as plans
from voicecoach.phone.sync import steps
from voicecoach.phone.sync.destination import PART, Destination, Found, Space
from voicecoach.phone.sync.ledger import Ledger, Standing, pack_of
from voicecoach.phone.sync.steps import DesiredState, Plan, needed_bytes

if TYPE_CHECKING:
    from voicecoach.rendering.renderer import Reporter

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The state of a destination before a sync, and the plan."""

    shown: str
    """The destination, for display."""
    desired: DesiredState
    plan: Plan
    standing: Standing
    parts: tuple[str, ...]
    """Incomplete files of an interrupted sync."""
    elsewhere: tuple[str, ...]
    """Packs of ours that stay at the destination without being synced."""
    space: Space | None
    silenced_by: tuple[str, ...]
    """``.nomedia`` files, which hide the packs from players."""

    def check(self) -> None:
        """Raises SyncError if the plan cannot be carried out."""
        conflicts = self.plan.conflicts
        if conflicts:
            more = len(conflicts) - _MOST_NAMED
            paths = "".join(f"\n  {path}" for path in conflicts[:_MOST_NAMED])
            if more > 0:
                paths = Message("errors.sync_more_names", paths=paths, count=more)
            raise SyncError(Message("errors.sync_names_taken", place=self.shown, paths=paths))
        if self.space is None:
            return
        missing = needed_bytes(self.plan.steps, self.space.block_bytes) - self.space.free_bytes
        if missing > 0:
            raise SyncError(
                Message(
                    "errors.sync_too_little_room", shown=self.shown, megabytes=_megabytes(missing)
                )
            )


def take(
    packs: Sequence[FoundPack],
    destination: Destination,
    out: Path,
    reporter: "Reporter",
    *,
    whole: bool,
    verify: bool,
) -> Survey:
    """Surveys ``destination`` and plans how to copy ``packs`` of ``out`` to it.

    ``whole``: these are all packs of ``out``, so others that came from it are deleted. ``verify``:
    files of ours are read, not trusted. Raises SyncError.
    """
    names = tuple(f"{pack.slug}/{pack.name}" for pack in packs)
    files = steps.files_of(packs)
    slots = (destination.read(name) for name in ledgers.FILES)
    standing = ledgers.newest(slots, destination.shown)
    desired = DesiredState(
        files=files,
        packs=names,
        gone=_gone(standing.ledger, names, out) if whole else frozenset(),
        output=output_mark(out),
    )
    there = destination.look()
    there = _with_hashes(there, desired, standing.ledger, destination, reporter, verify=verify)
    parts = tuple(found for found in there if found.path.endswith(PART))
    space = destination.space()
    return Survey(
        shown=destination.shown,
        desired=desired,
        plan=plans.make(desired, standing.ledger, plans.Sight(there)),
        standing=standing,
        parts=tuple(part.path for part in parts),
        elsewhere=tuple(
            pack
            for pack in plans.packs_in(standing.ledger)
            if pack not in names and pack not in desired.gone
        ),
        space=space
        and replace(space, free_bytes=space.free_bytes + sum(part.bytes for part in parts)),
        silenced_by=destination.silenced_by(
            sorted({folder for name in names for folder in (pack_of(name), name)})
        ),
    )


def output_mark(out: Path) -> str:
    """Identifies the folder ``out`` of this computer, without revealing either."""
    return hashlib.sha256(f"{platform.node()}\n{out.resolve()}".encode()).hexdigest()[:16]


def _gone(ledger: Ledger, names: Sequence[str], out: Path) -> frozenset[str]:
    """Packs that came from ``out`` and no longer exist; not those being built, or unreadable."""
    mark = output_mark(out)
    return frozenset(
        origin.pack
        for origin in ledger.origins
        if origin.output == mark and origin.pack not in names and not (out / origin.pack).exists()
    )


def _with_hashes(
    there: tuple[Found, ...],
    desired: DesiredState,
    ledger: Ledger,
    destination: Destination,
    reporter: "Reporter",
    *,
    verify: bool,
) -> tuple[Found, ...]:
    """The entries, with the hashes that decide the plan."""
    paths = plans.to_read(desired, ledger, plans.Sight(there), verify=verify)
    if not paths:
        return there
    hashes = {}
    with reporter.stage(Message("terminal.reading"), len(paths)) as done:
        for path in paths:
            hashes[path] = destination.sha256(path)
            done(1, path)
    return tuple(replace(found, sha256=hashes.get(found.path)) for found in there)


def _megabytes(size_bytes: int) -> str:
    return f"{max(size_bytes, 50_000) / 1e6:.1f}"
