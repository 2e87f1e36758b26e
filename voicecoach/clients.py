"""A client of a roster -> what she told, in files of her own folder."""

from datetime import date
from pathlib import Path

from voicecoach.errors import ContentError, StorageError
from voicecoach.profile import check_ins, profile
from voicecoach.profile import client as profile_client
from voicecoach.profile.check_ins import Tell
from voicecoach.profile.client import Hers
from voicecoach.roster import Client, hidden


def open_client(client: Client, folder: Path, today: date, tell: Tell) -> Hers:
    """What ``client`` told. If she stands in a CSV file, it is kept in ``folder``, which is hers,
    as ``init`` would: so her steps count on from batch to batch, and she can go on by herself.

    Raises StorageError, ContentError; none of them tells her name or a day of hers.
    """
    place = folder if client.folder is None else client.folder
    try:
        if client.folder is None:
            _keep(client, place, today)
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


def _keep(client: Client, folder: Path, today: date) -> None:
    told = client.told
    if not profile_client.exists(folder):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            profile_client.create(folder, profile.new_profile(told, today))
        except OSError as error:
            raise StorageError(f"{folder}: cannot be made: {error.strerror}") from error
        except StorageError:
            if not profile_client.exists(folder):  # or another batch was quicker
                raise
    profile_client.change(folder, today, lambda known: profile.changed(known, told, today), told)
