"""Packs and a destination -> what is there, what is ours, the plan, and how it is shown."""

import hashlib
import json
import math
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import SyncError
from voicecoach.letters import TABLE_COLUMNS, wrapped
from voicecoach.messages import Message, Words
from voicecoach.pack.manifest import FoundPack
from voicecoach.phone.sync import ledger as ledgers
from voicecoach.phone.sync import plan as plans
from voicecoach.phone.sync import steps
from voicecoach.phone.sync.destination import PART, Destination, Found, Space
from voicecoach.phone.sync.ledger import Ledger, Standing, pack_of
from voicecoach.phone.sync.steps import Act, DesiredFile, DesiredState, Plan, Step, needed_bytes

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
    more: tuple[DesiredFile, ...] = (),
) -> Survey:
    """Surveys ``destination`` and plans how to copy ``packs`` of ``out`` to it.

    ``whole``: these are all packs of ``out``, so others that came from it are deleted. ``verify``:
    files of ours are read, not trusted. ``more`` files belong there too. Raises SyncError.
    """
    names = tuple(f"{pack.slug}/{pack.name}" for pack in packs)
    files = (*steps.files_of(packs), *more)
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


def table(survey: Survey, said: Words, columns: int = TABLE_COLUMNS) -> str:
    """What will be done, by week, in the words ``said``; at most ``columns`` wide, except for the
    name of the place."""
    if not survey.plan.steps:
        return f"{survey.shown}\n  {said('sync.nothing_to_do', totals=_totals(survey, said))}"
    lines = [survey.shown]
    programme = None
    for pack in sorted({*survey.desired.packs, *survey.desired.gone}):
        if pack_of(pack) != programme:
            programme = pack_of(pack)
            lines += ["", f"  {programme}"]
        what = ", ".join(_counts(survey, pack, said)) or said("sync.nothing")
        gone = f"  {said('sync.gone')}" if pack in survey.desired.gone else ""
        start = f"    {pack.rpartition('/')[2]:<9} "
        lines += wrapped(f"{what}{gone}", columns, start=start, indent=" " * len(start))
    return "\n".join(lines)


def remarks(survey: Survey) -> Iterator[Message]:
    """Warnings, in whole sentences."""
    for path in survey.silenced_by:
        yield Message("sync.silenced", path=path)
    if survey.plan.kept:
        yield Message("sync.kept", paths=", ".join(survey.plan.kept[:_MOST_NAMED]))
    if survey.elsewhere:
        yield Message("sync.elsewhere", count=len(survey.elsewhere))


def done_line(survey: Survey, said: Words, columns: int = TABLE_COLUMNS) -> str:
    """What was done, in the words ``said``; empty if nothing was."""
    if not survey.plan.steps:
        return ""
    return "\n".join(wrapped(said("sync.done", totals=_totals(survey, said)), columns))


def plan_json(survey: Survey) -> str:
    """The plan as JSON."""
    content = {
        "destination": survey.shown,
        **{
            act.value: [{"file": step.path, "bytes": step.bytes} for step in survey.plan.of(act)]
            for act in Act
        },
        "conflicts": survey.plan.conflicts,
        "kept": survey.plan.kept,
        "elsewhere": survey.elsewhere,
        "silenced_by": survey.silenced_by,
        "free_bytes": survey.space and survey.space.free_bytes,
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _counts(survey: Survey, pack: str, said: Words) -> Iterator[str]:
    for act in Act:
        steps = survey.plan.of(act, pack)
        if steps:
            yield said(
                f"sync.steps.{act.value}", count=len(steps), megabytes=_steps_megabytes(steps)
            )


def _totals(survey: Survey, said: Words) -> str:
    files = survey.desired.files
    size = sum(file.entry.bytes for file in files) / 1e6
    weeks = len(survey.desired.packs)
    return said("sync.totals", count=weeks, files=len(files), megabytes=f"{size:.1f}")


def _steps_megabytes(steps: Sequence[Step]) -> str:
    return f"{math.ceil(sum(step.bytes for step in steps) / 1e5) / 10:.1f}"
