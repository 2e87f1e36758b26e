"""Expected files, existing entries and the ledger -> the steps to do. No I/O.

Files that the ledger does not list are never overwritten or deleted. Files that it lists are ours:
if missing or changed, they are written again; but they are deleted only while they have the bytes
that we wrote.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from voicecoach.phone.sync.destination import Found, Kind
from voicecoach.phone.sync.ledger import Entry, Ledger, Origin, pack_of
from voicecoach.phone.sync.steps import Act, DesiredState, Plan, Step


class Sight:
    """The entries at the destination, looked up as a phone does: ignoring case, unless entries
    differ only in case."""

    def __init__(self, there: Iterable[Found]) -> None:
        self._exact = {found.path: found for found in there}
        self._folded = {found.path.casefold(): found for found in self._exact.values()}

    def at(self, path: str) -> Found | None:
        """The entry at ``path``."""
        return self._exact.get(path) or self._folded.get(path.casefold())


class _Index:
    """A ledger, looked up by path."""

    def __init__(self, ledger: Ledger) -> None:
        self.listed = _by_path(ledger.files)
        self.pending = _by_path(ledger.pending)
        self._direct = ledger.direct

    def noted(self, path: str) -> list[Entry]:
        """The contents that our file may have, if it is complete."""
        return [by[path] for by in (self.listed, self.pending) if path in by]

    def holds_noted(self, path: str, found: Found) -> bool:
        """Whether the content read is one that we wrote."""
        return found.sha256 in {entry.sha256 for entry in self.noted(path)}

    def settled(self, entry: Entry) -> bool:
        """Whether the file was written completely, with no write begun since."""
        return self.listed.get(entry.path) == entry and entry.path not in self.pending

    def maybe_torn(self, path: str) -> bool:
        """Whether our file may be incomplete."""
        return self._direct and path in self.pending

    def unwanted(self, desired: DesiredState) -> list[str]:
        """Our files, in packs that are synced or gone, that are no longer expected."""
        wanted = {file.entry.path for file in desired.files}
        scope = {*desired.packs, *desired.gone}
        ours = self.listed.keys() | self.pending.keys()
        return sorted(path for path in ours - wanted if pack_of(path) in scope)


def to_read(
    desired: DesiredState, ledger: Ledger, sight: Sight, *, verify: bool
) -> tuple[str, ...]:
    """Paths, in the spelling of the destination, whose bytes decide the plan.

    A file of ours with the right size is trusted, unless ``verify``.
    """
    index = _Index(ledger)
    paths = []
    for file in desired.files:
        path, found = file.entry.path, sight.at(file.entry.path)
        sizes = {file.entry.bytes}
        if found is not None and found.path != path:
            sizes |= {entry.bytes for entry in index.noted(path)}
        elif index.settled(file.entry) and not verify:
            continue
        paths += _readable(found, sizes)
    for path in index.unwanted(desired):
        paths += _readable(sight.at(path), {entry.bytes for entry in index.noted(path)})
    return tuple(paths)


def make(desired: DesiredState, ledger: Ledger, sight: Sight) -> Plan:
    """The plan; ``sight`` must have the hashes of all paths of :func:`to_read`."""
    index = _Index(ledger)
    conflicts = _blocked(desired, sight)
    puts: list[Step] = []
    for file in desired.files:
        entry, found = file.entry, sight.at(file.entry.path)
        if found is None:
            puts.append(Step(act=Act.COPY, path=entry.path, bytes=entry.bytes, wanted=file))
        elif not _is_ours(entry, found, index):
            conflicts.append(found.path)
        elif not _is_right(entry, found, index):
            puts.append(
                Step(
                    act=Act.REPLACE,
                    path=entry.path,
                    bytes=entry.bytes,
                    before_bytes=found.bytes,
                    wanted=file,
                )
            )
    deletes, kept = _clear(desired, index, sight)
    return Plan(
        steps=tuple(_in_order(desired, puts, deletes)),
        conflicts=tuple(dict.fromkeys(conflicts)),
        kept=tuple(kept),
        before=_before(ledger, puts),
        after=_after(desired, ledger, index),
    )


def packs_in(ledger: Ledger) -> tuple[str, ...]:
    """The packs that have, or may have, files of ours."""
    return tuple(sorted({pack_of(entry.path) for entry in (*ledger.files, *ledger.pending)}))


def _readable(found: Found | None, sizes: set[int]) -> list[str]:
    wanted = found is not None and found.kind is Kind.FILE and found.bytes in sizes
    return [found.path] if found is not None and wanted else []


def _is_ours(entry: Entry, found: Found, index: _Index) -> bool:
    """Whether we may write there: the ledger lists it, or it already has the expected bytes. In
    another spelling it is the same file only on some file systems, so its bytes decide."""
    if found.kind is not Kind.FILE:
        return False
    if found.path != entry.path:
        return index.holds_noted(entry.path, found)
    listed = entry.path in index.listed or index.maybe_torn(entry.path)
    return listed or found.sha256 == entry.sha256


def _is_right(entry: Entry, found: Found, index: _Index) -> bool:
    """Whether our file has the expected content."""
    if found.sha256 is None:
        return index.settled(entry) and (found.path, found.bytes) == (entry.path, entry.bytes)
    return found.sha256 == entry.sha256


def _blocked(desired: DesiredState, sight: Sight) -> list[str]:
    """Paths where we need a folder, but something else exists."""
    folders = {folder for pack in desired.packs for folder in (pack_of(pack), pack)}
    return [
        found.path
        for folder in sorted(folders)
        if (found := sight.at(folder)) is not None and found.kind is not Kind.FOLDER
    ]


def _clear(desired: DesiredState, index: _Index, sight: Sight) -> tuple[list[Step], list[str]]:
    """Steps that delete, and paths that stay because somebody has changed them."""
    deletes, kept = [], []
    for path in index.unwanted(desired):
        found = sight.at(path)
        if found is None:
            continue
        torn = index.maybe_torn(path) and found.path == path
        if found.kind is Kind.FILE and (torn or index.holds_noted(path, found)):
            deletes.append(Step(act=Act.DELETE, path=found.path, bytes=found.bytes))
        else:
            kept.append(found.path)
    return deletes, kept


def _in_order(desired: DesiredState, puts: list[Step], deletes: list[Step]) -> Iterable[Step]:
    """Deletes whole packs first, to make room. In other packs, deletes files only after their
    playlists were updated."""
    synced = {pack.casefold() for pack in desired.packs}
    yield from reversed([step for step in deletes if step.pack.casefold() not in synced])
    for pack in desired.packs:
        yield from (step for step in puts if step.pack == pack)
        yield from (step for step in deletes if step.pack.casefold() == pack.casefold())


def _before(ledger: Ledger, puts: list[Step]) -> Ledger:
    begun = {step.path: step.wanted.entry for step in puts if step.wanted is not None}
    return replace(ledger, pending=_sorted(_by_path(ledger.pending) | begun))


def _after(desired: DesiredState, ledger: Ledger, index: _Index) -> Ledger:
    wanted = {file.entry.path: file.entry for file in desired.files}
    settled = {*index.unwanted(desired), *wanted}
    pending = {path: entry for path, entry in index.pending.items() if path not in settled}
    files = {path: entry for path, entry in index.listed.items() if path not in settled}
    origins = {o.pack: o for o in ledger.origins if o.pack not in desired.gone}
    origins |= {pack: Origin(pack=pack, output=desired.output) for pack in desired.packs}
    return Ledger(
        files=_sorted(files | wanted),
        pending=_sorted(pending),
        direct=ledger.direct and bool(pending),
        origins=tuple(origins[pack] for pack in sorted(origins)),
    )


def _by_path(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.path: entry for entry in entries}


def _sorted(entries: Mapping[str, Entry]) -> tuple[Entry, ...]:
    return tuple(entries[path] for path in sorted(entries))
