"""A folder of profiles -> a roster: a folder or a file for each client, named by her id."""

from datetime import date
from pathlib import Path

from voicecoach.errors import ContentError, Problem, StorageError
from voicecoach.profile import client
from voicecoach.roster import ID_WANTED, Client, Roster, Unusable, gathered, hidden, is_id


def read(folder: Path, today: date) -> Roster:
    """The clients in ``folder``, as they can be on ``today``: each folder in it with a profile.

    Raises ContentError where there is none, StorageError.
    """
    try:
        found = sorted(path for path in folder.iterdir() if client.exists(path))
    except OSError as error:
        raise StorageError(f"{folder}: cannot be read: {error.strerror}") from error
    if not found:
        message = (
            f"there is no client in this folder; each has a folder of her own, with her"
            f" {client.FILE} in it (see voicecoach init), or stands in a CSV file (see"
            " voicecoach batch --example)"
        )
        raise ContentError([_problem(folder, message)])
    return gathered((_taken(each), _entry(each, today)) for each in found)


def _entry(folder: Path, today: date) -> Client | Unusable:
    if not is_id(folder.name):
        wrong = _problem(folder, f"the name of this folder is no client id; {ID_WANTED}")
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
