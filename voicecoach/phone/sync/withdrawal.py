"""Plans how to remove from a destination what is not permitted.

Every pack of ours there is judged: the output folder may be empty, or have other weeks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from voicecoach.errors import StorageError
from voicecoach.messages import Message
from voicecoach.pack import manifest, remaining, withdrawal
from voicecoach.pack.manifest import PAGE_FILE, FoundPack, Manifest
from voicecoach.pack.remaining import Permits
from voicecoach.pack.withdrawal import Withdrawn
from voicecoach.phone.sync import ledger as ledgers
from voicecoach.phone.sync.day_files import names_without
from voicecoach.phone.sync.destination import Destination, Found, Kind
from voicecoach.phone.sync.ledger import Entry, Ledger, Standing, pack_of
from voicecoach.phone.sync.plan import Sight, packs_in
from voicecoach.phone.sync.steps import Act, DesiredFile, Step

_Read = Callable[[str], bytes | None]
"""Returns the content of a small file; ``None`` if there is no file."""
_Noted = Mapping[str, frozenset[tuple[int, str]]]
"""Size and hash of everything that we may have written, by path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """The files to remove, and the ledgers before and after replacing the others."""

    deletes: tuple[Step, ...]
    kept: tuple[str, ...]
    """Tracks that somebody changed, so that we may not delete them."""
    puts: tuple[Step, ...]
    standing: Standing
    before: Ledger
    after: Ledger


def plan(place: Destination, permits: Permits, packs: Iterable[FoundPack]) -> Removal:
    """Plans what to remove from ``place``. Raises SyncError.

    Everything in ``packs``, those of the output folder, is permitted. If the pack.json of a pack
    cannot be trusted, all other files of ours in it are removed, and so are other files of an
    interrupted sync that pack.json does not list yet.
    """
    here = {
        f"{pack.slug}/{pack.name}/{entry.file}": entry.sha256
        for pack in packs
        for entry in pack.manifest.all_files
    }
    standing = ledgers.newest((place.read(name) for name in ledgers.FILES), place.shown)
    ledger, sight = standing.ledger, Sight(place.look())

    def read(path: str) -> bytes | None:
        found = sight.at(path)
        return place.read(found.path) if found is not None and found.kind is Kind.FILE else None

    deletes: list[Step] = []
    kept: list[str] = []
    unwanted: set[str] = set()
    wanted: dict[str, bytes] = {}
    for pack in packs_in(ledger):
        noted = _noted(ledger, pack)
        stay, changed = _left(pack, noted, read, permits)
        stay |= {
            path for path, known in noted.items() if {sha for _, sha in known} == {here.get(path)}
        }
        wanted |= changed
        unwanted |= noted.keys() - stay
        for path in sorted(noted.keys() - stay, key=_sound_first):
            found = sight.at(path)
            if found is None:
                continue
            is_torn = ledger.direct and any(path == entry.path for entry in ledger.pending)
            if is_torn or _is_as_put(found, noted[path], place):
                deletes.append(Step(act=Act.DELETE, path=found.path, bytes=found.bytes))
            elif path.endswith(".mp3"):
                kept.append(found.path)
    puts = tuple(_put(path, data) for path, data in wanted.items())
    new = {step.path: step.wanted.entry for step in puts if step.wanted is not None}
    files_left = {e.path: e for e in ledger.files if e.path not in unwanted}
    pending = {e.path: e for e in ledger.pending if e.path not in {*unwanted, *new}}
    after = replace(
        ledger,
        files=_sorted(files_left | new),
        pending=_sorted(pending),
        direct=ledger.direct and bool(pending),
    )
    return Removal(
        deletes=tuple(deletes),
        kept=tuple(kept),
        puts=puts,
        standing=standing,
        before=replace(ledger, files=_sorted(files_left), pending=_sorted(pending | new)),
        after=after,
    )


def remarks(taken: Removal, shown: str) -> Iterator[str]:
    """What was done, and warnings, in whole sentences."""
    sound = [step for step in taken.deletes if step.path.endswith(".mp3")]
    if sound:
        names = dict.fromkeys(step.pack.rpartition("/")[2] for step in sound)
        yield withdrawal.sentence(Withdrawn(sessions=len(sound), packs=tuple(names)), shown)
    for path in taken.kept:
        yield Message("sync.kept_there", path=path)


def _noted(ledger: Ledger, pack: str) -> _Noted:
    noted: dict[str, set[tuple[int, str]]] = {}
    for entry in (*ledger.files, *ledger.pending):
        if pack_of(entry.path) == pack:
            noted.setdefault(entry.path, set()).add((entry.bytes, entry.sha256))
    return {path: frozenset(known) for path, known in noted.items()}


def _left(
    pack: str, noted: _Noted, read: _Read, permits: Permits
) -> tuple[set[str], dict[str, bytes]]:
    """Our paths that stay in ``pack``, and the new content of those that change, pack.json last."""
    listed = _manifest(pack, noted, read)
    if listed is None:
        return set(), {}
    names = {*(entry.file for entry in listed.all_files), manifest.FILE, *names_without(listed)}
    stay = {path for path in noted if path.rpartition("/")[2] in names}
    if len(stay) == len(noted) and remaining.is_permitted(listed, permits):
        return stay, {}  # the usual case; reading more is slow
    left = remaining.permitted(listed, read(f"{pack}/{PAGE_FILE}"), permits)
    if left.is_empty:
        return set(), {}
    lost = {entry.file for entry in left.gone}
    lost |= names_without(listed) - names_without(listed, lost)
    stay -= {f"{pack}/{file}" for file in lost}
    files = {f"{pack}/{file}": data for file, data in left.files.items()}
    return stay, {p: data for p, data in files.items() if p in stay and read(p) != data}


def _manifest(pack: str, noted: _Noted, read: _Read) -> Manifest | None:
    """The manifest of ``pack``; ``None`` if it is missing, incomplete or not ours."""
    path = f"{pack}/{manifest.FILE}"
    data = read(path)
    if data is None or (len(data), sha256(data).hexdigest()) not in noted.get(path, ()):
        return None
    try:
        return manifest.parse(data, Path(path))
    except StorageError:
        return None


def _is_as_put(found: Found, known: frozenset[tuple[int, str]], place: Destination) -> bool:
    """Whether the file has the content that we wrote."""
    if found.kind is not Kind.FILE or found.bytes not in {size for size, _ in known}:
        return False
    return place.sha256(found.path) in {digest for _, digest in known}


def _put(path: str, data: bytes) -> Step:
    entry = Entry(path=path, bytes=len(data), sha256=sha256(data).hexdigest())
    wanted = DesiredFile(entry=entry, source=data)
    return Step(act=Act.REPLACE, path=path, bytes=len(data), wanted=wanted)


def _sound_first(path: str) -> tuple[bool, str]:
    return not path.endswith(".mp3"), path


def _sorted(entries: Mapping[str, Entry]) -> tuple[Entry, ...]:
    return tuple(entries[path] for path in sorted(entries))
