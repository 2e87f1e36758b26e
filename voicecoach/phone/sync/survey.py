"""Packs and a destination -> what is there, what is ours, and the plan."""

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
from voicecoach.phone.sync.steps import Order, Plan, needed_bytes

if TYPE_CHECKING:
    from voicecoach.rendering.renderer import Reporter

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A destination before a sync, and what the sync would do."""

    shown: str
    """The destination, as a person may read it."""
    order: Order
    plan: Plan
    standing: Standing
    parts: tuple[str, ...]
    """What a sync that was stopped left half written."""
    elsewhere: tuple[str, ...]
    """Packs of ours that are there and stay, though they are not among those that are synced."""
    space: Space | None
    silenced_by: tuple[str, ...]
    """Files that keep players from seeing the packs."""

    def check(self) -> None:
        """Raises SyncError where the plan cannot be carried out."""
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
    """Looks at ``destination`` and plans how it comes to hold ``packs`` of ``out``.

    ``whole``: these are all packs of ``out``; what came from there before and is no longer there
    goes. ``verify``: files of ours are read, not trusted. Raises SyncError.
    """
    names = tuple(f"{pack.slug}/{pack.name}" for pack in packs)
    files = steps.files_of(packs)
    slots = (destination.read(name) for name in ledgers.FILES)
    standing = ledgers.newest(slots, destination.shown)
    order = Order(
        files=files,
        packs=names,
        gone=_gone(standing.ledger, names, out) if whole else frozenset(),
        output=output_mark(out),
    )
    there = destination.look()
    there = _with_hashes(there, order, standing.ledger, destination, reporter, verify=verify)
    parts = tuple(found for found in there if found.path.endswith(PART))
    space = destination.space()
    return Survey(
        shown=destination.shown,
        order=order,
        plan=plans.make(order, standing.ledger, plans.Sight(there)),
        standing=standing,
        parts=tuple(part.path for part in parts),
        elsewhere=tuple(
            pack
            for pack in plans.packs_in(standing.ledger)
            if pack not in names and pack not in order.gone
        ),
        space=space
        and replace(space, free_bytes=space.free_bytes + sum(part.bytes for part in parts)),
        silenced_by=destination.silenced_by(
            sorted({folder for name in names for folder in (pack_of(name), name)})
        ),
    )


def output_mark(out: Path) -> str:
    """Stands for the folder ``out`` of this computer, and tells nothing about either."""
    return hashlib.sha256(f"{platform.node()}\n{out.resolve()}".encode()).hexdigest()[:16]


def _gone(ledger: Ledger, names: Sequence[str], out: Path) -> frozenset[str]:
    """Packs that came from ``out`` and are no longer there: not those that are being built, or
    that cannot be read."""
    mark = output_mark(out)
    return frozenset(
        origin.pack
        for origin in ledger.origins
        if origin.output == mark and origin.pack not in names and not (out / origin.pack).exists()
    )


def _with_hashes(
    there: tuple[Found, ...],
    order: Order,
    ledger: Ledger,
    destination: Destination,
    reporter: "Reporter",
    *,
    verify: bool,
) -> tuple[Found, ...]:
    """What is there, with the hashes that decide the plan."""
    paths = plans.to_read(order, ledger, plans.Sight(there), verify=verify)
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
