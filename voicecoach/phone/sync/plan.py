"""What is wanted, what is there and what is ours -> what is to be done. No I/O.

What the ledger does not list is never overwritten and never deleted. What it lists is ours: where
it is missing or has changed, it is put there anew; but it is deleted only while it holds the bytes
that we put there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from voicecoach.phone.sync.destination import Found, Kind
from voicecoach.phone.sync.ledger import Entry, Ledger, Origin, pack_of
from voicecoach.phone.sync.steps import Act, Order, Plan, Step


class Sight:
    """What stands at the destination, found by name as a phone does: capital and small letters
    are the same, unless both stand there."""

    def __init__(self, there: Iterable[Found]) -> None:
        self._exact = {found.path: found for found in there}
        self._folded = {found.path.casefold(): found for found in self._exact.values()}

    def at(self, path: str) -> Found | None:
        """What stands at ``path``."""
        return self._exact.get(path) or self._folded.get(path.casefold())


class _Books:
    """A ledger, looked up by path."""

    def __init__(self, ledger: Ledger) -> None:
        self.listed = _by_path(ledger.files)
        self.pending = _by_path(ledger.pending)
        self._direct = ledger.direct

    def noted(self, path: str) -> list[Entry]:
        """What our file may hold, if it is whole."""
        return [by[path] for by in (self.listed, self.pending) if path in by]

    def holds_noted(self, path: str, found: Found) -> bool:
        """Whether what was read there is what we put there."""
        return found.sha256 in {entry.sha256 for entry in self.noted(path)}

    def settled(self, entry: Entry) -> bool:
        """Whether the file was put there whole, and nothing has been begun since."""
        return self.listed.get(entry.path) == entry and entry.path not in self.pending

    def maybe_torn(self, path: str) -> bool:
        """Whether our file may be there in part."""
        return self._direct and path in self.pending

    def unwanted(self, order: Order) -> list[str]:
        """Paths of ours, of packs that are synced or gone, that are not wanted any more."""
        wanted = {file.entry.path for file in order.files}
        scope = {*order.packs, *order.gone}
        ours = self.listed.keys() | self.pending.keys()
        return sorted(path for path in ours - wanted if pack_of(path) in scope)


def to_read(order: Order, ledger: Ledger, sight: Sight, *, verify: bool) -> tuple[str, ...]:
    """Paths, as they are spelt there, whose bytes decide what is to be done.

    A file that is ours and has its size is trusted, unless ``verify`` asks.
    """
    books = _Books(ledger)
    paths = []
    for file in order.files:
        path, found = file.entry.path, sight.at(file.entry.path)
        sizes = {file.entry.bytes}
        if found is not None and found.path != path:
            sizes |= {entry.bytes for entry in books.noted(path)}
        elif books.settled(file.entry) and not verify:
            continue
        paths += _readable(found, sizes)
    for path in books.unwanted(order):
        paths += _readable(sight.at(path), {entry.bytes for entry in books.noted(path)})
    return tuple(paths)


def make(order: Order, ledger: Ledger, sight: Sight) -> Plan:
    """The plan; ``sight`` knows the hashes of all that :func:`to_read` names."""
    books = _Books(ledger)
    conflicts = _blocked(order, sight)
    puts: list[Step] = []
    for file in order.files:
        entry, found = file.entry, sight.at(file.entry.path)
        if found is None:
            puts.append(Step(act=Act.COPY, path=entry.path, bytes=entry.bytes, wanted=file))
        elif not _is_ours(entry, found, books):
            conflicts.append(found.path)
        elif not _is_right(entry, found, books):
            puts.append(
                Step(
                    act=Act.REPLACE,
                    path=entry.path,
                    bytes=entry.bytes,
                    before_bytes=found.bytes,
                    wanted=file,
                )
            )
    deletes, kept = _clear(order, books, sight)
    return Plan(
        steps=tuple(_in_order(order, puts, deletes)),
        conflicts=tuple(dict.fromkeys(conflicts)),
        kept=tuple(kept),
        before=_before(ledger, puts),
        after=_after(order, ledger, books),
    )


def packs_in(ledger: Ledger) -> tuple[str, ...]:
    """The packs of which files of ours are there, or may be."""
    return tuple(sorted({pack_of(entry.path) for entry in (*ledger.files, *ledger.pending)}))


def _readable(found: Found | None, sizes: set[int]) -> list[str]:
    wanted = found is not None and found.kind is Kind.FILE and found.bytes in sizes
    return [found.path] if found is not None and wanted else []


def _is_ours(entry: Entry, found: Found, books: _Books) -> bool:
    """Whether we may write there: our ledger lists it, or it holds the very bytes we would put
    there. In another spelling it is ours on some file systems alone, so its bytes decide."""
    if found.kind is not Kind.FILE:
        return False
    if found.path != entry.path:
        return books.holds_noted(entry.path, found)
    listed = entry.path in books.listed or books.maybe_torn(entry.path)
    return listed or found.sha256 == entry.sha256


def _is_right(entry: Entry, found: Found, books: _Books) -> bool:
    """Whether our file holds what it should."""
    if found.sha256 is None:
        return books.settled(entry) and (found.path, found.bytes) == (entry.path, entry.bytes)
    return found.sha256 == entry.sha256


def _blocked(order: Order, sight: Sight) -> list[str]:
    """Folders we need where something else stands."""
    folders = {folder for pack in order.packs for folder in (pack_of(pack), pack)}
    return [
        found.path
        for folder in sorted(folders)
        if (found := sight.at(folder)) is not None and found.kind is not Kind.FOLDER
    ]


def _clear(order: Order, books: _Books, sight: Sight) -> tuple[list[Step], list[str]]:
    """What is to be deleted, and what is not because somebody has changed it."""
    deletes, kept = [], []
    for path in books.unwanted(order):
        found = sight.at(path)
        if found is None:
            continue
        torn = books.maybe_torn(path) and found.path == path
        if found.kind is Kind.FILE and (torn or books.holds_noted(path, found)):
            deletes.append(Step(act=Act.DELETE, path=found.path, bytes=found.bytes))
        else:
            kept.append(found.path)
    return deletes, kept


def _in_order(order: Order, puts: list[Step], deletes: list[Step]) -> Iterable[Step]:
    """Whole packs that go make room first. In a pack nothing goes until its playlists are new."""
    synced = {pack.casefold() for pack in order.packs}
    yield from reversed([step for step in deletes if step.pack.casefold() not in synced])
    for pack in order.packs:
        yield from (step for step in puts if step.pack == pack)
        yield from (step for step in deletes if step.pack.casefold() == pack.casefold())


def _before(ledger: Ledger, puts: list[Step]) -> Ledger:
    begun = {step.path: step.wanted.entry for step in puts if step.wanted is not None}
    return replace(ledger, pending=_sorted(_by_path(ledger.pending) | begun))


def _after(order: Order, ledger: Ledger, books: _Books) -> Ledger:
    wanted = {file.entry.path: file.entry for file in order.files}
    settled = {*books.unwanted(order), *wanted}
    pending = {path: entry for path, entry in books.pending.items() if path not in settled}
    files = {path: entry for path, entry in books.listed.items() if path not in settled}
    origins = {o.pack: o for o in ledger.origins if o.pack not in order.gone}
    origins |= {pack: Origin(pack=pack, output=order.output) for pack in order.packs}
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
