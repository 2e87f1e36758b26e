"""A destination -> what has to be done there so that nothing of ours offers contractions.

It goes by what is at the destination alone: the output may be empty, or hold other weeks.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from voicecoach.errors import StorageError
from voicecoach.messages import Message
from voicecoach.pack import manifest, remaining, withdrawal
from voicecoach.pack.manifest import PAGE_FILE, Manifest
from voicecoach.pack.withdrawal import Withdrawn
from voicecoach.phone.sync import ledger as ledgers
from voicecoach.phone.sync.destination import Destination, Found, Kind
from voicecoach.phone.sync.ledger import Entry, Ledger, Standing, pack_of
from voicecoach.phone.sync.plan import Sight, packs_in
from voicecoach.phone.sync.steps import Act, Step, Wanted

_Read = Callable[[str], bytes | None]
"""What a small file at a path holds; ``None`` where there is none."""
_Noted = Mapping[str, frozenset[tuple[int, str]]]
"""By path, size and hash of all that we may have put there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What is to be taken off, and what our ledger says before and after the rest is put there."""

    deletes: tuple[Step, ...]
    kept: tuple[str, ...]
    """Sound that is not what we put there any more: it is not ours to delete."""
    puts: tuple[Step, ...]
    standing: Standing
    before: Ledger
    after: Ledger


def plan(place: Destination) -> Taking:
    """What is to be taken off ``place``. Raises SyncError.

    Of a pack whose pack.json cannot be trusted all that is ours goes. So does what an interrupted
    sync put there and pack.json does not list yet: the sync that follows puts it there again.
    """
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
        stay, changed = _left(pack, noted, read)
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
    return Taking(
        deletes=tuple(deletes),
        kept=tuple(kept),
        puts=puts,
        standing=standing,
        before=replace(ledger, files=_sorted(files_left), pending=_sorted(pending | new)),
        after=after,
    )


def remarks(taken: Taking, shown: str) -> Iterator[str]:
    """What was done, and what to mind, in whole sentences."""
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


def _left(pack: str, noted: _Noted, read: _Read) -> tuple[set[str], dict[str, bytes]]:
    """The paths of ours that stay in ``pack``, and what those that change are to hold: pack.json
    last."""
    listed = _manifest(pack, noted, read)
    if listed is None:
        return set(), {}
    names = {*(entry.file for entry in listed.all_files), manifest.FILE}
    stay = {path for path in noted if path.rpartition("/")[2] in names}
    if len(stay) == len(noted) and not remaining.may_have_contractions(listed):
        return stay, {}  # the usual case, told by pack.json alone: reading more takes time
    left = remaining.without_contractions(listed, read(f"{pack}/{PAGE_FILE}"))
    if left.is_empty:
        return set(), {}
    stay -= {f"{pack}/{entry.file}" for entry in left.gone}
    files = {f"{pack}/{file}": data for file, data in left.files.items()}
    return stay, {p: data for p, data in files.items() if p in stay and read(p) != data}


def _manifest(pack: str, noted: _Noted, read: _Read) -> Manifest | None:
    """What our pack.json there says; ``None`` where there is none that is ours and whole."""
    path = f"{pack}/{manifest.FILE}"
    data = read(path)
    if data is None or (len(data), sha256(data).hexdigest()) not in noted.get(path, ()):
        return None
    try:
        return manifest.parse(data, Path(path))
    except StorageError:
        return None


def _is_as_put(found: Found, known: frozenset[tuple[int, str]], place: Destination) -> bool:
    """Whether the file holds what we put there."""
    if found.kind is not Kind.FILE or found.bytes not in {size for size, _ in known}:
        return False
    return place.sha256(found.path) in {digest for _, digest in known}


def _put(path: str, data: bytes) -> Step:
    entry = Entry(path=path, bytes=len(data), sha256=sha256(data).hexdigest())
    wanted = Wanted(entry=entry, source=data)
    return Step(act=Act.REPLACE, path=path, bytes=len(data), wanted=wanted)


def _sound_first(path: str) -> tuple[bool, str]:
    return not path.endswith(".mp3"), path


def _sorted(entries: Mapping[str, Entry]) -> tuple[Entry, ...]:
    return tuple(entries[path] for path in sorted(entries))
