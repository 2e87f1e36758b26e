"""A folder of profiles -> a roster, and the files of one client."""

from datetime import date
from pathlib import Path

from voicecoach.content.programme import Programme
from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.practice.roster import ID_WANTED, Client, Roster, Unusable, gathered, hidden, is_id
from voicecoach.profile import check_ins, client, editing, profile
from voicecoach.profile import client as profile_client
from voicecoach.profile.check_ins import Tell
from voicecoach.profile.client import Hers


def read(folder: Path, today: date) -> Roster:
    """The clients in ``folder``, checked as of ``today``: each subfolder with a profile.

    Raises ContentError if there is none, StorageError.
    """
    try:
        found = sorted(path for path in folder.iterdir() if client.exists(path))
    except OSError as error:
        raise StorageError(f"{folder}: cannot be read: {error.strerror}") from error
    if not found:
        message = (
            f"there is no client in this folder; each has a folder of her own, with her"
            f" {client.FILE} in it (see voicecoach init), or is listed in a CSV file (see"
            " voicecoach batch --example)"
        )
        raise ContentError([_problem(folder, message)])
    return gathered((_taken(each), _entry(each, today)) for each in found)


def _entry(folder: Path, today: date) -> Client | Unusable:
    if not is_id(folder.name):
        wrong = _problem(folder, f"the name of this folder is not a client id; {ID_WANTED}")
        return Unusable(client=folder.name, problems=(wrong,))
    try:
        client.read(folder, today)
    except ContentError as error:
        return Unusable(client=folder.name, problems=tuple(map(hidden, error.problems)))
    except StorageError as error:
        return Unusable(client=folder.name, problems=(_problem(folder, str(error)),))
    return Client(id=folder.name, folder=folder)


def _taken(folder: Path) -> Problem:
    return _problem(folder, "another folder has this name but for capital letters")


def _problem(path: Path, message: str) -> Problem:
    return Problem(file=str(path), line=1, column=1, path="", message=message)


def open_client(
    client: Client, folder: Path, today: date, programme: Programme, tell: Tell
) -> Hers:
    """The profile and check-ins of ``client``. Values from a CSV file are saved in ``folder``, the
    client's own, as ``init`` does: so that steps count on from batch to batch, and the client can
    continue without the practice.

    Raises StorageError or ContentError, without the client's name or any date.
    """
    place = folder if client.folder is None else client.folder
    try:
        if client.folder is None:
            _keep(client, place, today, programme)
        notes: list[str] = []
        hers = profile_client.find(place, notes.append, today)
    except ContentError as error:
        raise ContentError([hidden(problem) for problem in error.problems]) from None
    if notes:
        told = place / check_ins.FILE
        tell(f"{told}: not all of it can be used; voicecoach plan, in that folder, says why")
    if hers is None:
        raise StorageError(f"{place}: her {profile_client.FILE} is gone")
    return hers


def _keep(client: Client, folder: Path, today: date, programme: Programme) -> None:
    told = client.told
    if not profile_client.exists(folder):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            known = {} if programme.is_after_birth else {"is_after_birth": False}
            new = profile.new_profile({**known, **told}, today)
            profile_client.create(folder, new, editing.unasked_keys(programme))
        except OSError as error:
            raise StorageError(f"{folder}: cannot be made: {error.strerror}") from error
        except StorageError:
            if not profile_client.exists(folder):  # another batch may have saved it first
                raise
    profile_client.change(folder, today, lambda known: profile.changed(known, told, today), told)
