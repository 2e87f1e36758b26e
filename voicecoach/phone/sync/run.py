"""A sync from beginning to end: finds the destination, looks, plans, shows and applies."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cache import Cache, LockedError
from voicecoach.errors import SyncError
from voicecoach.messages import Message, reason
from voicecoach.pack import manifest, remaining, safeguard
from voicecoach.pack.manifest import FoundPack
from voicecoach.pack.verdict import Judge
from voicecoach.phone.sync import ledger as ledgers
from voicecoach.phone.sync import steps, survey, withdrawal
from voicecoach.phone.sync.day_files import files_of_days
from voicecoach.phone.sync.destination import Destination, RenameRefusedError
from voicecoach.phone.sync.ledger import Ledger, Standing, pack_of
from voicecoach.phone.sync.steps import Step
from voicecoach.phone.sync.survey import Survey

if TYPE_CHECKING:
    from voicecoach.rendering.renderer import Reporter


@contextmanager
def alone(key: str, shown: str, cache: Cache) -> Iterator[None]:
    """Locks the destination ``key`` against other syncs of this user. Raises SyncError if one is
    running; StorageError if the lock cannot be taken."""
    name = hashlib.sha256(f"sync {key}".encode(errors="surrogateescape")).hexdigest()[:32]
    with ExitStack() as stack:
        try:
            stack.enter_context(cache.lock(name, waits=False))
        except LockedError as error:
            message = Message("errors.sync_elsewhere", shown=shown)
            raise SyncError(message) from error
        yield


ADB = "adb:"
MUSIC, OURS = "Music", "voicecoach"
"""The folder in which phones look for music; elsewhere files count as podcasts, or are ignored."""


def find_destination(named: str, out: Path) -> Destination:
    """The destination ``named``: a folder, ``adb:`` or ``adb:SERIAL``.

    Raises SyncError if it does not exist, or overlaps with the packs in ``out``.
    """
    if named.startswith(ADB):
        from voicecoach.phone.sync.adb import connect

        return connect(named.removeprefix(ADB) or None)
    return _folder(Path(named), out)


def _folder(mount: Path, out: Path) -> Destination:
    from voicecoach.phone.sync.folder import FolderDestination

    try:
        root = _root(mount)
        packs = out.resolve()
        if root.is_relative_to(packs) or packs.is_relative_to(root):
            raise SyncError(Message("errors.sync_to_itself", path=mount))
    except OSError as error:
        raise SyncError(
            Message("errors.sync_place_cannot_be_read", path=mount, reason=reason(error))
        ) from error
    return FolderDestination(root=root, mount=mount.resolve())


def _root(mount: Path) -> Path:
    """Our folder on ``mount``, with links resolved."""
    if not mount.exists():
        raise SyncError(Message("errors.sync_no_folder", path=mount))
    if not mount.is_dir():
        raise SyncError(Message("errors.sync_to_file", path=mount))
    here = mount.resolve()
    names = [part.casefold() for part in here.parts]
    if MUSIC.casefold() not in names:
        return _inside(_inside(here, MUSIC), OURS)
    return here if names[-1] == OURS else _inside(here, OURS)


def _inside(folder: Path, name: str) -> Path:
    """The folder ``name`` in ``folder``, in the spelling that exists there."""
    spelt = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    fitting = sorted(found for found in spelt if found.casefold() == name.casefold())
    inside = folder / (name if name in spelt or not fitting else fitting[0])
    if inside.exists() and not inside.is_dir():
        raise SyncError(Message("errors.sync_file_in_the_way", path=inside))
    return inside.resolve()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options of a sync."""

    named: str
    """The destination, as for :func:`voicecoach.phone.sync.run.find`."""
    out: Path
    """The folder of the packs."""
    weeks: range | str = "all"
    dry_run: bool = False
    """Only plan and show."""
    verify: bool = False
    """Read all files at the destination, and repair them."""
    one_file_a_day: bool = False
    """Also copy each day as one MP3."""
    judge: Judge | None = None
    """Who decides what is removed from the destination, of all weeks; ``None`` where nobody has
    given answers."""


