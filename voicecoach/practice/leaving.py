"""What leaves a batch: clients no longer in the roster, and packs of weeks that are over."""

from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from voicecoach import private_files
from voicecoach.cache import Cache
from voicecoach.errors import StorageError, VoicecoachError
from voicecoach.pack import greeting, layout, manifest, places, withdrawal
from voicecoach.pack.manifest import Manifest, TrackEntry
from voicecoach.practice.order import Order
from voicecoach.practice.report import Outcome, State
from voicecoach.practice.roster import Client, Roster, is_id
from voicecoach.profile import client as profile_client

Note = Callable[[str], None]


def ids_of(roster: Roster) -> set[str]:
    """Every id in ``roster``, in small letters; also of those who cannot be served."""
    listed = (*(each.id for each in roster.clients), *(each.client for each in roster.unusable))
    return {id_.lower() for id_ in listed}


def left(out: Path, roster: Roster) -> list[str]:
    """The ids of clients with a folder of ours in ``out`` who are not in ``roster``, in order.
    Raises StorageError."""
    try:
        found = sorted(path for path in out.iterdir() if not path.is_symlink() and path.is_dir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(f"{out}: cannot be read: {error.strerror}") from error
    known = ids_of(roster)
    return [path.name for path in found if path.name.lower() not in known and _is_hers(path)]


def _is_hers(folder: Path) -> bool:
    """Whether ``folder`` is a client's, and ours."""
    if not is_id(folder.name):
        return False
    has_answers = profile_client.exists(folder) or (folder / places.FILE).exists()
    return has_answers or bool(manifest.find_packs(folder, lambda remark: None))


def outcomes(order: Order, roster: Roster, cache: Cache, note: Note) -> Iterator[Outcome]:
    """The outcome of each client who is no longer in ``roster``; deletes her old packs."""
    for id_ in left(order.out, roster):
        folder = order.out / id_
        try:
            hers = profile_client.find(folder, lambda remark: None, order.today)
            if hers is not None:
                remove_old_packs(folder, hers.week - order.keep_weeks, (), cache)
        except VoicecoachError:
            note(f"{folder}: her answers cannot be read, so her old packs stay")
        yield Outcome(client=id_, state=State.LEFT, reason="she is no longer in the roster")


def keep_moved(out: Path, roster: Roster, today: date, note: Note) -> None:
    """Renames the folder of a client who got another id, so that she keeps the day on which she
    began, her check-ins and her packs. She is known by her name and her date of birth together,
    if only one client left who has both, and only one came. Raises StorageError."""
    new = [c for c in roster.clients if c.folder is None and not (out / c.id).exists()]
    came = [_told(client) for client in new]
    if not any(came):
        return
    gone = [(id_, _kept(out / id_, today)) for id_ in left(out, roster)]
    for client in new:
        key = _told(client)
        before = [id_ for id_, kept in gone if kept is not None and kept == key]
        if len(before) == 1 and came.count(key) == 1:
            try:
                (out / before[0]).rename(out / client.id)
            except OSError as error:
                raise StorageError(
                    f"{out / client.id}: cannot be made: {error.strerror}"
                ) from error
            note(f"{before[0]} is now {client.id}: her name and date of birth are the same")


def _told(client: Client) -> tuple[object, object] | None:
    name, birth_date = client.told.get("name"), client.told.get("birth_date")
    return (name, birth_date) if name and birth_date else None


def _kept(folder: Path, today: date) -> tuple[object, object] | None:
    try:
        profile = profile_client.read(folder, today)
    except VoicecoachError:
        return None
    return (profile.name, profile.birth_date) if profile.name else None


def kept_of(folder: Path) -> list[Path]:
    """What of ours is in the folder of a client: packs, the sound of her name, her answers. Raises
    StorageError."""
    if not folder.is_dir() or folder.is_symlink():
        return []
    packs = [pack.folder for pack in manifest.find_packs(folder, lambda remark: None)]
    own = folder / greeting.OWN_FOLDER
    memory = folder / places.FILE
    some = [path for path in (own, memory) if path.exists()]
    return [*packs, *some, *private_files.kept_in(folder)]


def forget(folder: Path, cache: Cache, note: Note) -> None:
    """Deletes what of ours is in the folder of a client, and the folder if nothing else is in it;
    ``note`` receives what stays. Raises StorageError."""
    kept = kept_of(folder)
    programmes = {path.parent for path in manifest.folders_of_packs(folder)}
    withdrawn = withdrawal.withdraw([folder], cache, lambda listed, track: False)
    for doubt in withdrawn.doubts:
        note(doubt)
    Cache(root=folder / greeting.OWN_FOLDER).clear()
    private_files.remove_parts(folder)
    for path in (path for path in kept if path.is_file()):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{path}: cannot be removed: {error.strerror}") from error
    for below in (*programmes, folder / greeting.OWN_FOLDER, folder):
        with suppress(OSError):  # something else is in it
            below.rmdir()
    if folder.exists():
        note(f"{folder}: holds files that are not ours; they stay")


def remove_old_packs(folder: Path, oldest_week: int, asked: Container[int], cache: Cache) -> None:
    """Deletes the packs below ``folder`` of weeks before ``oldest_week``, but those that are
    ``asked`` for. Raises StorageError."""
    names = {layout.folder_name(week) for week in range(1, oldest_week) if week not in asked}
    old = [path for path in manifest.folders_of_packs(folder) if path.name in names]
    if not old:
        return

    def is_kept(listed: Manifest, track: TrackEntry) -> bool:
        return listed.week >= oldest_week or listed.week in asked

    withdrawal.withdraw([folder], cache, is_kept)
    for programme in {path.parent for path in old}:
        with suppress(OSError):  # other packs are in it
            programme.rmdir()