def sync(
    request: Request, cache: Cache, reporter: "Reporter", show: Callable[[Survey], None]
) -> Survey:
    """Copies packs to a destination, and returns what was done.

    ``show`` receives the plan before anything is done. Raises SyncError; then the same call
    resumes where this one stopped.
    """
    destination = find_destination(request.named, request.out)
    with alone(destination.key, destination.shown, cache):
        found = manifest.find_packs(request.out, reporter.note)
        if request.judge is not None:
            _withdraw(destination, request.judge, found, reporter, dry_run=request.dry_run)
        asked = _asked(found, request.weeks, request.out)
        if request.judge is not None:
            safeguard.warn(request.judge, asked, reporter.note)
        whole = request.weeks == "all"
        more = tuple(files_of_days(asked, request.judge)) if request.one_file_a_day else ()
        view = survey.take(
            asked, destination, request.out, reporter, whole=whole, verify=request.verify, more=more
        )
        show(view)
        view.check()
        if not request.dry_run:
            _apply(view, destination, reporter)
        return view


def _asked(found: tuple[FoundPack, ...], weeks: range | str, out: Path) -> tuple[FoundPack, ...]:
    """The packs of ``weeks``. Raises SyncError if there are none, or if one is missing."""
    if isinstance(weeks, str):
        if not found:
            raise SyncError(Message("errors.sync_no_packs", out=out))
        return found
    missing = sorted(set(weeks) - {pack.manifest.week for pack in found})
    if missing:
        raise SyncError(Message("errors.sync_no_week", out=out, week=missing[0]))
    return tuple(pack for pack in found if pack.manifest.week in weeks)


def _withdraw(
    destination: Destination,
    judge: Judge,
    found: tuple[FoundPack, ...],
    reporter: "Reporter",
    *,
    dry_run: bool,
) -> None:
    """Removes from the destination what is not permitted: tracks first, then the files that list
    them. The ledger lists files until they are gone."""
    permitted = [pack for pack in found if remaining.is_permitted(pack.manifest, judge.permits)]
    taken = withdrawal.plan(destination, judge.permits, permitted)
    if dry_run:
        if taken.deletes:
            reporter.note(Message("sync.still_there", place=destination.shown))
        return
    writer = _Writer(destination, taken.standing)
    for step in taken.deletes:
        writer.do(step)
    if taken.after != taken.standing.ledger:
        writer.write(taken.before)
        for step in taken.puts:
            writer.do(step)
        writer.write(taken.after)
    for remark in withdrawal.remarks(taken, destination.shown):
        reporter.note(remark)


def _apply(found: Survey, destination: Destination, reporter: "Reporter") -> None:
    for part in found.parts:
        destination.remove(part)
    plan = found.plan
    writer = _Writer(destination, found.standing)
    if plan.steps:
        writer.write(plan.before)
        with reporter.stage(Message("terminal.syncing"), len(plan.steps)) as done:
            for step in plan.steps:
                writer.do(step)
                done(1, step.path.rpartition("/")[2])
    if plan.steps or plan.after != found.standing.ledger:
        writer.write(plan.after)


class _Writer:
    """Carries out steps, and writes the ledger before the files that it lists."""

    def __init__(self, destination: Destination, standing: Standing) -> None:
        self._destination = destination
        self._standing = standing
        self._direct = False

    def do(self, step: Step) -> None:
        """Does one step."""
        if step.wanted is None:
            self._delete(step)
            return
        data = steps.content_of(step.wanted)
        if not self._direct:
            try:
                self._destination.put(step.path, data, direct=False)
                return
            except RenameRefusedError:
                self._direct = True
                self.write(self._standing.ledger)  # records that files may be incomplete
        self._destination.put(step.path, data, direct=True)

    def write(self, ledger: Ledger) -> None:
        """Writes the ledger. If files cannot be renamed, the old ledger stays until the new one,
        beside it, is complete."""
        serial, slot = self._standing.serial + 1, self._standing.slot
        if not self._direct:
            try:
                self._put(ledger, serial, slot)
                return
            except RenameRefusedError:
                self._direct = True
        self._put(replace(ledger, direct=bool(ledger.pending)), serial, 1 - slot)

    def _put(self, ledger: Ledger, serial: int, slot: int) -> None:
        data = ledgers.write(ledger, serial)
        self._destination.put(ledgers.FILES[slot], data, direct=self._direct)
        self._standing = Standing(ledger=ledger, slot=slot, serial=serial)

    def _delete(self, step: Step) -> None:
        self._destination.remove(step.path)
        for folder in (step.pack, pack_of(step.pack)):
            self._destination.remove_folder(folder)
